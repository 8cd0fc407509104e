package io.flowscope.tracker.table;

import static io.flowscope.tracker.table.FlowLayout.INT;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;

/**
 * What no longer fits into the high parts of the counter words: eight ints per record, taken from
 * the allocator when the first counter of any flow overflows, so that most trackers never have
 * them.
 */
public final class Carries {
    /** Counters per side. */
    public static final int KINDS = 4;

    private final SegmentAllocator allocator;
    private final int capacity;
    private @Nullable MemorySegment memory;

    /** For a table of some capacity. */
    public Carries(SegmentAllocator allocator, int capacity) {
        this.allocator = allocator;
        this.capacity = capacity;
    }

    /** Adds a whole turn of a counter. */
    public void add(int record, int kind, int side, int amount, boolean first) {
        MemorySegment segment = memory;
        if (segment == null) {
            segment = allocator.allocate((long) capacity * KINDS * 8, 64);
            memory = segment;
        }
        if (first) {
            for (int i = 0; i < KINDS * 8; i += Integer.BYTES) {
                segment.set(INT, (long) record * KINDS * 8 + i, 0);
            }
        }
        long at = at(record, kind, side);
        segment.set(INT, at, segment.get(INT, at) + amount);
    }

    /** What was carried over of a counter. */
    public long get(int record, int kind, int side) {
        MemorySegment segment = memory;
        return segment == null ? 0 : segment.get(INT, at(record, kind, side)) & 0xffff_ffffL;
    }

    private static long at(int record, int kind, int side) {
        return ((long) record * KINDS + kind) * 8 + 4L * side;
    }
}
