package io.flowscope.obs.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** Something is not as it should be with a flow. */
@Name("flowscope.Anomaly")
@Label("Anomaly")
@Category("Flowscope")
@Description("Something is not as it should be with a flow")
@StackTrace(false)
public final class AnomalyEvent extends Event {
    /** What. */
    @Label("Kind")
    public String kind = "";

    /** Whose packet showed it: initiator or responder. */
    @Label("Side")
    public String side = "";

    /** Transport of the flow. */
    @Label("Transport")
    public String l4 = "";

    /** An event that is not yet filled. */
    public AnomalyEvent() {}
}
