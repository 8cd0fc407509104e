package io.flowscope.tracker;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class GatesTest {
    private static final FlowHook HOOK = new FlowHook() {};

    @Test
    void allGatesAreShutByDefault() {
        assertFalse(Gates.METRICS);
        assertFalse(Gates.TRACING);
        assertFalse(Gates.MESSAGES);
    }

    @Test
    void hookBehindAShutGateIsRefusedWithThePropertyToSet() {
        IllegalStateException metrics =
                assertThrows(
                        IllegalStateException.class,
                        () -> new FlowTracker(TrackerOptions.builder().metricsHook(HOOK).build()));
        assertTrue(metrics.getMessage().contains("-Dflowscope.metrics=true"));
        IllegalStateException tracing =
                assertThrows(
                        IllegalStateException.class,
                        () -> new FlowTracker(TrackerOptions.builder().tracingHook(HOOK).build()));
        assertTrue(tracing.getMessage().contains("-Dflowscope.tracing=true"));
    }
}
