package io.flowscope.cli;

import io.flowscope.tracker.Gates;

/**
 * Switches on what a command observes. Must be called before any tracker is made: the tracker reads
 * its gates once, and what is off then is not even compiled.
 */
final class ObservationGates {
    private static final String LOG_LEVEL = "org.apache.logging.log4j.simplelog.level";
    private static final String LOG_PROVIDER = "log4j.provider";

    private ObservationGates() {}

    /**
     * Metrics, and on request tracing.
     *
     * @throws CommandFailure if this JVM has used the tracker without them before
     */
    static void open(boolean tracing, boolean messages) {
        System.setProperty("flowscope.metrics", "true");
        if (tracing || messages) {
            System.setProperty("flowscope.tracing", "true");
            simpleLogging(messages ? "TRACE" : "INFO");
        }
        if (messages) {
            System.setProperty("flowscope.tracing.messages", "true");
        }
        if (!Gates.METRICS
                || (tracing || messages) && !Gates.TRACING
                || messages && !Gates.MESSAGES) {
            throw new CommandFailure(
                    "this JVM has begun to track without metrics: run this command in one of its"
                            + " own");
        }
    }

    /** Where nobody has brought a logging implementation along, log4j's own goes to stderr. */
    private static void simpleLogging(String level) {
        if (ClassLoader.getSystemResource("org/apache/logging/log4j/core/Logger.class") == null) {
            setDefault(LOG_LEVEL, level);
            setDefault(LOG_PROVIDER, "org.apache.logging.log4j.simple.internal.SimpleProvider");
        }
    }

    private static void setDefault(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }
}
