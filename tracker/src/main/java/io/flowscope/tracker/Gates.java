package io.flowscope.tracker;

/**
 * What of observation is switched on, read once from system properties when this class is loaded,
 * so that the compiler deletes what is off. All off by default.
 */
public final class Gates {
    /** {@code -Dflowscope.metrics=true}: metrics. */
    public static final boolean METRICS = Boolean.getBoolean("flowscope.metrics");

    /**
     * {@code -Dflowscope.tracing.messages=true}: messages of sessions as log events as well; opens
     * {@link #TRACING}, too.
     */
    public static final boolean MESSAGES = Boolean.getBoolean("flowscope.tracing.messages");

    /** {@code -Dflowscope.tracing=true}: flows and anomalies as log events and JFR events. */
    public static final boolean TRACING = MESSAGES || Boolean.getBoolean("flowscope.tracing");

    private Gates() {}

    static void require(boolean gate, String property) {
        if (!gate) {
            throw new IllegalStateException(
                    "a hook was handed over, but it is switched off: start Java with -D"
                            + property
                            + "=true");
        }
    }
}
