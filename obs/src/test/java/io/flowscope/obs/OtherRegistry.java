package io.flowscope.obs;

import io.flowscope.tracker.FlowTracker;
import io.flowscope.tracker.TrackerOptions;
import io.micrometer.core.instrument.MeterRegistry;

import java.util.function.Consumer;

/** The example of the page on scaling. */
final class OtherRegistry {
    private OtherRegistry() {}

    // snippet
    static void track(MeterRegistry registry, Consumer<FlowTracker> packets) {
        try (FlowMetrics metrics = FlowMetrics.bind(registry, MetricsOptions.defaults())) {
            TrackerOptions options = TrackerOptions.builder().metricsHook(metrics.hook()).build();
            try (FlowTracker tracker = new FlowTracker(options)) {
                packets.accept(tracker);
            }
            // Sends what has not been sent yet; behind the metrics' end there is nothing to send.
            registry.close();
        }
    }
    // end
}
