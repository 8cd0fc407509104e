package io.flowscope.cli.top;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flowscope.tracker.FlowRecord;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT)
class EndpointsTest {
    private static FlowRecord flow(boolean v6) {
        return Moments.flows().stream()
                .filter(f -> f.protocol() == 6 && f.key().a().contains(":") == v6)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void bothEndsAreWholeWhereThereIsRoom() {
        FlowRecord flow = flow(false);
        String whole =
                "%s:%d > %s:%d"
                        .formatted(
                                flow.initiatorAddress(),
                                flow.initiatorPort(),
                                flow.responderAddress(),
                                flow.responderPort());
        assertEquals(whole, Endpoints.of(flow, whole.length()));
        assertEquals(whole, Endpoints.of(flow, 500));
    }

    @Test
    void addressesAreCutBeforePortsAre() {
        for (boolean v6 : new boolean[] {false, true}) {
            FlowRecord flow = flow(v6);
            String cut = Endpoints.of(flow, 26);
            assertTrue(cut.length() <= 26, cut);
            assertTrue(cut.contains("~"), cut);
            assertTrue(cut.contains(":" + flow.initiatorPort() + " > "), cut);
            assertTrue(cut.endsWith(":" + flow.responderPort()), cut);
        }
    }

    @Test
    void noWidthIsTooSmall() {
        for (FlowRecord flow : Moments.flows()) {
            for (int width = 0; width < 120; width++) {
                assertTrue(Endpoints.of(flow, width).length() <= width);
            }
        }
    }
}
