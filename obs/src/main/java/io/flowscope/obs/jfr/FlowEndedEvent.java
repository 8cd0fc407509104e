package io.flowscope.obs.jfr;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** A flow has ended; whose it was is not told. */
@Name("flowscope.FlowEnded")
@Label("Flow Ended")
@Category("Flowscope")
@Description("A flow has left the table")
@StackTrace(false)
public final class FlowEndedEvent extends Event {
    /** Transport: tcp, udp or other. */
    @Label("Transport")
    public String l4 = "";

    /** Why it ended. */
    @Label("Reason")
    public String reason = "";

    /** Packets of both sides. */
    @Label("Packets")
    public long packets;

    /** Bytes of both sides on the wire. */
    @Label("Bytes")
    @DataAmount
    public long bytes;

    /** From its first packet to its last. */
    @Label("Flow Duration")
    @Timespan(Timespan.NANOSECONDS)
    public long flowDuration;

    /** An event that is not yet filled. */
    public FlowEndedEvent() {}
}
