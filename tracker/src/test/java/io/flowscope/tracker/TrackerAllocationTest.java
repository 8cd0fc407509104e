package io.flowscope.tracker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;

import io.flowscope.tracker.model.PacketBatch;
import io.flowscope.tracker.model.RandomTraffic;
import io.flowscope.tracker.model.TestPacket;
import io.flowscope.tracker.packet.PacketCursor;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;

/** Nothing is allocated per packet, per new flow or per ended flow, callbacks included. */
@Tag("unchecked")
class TrackerAllocationTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** Overrides everything and keeps nothing. */
    private static final class Sums implements FlowListener {
        long sum;

        @Override
        public void onStarted(FlowView flow) {
            sum += flow.startedNanos();
        }

        @Override
        public void onAnomaly(FlowView flow, AnomalyKind kind, Side side) {
            sum += flow.bytes();
        }

        @Override
        public void onEstablished(FlowView flow) {
            sum += flow.port(Side.INITIATOR);
        }

        @Override
        public void onStateChange(FlowView flow, TcpState from, TcpState to) {
            sum += flow.addressLow(Side.RESPONDER);
        }

        @Override
        public void onPacket(FlowView flow, Side side, PacketCursor packet) {
            sum += flow.packets(side) + packet.payloadLength();
        }

        @Override
        public void onIcmpError(FlowView flow, int type, int code) {
            sum += flow.protocol();
        }

        @Override
        public void onInterim(FlowView flow) {
            sum += flow.durationNanos();
        }

        @Override
        public void onEnded(FlowView flow, EndReason reason) {
            sum += flow.retransmissions(Side.INITIATOR) + flow.connectNanos();
        }
    }

    private static long allocated(TrackerOptions options, boolean singly) {
        List<TestPacket> packets = new RandomTraffic(2).packets(10_000);
        Sums sums = new Sums();
        try (Arena arena = Arena.ofConfined();
                FlowTracker tracker = new FlowTracker(options, sums)) {
            PacketBatch batch = new PacketBatch(arena, packets);
            for (int round = 0; round < 4; round++) {
                pass(tracker, batch, singly);
            }
            long least = Long.MAX_VALUE;
            for (int round = 0; round < 3; round++) {
                long before = THREADS.getCurrentThreadAllocatedBytes();
                pass(tracker, batch, singly);
                least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
            }
            assertTrue(sums.sum != 0);
            return least;
        }
    }

    private static void pass(FlowTracker tracker, PacketBatch batch, boolean singly) {
        if (singly) {
            batch.feedSingly(tracker);
        } else {
            tracker.trackBatch(batch.memory, batch.descriptors, batch.count);
        }
    }

    @Test
    void batchesAllocateNothing() {
        TrackerOptions options =
                TrackerOptions.builder()
                        .maxFlows(40)
                        .anomalies(true)
                        .moments(true)
                        .activeTimeout(Duration.ofSeconds(1))
                        .build();
        assertEquals(0, allocated(options, false));
    }

    @Test
    void singlePacketsAllocateNothing() {
        assertEquals(0, allocated(TrackerOptions.builder().maxFlows(500).build(), true));
    }
}
