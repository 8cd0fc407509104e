package io.flowscope.obs;

import io.flowscope.tracker.FlowTracker;
import io.flowscope.tracker.TrackerOptions;

/** Tracks a little; started by a test in a JVM of its own, with gates as the test likes. */
final class OffProgram {
    private OffProgram() {}

    public static void main(String[] arguments) {
        TrackerOptions options = TrackerOptions.builder().maxFlows(10).build();
        try (FlowTracker tracker = new FlowTracker(options)) {
            Traffic traffic = new Traffic(tracker);
            traffic.connection("10.0.0.1", 1, "10.0.0.2", 80, 1, 1, 10, 20);
            System.out.println("tracked " + tracker.counters().packets());
        }
    }
}
