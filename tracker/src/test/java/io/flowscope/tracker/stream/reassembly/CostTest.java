package io.flowscope.tracker.stream.reassembly;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;

import io.flowscope.tracker.AnomalyKind;
import io.flowscope.tracker.stream.OverlapPolicy;
import io.flowscope.tracker.stream.StreamEnd;
import io.flowscope.tracker.stream.StreamOptions;
import io.flowscope.tracker.stream.StreamStatistics;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.Random;

class CostTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int MOST = 300_000;

    private static final class Quiet extends Recorder.Host {
        @Override
        public void onAnomaly(long flow, int side, AnomalyKind kind, long bytes, long nowNanos) {}
    }

    private enum Order {
        RANDOM,
        REVERSE,
        EVERY_OTHER
    }

    @Test
    @Tag("unchecked")
    void segmentsInOrderAllocateNothing() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment packet = arena.allocate(1_460);
            Reassembler reassembler = new Reassembler(StreamOptions.defaults(), arena, new Quiet());
            long[] seen = {0};
            int handle =
                    reassembler.open(
                            1,
                            (stream, memory, at, length, time) -> {
                                seen[0] += length;
                                return length;
                            });
            int sent =
                    untilNothingIsAllocated(
                            50_000, (from, to) -> run(reassembler, handle, packet, from, to));
            assertEquals(sent * 1_460L, seen[0]);
        }
    }

    /** Sends segments by their numbers. */
    private interface Round {
        void send(int from, int to);
    }

    /**
     * Sends rounds of so many segments, two or more, until one has cost nothing: the compiler takes
     * its time on a busy machine. How many segments that were.
     */
    private static int untilNothingIsAllocated(int each, Round round) {
        long allocated = Long.MAX_VALUE;
        int sent = 0;
        while (sent < 2 * each || allocated >= 1_000 && sent < 40 * each) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            round.send(sent, sent + each);
            allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
            sent += each;
        }
        assertTrue(allocated < 1_000, "allocated " + allocated + " bytes");
        return sent;
    }

    private static void run(
            Reassembler reassembler, int handle, MemorySegment packet, int from, int to) {
        for (int i = from; i < to; i++) {
            reassembler.onSegment(
                    handle, 0, i * 1_460, 1, Reassembler.ACK, packet, 0, 1_460, 1_460, i);
        }
    }

    @Test
    @Tag("unchecked")
    void segmentsOutOfOrderAllocateNothingOnceThereIsMemory() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment packet = arena.allocate(1_460);
            Reassembler reassembler = new Reassembler(StreamOptions.defaults(), arena, new Quiet());
            int handle = reassembler.open(1, (stream, memory, at, length, time) -> length);
            int sent =
                    untilNothingIsAllocated(
                            20_000, (from, to) -> shuffled(reassembler, handle, packet, from, to));
            assertEquals(sent * 1_460L, reassembler.statistics().deliveredBytes());
        }
    }

    private static void shuffled(
            Reassembler reassembler, int handle, MemorySegment packet, int from, int to) {
        for (int i = from; i < to; i += 2) {
            reassembler.onSegment(handle, 0, i * 1_460, 0, 0, packet, 0, 1_460, 1_460, i);
            if (i > from) {
                int skipped = (i - 1) * 1_460;
                reassembler.onSegment(handle, 0, skipped, 0, 0, packet, 0, 1_460, 1_460, i);
            }
        }
        reassembler.onSegment(handle, 0, (to - 1) * 1_460, 0, 0, packet, 0, 1_460, 1_460, to);
    }

    /** Ten times the segments may take at most thirty times the time; a square would be hundred. */
    @Test
    @Tag("slow")
    @Tag("unchecked")
    void oneByteSegmentsAboveAHoleCostTheSameHoweverManyTheyAreAndHoweverShuffled() {
        for (OverlapPolicy overlap : OverlapPolicy.values()) {
            for (Order order : Order.values()) {
                int[] large = offsets(order, MOST);
                int[] small = offsets(order, MOST / 10);
                for (int warm = 0; warm < 3; warm++) {
                    flood(overlap, small);
                }
                long few = Long.MAX_VALUE;
                long many = Long.MAX_VALUE;
                for (int round = 0; round < 5 || many >= 30 * few && round < 15; round++) {
                    few = Math.min(few, flood(overlap, small));
                    many = Math.min(many, flood(overlap, large));
                }
                String text =
                        "%s %s: %,d segments %,d ns each, %,d segments %,d ns each"
                                .formatted(
                                        overlap,
                                        order,
                                        small.length,
                                        few / small.length,
                                        large.length,
                                        many / large.length);
                assertTrue(many < 30 * few, text);
            }
        }
    }

    private static int[] offsets(Order order, int count) {
        int[] offsets = new int[count];
        for (int i = 0; i < count; i++) {
            offsets[i] =
                    switch (order) {
                        case RANDOM -> i + 1;
                        case REVERSE -> count - i;
                        case EVERY_OTHER -> i < count / 2 ? 2 * i + 2 : 2 * (i - count / 2) + 1;
                    };
        }
        if (order == Order.RANDOM) {
            Random random = new Random(1);
            for (int i = count - 1; i > 0; i--) {
                int other = random.nextInt(i + 1);
                int swap = offsets[i];
                offsets[i] = offsets[other];
                offsets[other] = swap;
            }
        }
        return offsets;
    }

    /** CPU nanoseconds for one-byte segments at these offsets, and then the byte before them. */
    private static long flood(OverlapPolicy overlap, int[] offsets) {
        StreamOptions options = StreamOptions.builder().overlap(overlap).holdBytes(1 << 20).build();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment packet = arena.allocate(64);
            Reassembler reassembler = new Reassembler(options, arena, new Quiet());
            int handle = reassembler.open(1, (stream, memory, at, length, time) -> length);
            reassembler.onSegment(handle, 0, -1, 0, Reassembler.SYN, packet, 0, 0, 0, 0);
            long start = THREADS.getCurrentThreadCpuTime();
            for (int offset : offsets) {
                reassembler.onSegment(handle, 0, offset, 0, 0, packet, 0, 1, 1, 0);
            }
            reassembler.onSegment(handle, 0, 0, 0, 0, packet, 0, 1, 1, 0);
            reassembler.end(handle, StreamEnd.FLOW_ENDED, 0);
            long nanos = THREADS.getCurrentThreadCpuTime() - start;
            StreamStatistics statistics = reassembler.statistics();
            assertEquals(offsets.length + 1, statistics.deliveredBytes());
            assertEquals(0, statistics.memoryBytes());
            assertTrue(statistics.memoryHighWaterBytes() < 1 << 20);
            return nanos;
        }
    }
}
