package io.flowscope.tracker;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;

/**
 * Means and variances of packet sizes and intervals, where they are measured: a piece of memory
 * beside the flow table with five distributions per flow, in the order of {@link FlowMoments}.
 *
 * <pre>
 *    0       8       16                    24      32     40
 *   +-------+-------+---------------------+-------+------+
 *   | count | mean  | sum of squared diffs| min   | max  |   × 5
 *   +-------+-------+---------------------+-------+------+
 * </pre>
 *
 * <p>Welford's method: no sum of squares that loses its small digits.
 */
final class MomentTable {
    private static final int DISTRIBUTION_BYTES = 40;
    private static final int DISTRIBUTIONS = 5;
    static final int RECORD_BYTES = DISTRIBUTION_BYTES * DISTRIBUTIONS;
    private static final int INTERVALS = 2;
    private static final int FLOW_INTERVALS = 4;

    private final MemorySegment memory;

    MomentTable(SegmentAllocator allocator, int capacity) {
        memory = allocator.allocate((long) capacity * RECORD_BYTES, 64);
    }

    /** A flow begins in a record. */
    void clear(int record) {
        long at = (long) record * RECORD_BYTES;
        for (int i = 0; i < RECORD_BYTES; i += Long.BYTES) {
            memory.set(JAVA_LONG, at + i, 0);
        }
    }

    /**
     * A packet was sent.
     *
     * @param before time of the flow's packet before, -1 if this is the first
     * @param sideBefore time of the side's packet before, -1 if this is its first
     */
    void add(int record, int side, int length, long before, long sideBefore, long now) {
        add(record, side, length);
        if (sideBefore >= 0) {
            add(record, INTERVALS + side, Math.max(0, now - sideBefore));
        }
        if (before >= 0) {
            add(record, FLOW_INTERVALS, Math.max(0, now - before));
        }
    }

    private void add(int record, int distribution, long value) {
        long at = (long) record * RECORD_BYTES + (long) distribution * DISTRIBUTION_BYTES;
        long count = memory.get(JAVA_LONG, at) + 1;
        double mean = memory.get(JAVA_DOUBLE, at + 8);
        double off = value - mean;
        mean += off / count;
        memory.set(JAVA_LONG, at, count);
        memory.set(JAVA_DOUBLE, at + 8, mean);
        memory.set(JAVA_DOUBLE, at + 16, memory.get(JAVA_DOUBLE, at + 16) + off * (value - mean));
        if (count == 1 || value < memory.get(JAVA_LONG, at + 24)) {
            memory.set(JAVA_LONG, at + 24, value);
        }
        if (value > memory.get(JAVA_LONG, at + 32)) {
            memory.set(JAVA_LONG, at + 32, value);
        }
    }

    FlowMoments of(int record) {
        return of(memory, (long) record * RECORD_BYTES);
    }

    /** Copies what a record has, for {@link #of(MemorySegment, long)}. */
    void copyTo(MemorySegment to, long at, int record) {
        MemorySegment.copy(memory, (long) record * RECORD_BYTES, to, at, RECORD_BYTES);
    }

    static FlowMoments of(MemorySegment memory, long at) {
        return new FlowMoments(
                distribution(memory, at, 0),
                distribution(memory, at, 1),
                distribution(memory, at, INTERVALS),
                distribution(memory, at, INTERVALS + 1),
                distribution(memory, at, FLOW_INTERVALS));
    }

    private static Distribution distribution(MemorySegment memory, long record, int number) {
        long at = record + (long) number * DISTRIBUTION_BYTES;
        long count = memory.get(JAVA_LONG, at);
        return count == 0
                ? Distribution.NONE
                : new Distribution(
                        count,
                        memory.get(JAVA_DOUBLE, at + 8),
                        memory.get(JAVA_DOUBLE, at + 16) / count,
                        memory.get(JAVA_LONG, at + 24),
                        memory.get(JAVA_LONG, at + 32));
    }
}
