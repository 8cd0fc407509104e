package io.flowscope.tracker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.flowscope.tracker.model.PacketBatch;
import io.flowscope.tracker.model.TestPacket;
import io.flowscope.tracker.model.TestPacket.Endpoint;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

/** What an attacker would send. */
@Tag("slow")
@Isolated // compares CPU times
class TrackerLoadTest {
    private static final int BATCH = 2048;
    private static final int SOURCE = 14 + 12;
    private static final int PORTS = 14 + 20;
    private static final ValueLayout.OfInt BIG_ENDIAN =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(java.nio.ByteOrder.BIG_ENDIAN);

    private interface Tuples {
        void write(MemorySegment memory, long frame, long number);
    }

    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    /** Sends SYNs of different tuples; nanoseconds of CPU per packet in each tenth. */
    private static double[] flood(int capacity, long packets, Tuples tuples) {
        TrackerOptions options =
                TrackerOptions.builder().maxFlows(capacity).anomalies(true).build();
        List<TestPacket> syns = new ArrayList<>();
        for (int i = 0; i < BATCH; i++) {
            syns.add(
                    TestPacket.tcp(
                                    new Endpoint(false, 1, 1),
                                    new Endpoint(false, 2, 80),
                                    TestPacket.SYN)
                            .seq(i));
        }
        double[] costs = new double[10];
        try (Arena arena = Arena.ofConfined();
                FlowTracker tracker = new FlowTracker(options)) {
            PacketBatch batch = new PacketBatch(arena, syns);
            long sent = 0;
            for (int tenth = 0; tenth < 10; tenth++) {
                long cpu = 0;
                long end = packets * (tenth + 1) / 10;
                long begun = sent;
                while (sent < end) {
                    for (int i = 0; i < BATCH; i++) {
                        long at = (long) i * PacketDescriptor.BYTES;
                        long frame =
                                batch.descriptors.get(
                                        ValueLayout.JAVA_LONG, at + PacketDescriptor.OFFSET);
                        tuples.write(batch.memory, frame, sent + i);
                        batch.descriptors.set(
                                ValueLayout.JAVA_LONG,
                                at + PacketDescriptor.TIMESTAMP,
                                1_000_000_000_000L + (sent + i) * 100);
                    }
                    long before = cpuNanos();
                    tracker.trackBatch(batch.memory, batch.descriptors, BATCH);
                    cpu += cpuNanos() - before;
                    sent += BATCH;
                }
                costs[tenth] = (double) cpu / (sent - begun);
                TrackerCounters counters = tracker.counters();
                assertTrue(counters.live() <= capacity);
                assertEquals(counters.created(), counters.ended() + counters.live());
            }
            assertEquals(sent, tracker.counters().created());
        }
        return costs;
    }

    private static void distinct(MemorySegment memory, long frame, long number) {
        memory.set(BIG_ENDIAN, frame + SOURCE, 0x0b000000 + (int) (number >>> 14));
        memory.set(BIG_ENDIAN, frame + PORTS, (int) (number & 0x3fff) << 16 | 80);
    }

    @Test
    void synFloodStaysWithinTheTable() {
        flood(2000, 200_000, TrackerLoadTest::distinct);
    }

    @Test
    void synFloodOfTenMillionTuplesCostsTheSameThroughout() {
        List<String> found = new ArrayList<>();
        // Others on the machine may take the caches away for a while.
        for (int round = 0; round < 3; round++) {
            double[] costs = flood(100_000, 10_000_000, TrackerLoadTest::distinct);
            double first = (costs[2] + costs[3]) / 2;
            double last = (costs[8] + costs[9]) / 2;
            if (last < 2 * first) {
                return;
            }
            found.add("from " + first + " to " + last + " ns per packet");
        }
        fail(String.join(", ", found));
    }

    /** Tuples that an attacker who knows the code, but not the seed, would choose. */
    @Test
    void tuplesThatCollideUnderAnotherSeedDoNotCollideHere() {
        double[] chosen =
                flood(
                        20_000,
                        400_000,
                        (memory, frame, number) -> {
                            memory.set(BIG_ENDIAN, frame + SOURCE, (int) (number << 12));
                            memory.set(
                                    BIG_ENDIAN,
                                    frame + PORTS,
                                    (int) (number >>> 20 & 0xffff) << 16 | 80);
                        });
        double[] plain = flood(20_000, 400_000, TrackerLoadTest::distinct);
        double best = Math.min(chosen[8], chosen[9]);
        assertTrue(
                best < 20 * Math.min(plain[8], plain[9]),
                best + " ns against " + Math.min(plain[8], plain[9]));
    }
}
