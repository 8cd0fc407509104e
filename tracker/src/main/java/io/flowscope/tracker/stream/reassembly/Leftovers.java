package io.flowscope.tracker.stream.reassembly;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;

/**
 * Bytes that a consumer was shown and left: one contiguous block per side that has any, with a free
 * part before and behind. The bytes end at the side's NEXT. Taking from the front moves the
 * beginning; room at the end is made by moving the bytes to the front or to a larger block.
 */
final class Leftovers {
    private final StreamRecords records;
    private final PoolShare share;
    private final BlockPool pool;

    Leftovers(StreamRecords records, PoolShare share) {
        this.records = records;
        this.share = share;
        this.pool = share.pool();
    }

    int length(int side) {
        return get(side, SideRecord.BUFFER_LENGTH);
    }

    /** The slab that holds the bytes. */
    MemorySegment segment(int side) {
        return pool.segment(get(side, SideRecord.BUFFER));
    }

    /** Where they begin in the slab. */
    long at(int side) {
        return pool.offset(get(side, SideRecord.BUFFER)) + get(side, SideRecord.BUFFER_FROM);
    }

    /**
     * Puts bytes behind those that are there.
     *
     * @return false, and nothing changed, if there was no memory; the side may have been ended
     */
    boolean append(int side, MemorySegment source, long from, int length) {
        int present = length(side);
        if (!reserve(side, present, length)) {
            return false;
        }
        MemorySegment.copy(source, from, segment(side), at(side) + present, length);
        set(side, SideRecord.BUFFER_LENGTH, present + length);
        setFlag(side, true);
        return true;
    }

    /** Takes bytes away at the front. */
    void consume(int side, int length) {
        int rest = length(side) - length;
        if (rest == 0) {
            release(side);
        } else {
            set(side, SideRecord.BUFFER_FROM, get(side, SideRecord.BUFFER_FROM) + length);
            set(side, SideRecord.BUFFER_LENGTH, rest);
        }
    }

    /** Frees the block, with whatever is in it. */
    void release(int side) {
        int block = get(side, SideRecord.BUFFER);
        if (block != 0) {
            share.free(side, block);
            set(side, SideRecord.BUFFER, 0);
            set(side, SideRecord.BUFFER_FROM, 0);
            set(side, SideRecord.BUFFER_LENGTH, 0);
            setFlag(side, false);
        }
    }

    private boolean reserve(int side, int present, int more) {
        int block = get(side, SideRecord.BUFFER);
        int size = block == 0 ? 0 : pool.sizeBytes(block);
        int needed = present + more;
        if (get(side, SideRecord.BUFFER_FROM) + needed <= size) {
            return true;
        }
        // Moving pays only if it frees about as much as it moves; so blocks are twice the need.
        int larger = needed <= size / 2 ? 0 : share.allocate(side, order(needed));
        if (larger != 0) {
            if (block != 0) {
                MemorySegment slab = pool.segment(larger);
                MemorySegment.copy(segment(side), at(side), slab, pool.offset(larger), present);
                share.free(side, block);
            }
            set(side, SideRecord.BUFFER, larger);
        } else if (needed <= size && get(side, SideRecord.BUFFER) != 0) {
            long start = pool.offset(block);
            MemorySegment.copy(segment(side), at(side), segment(side), start, present);
        } else {
            return false;
        }
        set(side, SideRecord.BUFFER_FROM, 0);
        return true;
    }

    /** log2 of the block for so many bytes. */
    static int order(long bytes) {
        return BlockPool.orderFor(2 * bytes);
    }

    private int get(int side, int field) {
        return records.segment(side).get(JAVA_INT, records.offset(side) + field);
    }

    private void set(int side, int field, int value) {
        records.segment(side).set(JAVA_INT, records.offset(side) + field, value);
    }

    private void setFlag(int side, boolean on) {
        int flags = get(side, SideRecord.FLAGS);
        int changed = on ? flags | SideRecord.BUFFERING : flags & ~SideRecord.BUFFERING;
        set(side, SideRecord.FLAGS, changed);
    }
}
