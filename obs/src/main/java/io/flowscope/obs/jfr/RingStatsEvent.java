package io.flowscope.obs.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Period;
import jdk.jfr.StackTrace;

/** What a source of packets has received and lost so far. */
@Name("flowscope.RingStats")
@Label("Ring Statistics")
@Category("Flowscope")
@Description("Packets that a source has received and lost since it was opened")
@Period("1 s")
@StackTrace(false)
public final class RingStatsEvent extends Event {
    /** The source's name. */
    @Label("Source")
    public String source = "";

    /** Packets received or lost. */
    @Label("Packets")
    public long packets;

    /** Packets lost. */
    @Label("Drops")
    public long drops;

    /** How often the ring was full. */
    @Label("Freezes")
    public long freezes;

    /** An event that is not yet filled. */
    public RingStatsEvent() {}
}
