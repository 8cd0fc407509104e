package io.flowscope.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flowscope.bench.load.PacketSupply.Order;
import io.flowscope.tracker.AnomalyKind;
import io.flowscope.tracker.FlowTracker;
import io.flowscope.tracker.FlowView;
import io.flowscope.tracker.Side;
import io.flowscope.tracker.TcpState;
import io.flowscope.tracker.TrackerCounters;
import io.flowscope.tracker.TrackerOptions;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The packets are what their descriptions promise: ordinary ones. */
class PacketSupplyTest {
    @ParameterizedTest
    @CsvSource({"1, UNIFORM", "1, TRAINS", "700, UNIFORM", "700, TRAINS"})
    void flowsAreOpenAndInOrder(int flows, Order order) {
        PacketSupply supply = new PacketSupply(flows, order);
        try (FlowTracker tracker = new FlowTracker(TrackerOptions.defaults())) {
            for (int i = 0; i < 20; i++) {
                tracker.trackBatch(supply.memory(), supply.descriptors(), supply.next());
            }
            assertEquals(flows, tracker.liveFlows());
            tracker.forEachFlow(PacketSupplyTest::assertOrdinary);
            TrackerCounters counters = tracker.counters();
            assertEquals(0, counters.unmatched());
            assertEquals(0, counters.anomalies(AnomalyKind.OOO_SEGMENT));
        }
    }

    private static void assertOrdinary(FlowView flow) {
        assertEquals(TcpState.ESTABLISHED, flow.state());
        for (Side side : Side.values()) {
            assertEquals(0, flow.retransmissions(side), () -> flow.key() + " " + side);
            assertEquals(0, flow.outOfOrder(side), () -> flow.key() + " " + side);
        }
    }

    @ParameterizedTest
    @CsvSource({"1", "50"})
    void newFlowsAreAllNew(int chunks) {
        PacketSupply supply = new PacketSupply(1, Order.NEW);
        var options = TrackerOptions.builder().maxFlows(300_000).build();
        try (FlowTracker tracker = new FlowTracker(options)) {
            for (int i = 0; i < chunks; i++) {
                tracker.trackBatch(supply.memory(), supply.descriptors(), supply.next());
            }
            assertEquals(chunks * PacketSupply.CHUNK, tracker.liveFlows());
        }
    }
}
