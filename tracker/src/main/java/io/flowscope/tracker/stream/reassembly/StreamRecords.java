package io.flowscope.tracker.stream.reassembly;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.util.Arrays;

/**
 * The streams of all flows: records of a head line and a pair of {@link SideRecord}s, in slabs of
 * 256 that are taken as flows need them and kept. A stream is named by a handle from 1 up; one side
 * of it by {@code handle << 1 | side}, so 0 names none of both.
 */
final class StreamRecords {
    private static final int SLAB_SHIFT = 8;
    private static final int SLAB_MASK = (1 << SLAB_SHIFT) - 1;
    private static final int HEAD_BYTES = 64;
    private static final int RECORD_BYTES = HEAD_BYTES + SideRecord.PAIR_BYTES;
    private static final int FLOW = 0;
    private static final int NEXT_FREE = 8;
    private static final int IN_USE = 12;

    private final SegmentAllocator memory;
    private MemorySegment[] slabs = new MemorySegment[4];
    private int slabCount;
    private int nextUnused;
    private int free;
    private int open;

    StreamRecords(SegmentAllocator memory) {
        this.memory = memory;
    }

    /** A handle with zeroed sides. */
    int open(long flow) {
        int handle = free;
        if (handle != 0) {
            free = segment(handle << 1).get(JAVA_INT, head(handle) + NEXT_FREE);
        } else {
            if (nextUnused >> SLAB_SHIFT == slabCount) {
                grow();
            }
            handle = ++nextUnused;
        }
        MemorySegment slab = segment(handle << 1);
        Contents.zero(slab, head(handle), RECORD_BYTES);
        slab.set(JAVA_LONG, head(handle) + FLOW, flow);
        slab.set(JAVA_INT, head(handle) + IN_USE, 1);
        open++;
        return handle;
    }

    void close(int handle) {
        MemorySegment slab = segment(handle << 1);
        slab.set(JAVA_INT, head(handle) + IN_USE, 0);
        slab.set(JAVA_INT, head(handle) + NEXT_FREE, free);
        free = handle;
        open--;
    }

    boolean isOpen(int handle) {
        return handle > 0
                && handle <= nextUnused
                && segment(handle << 1).get(JAVA_INT, head(handle) + IN_USE) != 0;
    }

    /** The number under which the tracker knows the flow. */
    long flow(int handle) {
        return segment(handle << 1).get(JAVA_LONG, head(handle) + FLOW);
    }

    /** The slab of a side's record. */
    MemorySegment segment(int side) {
        return slabs[((side >> 1) - 1) >> SLAB_SHIFT];
    }

    /** Where a side's record begins in its slab. */
    long offset(int side) {
        return head(side >> 1) + HEAD_BYTES + (long) (side & 1) * SideRecord.STEP_BYTES;
    }

    /** The stream offset of the byte that is due. */
    long next(int side) {
        MemorySegment slab = segment(side);
        long at = offset(side);
        int beyond =
                slab.get(JAVA_INT, at + SideRecord.NEXT_SEQ)
                        - slab.get(JAVA_INT, at + SideRecord.BASE_SEQ);
        return slab.get(JAVA_LONG, at + SideRecord.BASE) + Integer.toUnsignedLong(beyond);
    }

    /** The byte that is due is now another one, and no segment in order ends before it. */
    void moveTo(int side, long offset, int seq) {
        MemorySegment slab = segment(side);
        long at = offset(side);
        int flags = slab.get(JAVA_INT, at + SideRecord.FLAGS);
        slab.set(JAVA_LONG, at + SideRecord.BASE, offset);
        slab.set(JAVA_INT, at + SideRecord.BASE_SEQ, seq);
        slab.set(JAVA_INT, at + SideRecord.NEXT_SEQ, seq);
        slab.set(JAVA_INT, at + SideRecord.FLAGS, SideRecord.withLength(flags, 0));
    }

    /** The bytes before an offset are dealt with. */
    void moveTo(int side, long offset) {
        int seq = segment(side).get(JAVA_INT, offset(side) + SideRecord.NEXT_SEQ);
        moveTo(side, offset, seq + (int) (offset - next(side)));
    }

    /** Streams that are open. */
    int openStreams() {
        return open;
    }

    /** The largest handle given so far. */
    int lastHandle() {
        return nextUnused;
    }

    long reservedBytes() {
        return (long) slabCount * (RECORD_BYTES << SLAB_SHIFT);
    }

    private static long head(int handle) {
        return (long) ((handle - 1) & SLAB_MASK) * RECORD_BYTES;
    }

    private void grow() {
        if (slabCount == slabs.length) {
            slabs = Arrays.copyOf(slabs, slabCount * 2);
        }
        slabs[slabCount++] = memory.allocate((long) RECORD_BYTES << SLAB_SHIFT, 64);
    }
}
