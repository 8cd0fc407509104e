package io.flowscope.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;

import io.flowscope.bench.load.PacketSupply;
import io.flowscope.bench.load.Workload;
import io.flowscope.capture.BatchHandler;
import io.flowscope.capture.generate.TrafficGenerator;
import io.flowscope.tracker.EndReason;
import io.flowscope.tracker.FlowListener;
import io.flowscope.tracker.FlowTracker;
import io.flowscope.tracker.FlowView;
import io.flowscope.tracker.PacketDescriptor;
import io.flowscope.tracker.TrackerOptions;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

/**
 * Not a byte is allocated for packets. Compiled code is not waited for: what escapes when
 * interpreted would be seen as well, so nothing here depends on an optimisation.
 */
@Tag("unchecked")
class AllocationTest {
    /** What a round may have: the compiler's and the measurement's own business, not a packet's. */
    private static final long STRAY_BYTES = 512;

    private static final int ROUNDS = 8;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** Looks at flows, as a user does, without keeping them. */
    private static final class Ended implements FlowListener {
        private long bytes;

        @Override
        public void onStarted(FlowView flow) {
            bytes += flow.packets();
        }

        @Override
        public void onEnded(FlowView flow, EndReason reason) {
            bytes += flow.bytes();
        }
    }

    private static FlowTracker tracker(int maxFlows) {
        return new FlowTracker(TrackerOptions.builder().maxFlows(maxFlows).build(), new Ended());
    }

    /** The least of some rounds: one that is stray-free shows that packets cost nothing. */
    private static long leastAllocated(Runnable round) {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < ROUNDS; i++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            round.run();
            least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
        }
        return least;
    }

    private static void assertNothing(long bytes, long packets) {
        assertTrue(bytes <= STRAY_BYTES, bytes + " bytes for " + packets + " packets");
    }

    @Test
    void batchesOfOpenFlowsAllocateNothing() {
        PacketSupply supply = new PacketSupply(1_000, PacketSupply.Order.UNIFORM);
        try (FlowTracker tracker = tracker(2_000)) {
            long bytes =
                    leastAllocated(
                            () -> {
                                int packets = supply.next();
                                tracker.trackBatch(supply.memory(), supply.descriptors(), packets);
                            });
            assertNothing(bytes, PacketSupply.CHUNK);
            assertEquals(1_000, tracker.liveFlows());
        }
    }

    @Test
    void singlePacketsAllocateNothing() {
        PacketSupply supply = new PacketSupply(1_000, PacketSupply.Order.TRAINS);
        try (FlowTracker tracker = tracker(2_000)) {
            long bytes =
                    leastAllocated(
                            () -> {
                                supply.next();
                                trackSingly(tracker, supply);
                            });
            assertNothing(bytes, PacketSupply.CHUNK);
        }
    }

    private static void trackSingly(FlowTracker tracker, PacketSupply supply) {
        for (int i = 0; i < PacketSupply.CHUNK; i++) {
            int length = supply.length(i);
            tracker.track(
                    supply.memory(), supply.offset(i), length, length, supply.timestampNanos(i));
        }
    }

    @Test
    void newFlowsInAFullTableAllocateNothing() {
        PacketSupply supply = new PacketSupply(1, PacketSupply.Order.NEW);
        try (FlowTracker tracker = tracker(1_000)) {
            long bytes =
                    leastAllocated(
                            () -> {
                                int packets = supply.next();
                                tracker.trackBatch(supply.memory(), supply.descriptors(), packets);
                            });
            assertNothing(bytes, PacketSupply.CHUNK);
            assertTrue(tracker.counters().ended(EndReason.EVICTED) > 0);
        }
    }

    /** A generator's batch, kept for later. */
    private record Batch(MemorySegment memory, MemorySegment descriptors, int count) {
        static Batch copy(MemorySegment memory, MemorySegment descriptors, int count) {
            long bytes = (long) count * PacketDescriptor.BYTES;
            long last = bytes - PacketDescriptor.BYTES;
            long end =
                    descriptors.get(ValueLayout.JAVA_LONG, last + PacketDescriptor.OFFSET)
                            + descriptors.get(
                                    ValueLayout.JAVA_INT, last + PacketDescriptor.CAPTURED);
            return new Batch(own(memory, end), own(descriptors, bytes), count);
        }

        private static MemorySegment own(MemorySegment from, long bytes) {
            return Arena.ofAuto().allocate(bytes, Long.BYTES).copyFrom(from.asSlice(0, bytes));
        }
    }

    @Test
    void everythingAnUplinkBringsAllocatesNothing() {
        List<Batch> batches = new ArrayList<>();
        BatchHandler keep =
                (memory, descriptors, n) -> batches.add(Batch.copy(memory, descriptors, n));
        try (TrafficGenerator traffic = TrafficGenerator.of(Workload.mix(60_000).spec())) {
            traffic.forEachBatch(keep);
        }
        try (FlowTracker tracker = tracker(20_000)) {
            long bytes =
                    leastAllocated(
                            () -> {
                                for (Batch batch : batches) {
                                    tracker.trackBatch(
                                            batch.memory, batch.descriptors, batch.count);
                                }
                                tracker.finish();
                            });
            assertNothing(bytes, 60_000);
            assertTrue(tracker.counters().ended() > 0);
        }
    }
}
