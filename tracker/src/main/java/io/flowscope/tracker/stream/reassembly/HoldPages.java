package io.flowscope.tracker.stream.reassembly;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;

/**
 * The bytes of one side that wait behind a hole: pages of 3072 bytes with a bit per byte that is
 * there, found through a directory of page blocks indexed by page number. However small and
 * shuffled the segments are, taking one in costs its length and a constant; there is no node per
 * segment and nothing to search or sort. A page without bytes is freed at once.
 *
 * <pre>
 *   0              3072          3456            3840    4096
 *   +--------------+-------------+---------------+-------+
 *   | bytes        | bit: there  | bit: begins a | count | page, a block of 4 KiB
 *   |              |             | piece         |       |
 *   +--------------+-------------+---------------+-------+
 * </pre>
 *
 * <p>The second bit map is kept only where the overlap policy asks where segments began. Callers
 * keep FIRST_HELD, HELD_END and the HOLDING flag; this class keeps HELD, DIRECTORY and the blocks.
 */
final class HoldPages {
    static final int PAGE_BYTES = 3072;
    private static final int PAGE_ORDER = 12;
    private static final int THERE = PAGE_BYTES;
    private static final int BEGINS = THERE + PAGE_BYTES / 8;
    private static final int COUNT = BEGINS + PAGE_BYTES / 8;

    private final StreamRecords records;
    private final PoolShare share;
    private final BlockPool pool;
    private final int directoryOrder;
    private final int directoryMask;
    private final boolean pieces;

    /** Bytes that the last call took in. */
    int added;

    /** Bytes that it could not take in for lack of memory. */
    int refused;

    /** The side into which bytes are being taken: its range does not cover them yet. */
    private int takingSide;

    /** Where the last byte that the last call dealt with ends, refused ones not counted. */
    long takenEnd;

    /** Bytes that it found different from those already there. */
    int conflicts;

    /**
     * @param windowBytes how far beyond the first a byte may be
     * @param pieces whether to remember where segments began
     */
    HoldPages(StreamRecords records, PoolShare share, long windowBytes, boolean pieces) {
        this.records = records;
        this.share = share;
        this.pool = share.pool();
        this.directoryOrder = directoryOrder(windowBytes);
        this.directoryMask = (1 << (directoryOrder - 2)) - 1;
        this.pieces = pieces;
    }

    /** log2 of the directory's bytes: an int per page that a window may touch. */
    static int directoryOrder(long windowBytes) {
        return BlockPool.orderFor((windowBytes / PAGE_BYTES + 2) * 4);
    }

    /** Takes in what of [from, to) is not there yet. */
    void fill(int side, long from, long to, MemorySegment source, long at) {
        takingSide = side;
        take(side, from, to, source, at, false);
        takingSide = 0;
    }

    /** Takes in [from, to), in place of what is there. */
    void overwrite(int side, long from, long to, MemorySegment source, long at) {
        takingSide = side;
        take(side, from, to, source, at, true);
        takingSide = 0;
        if (pieces && from < to) {
            begin(side, to);
        }
    }

    private void take(
            int side, long from, long to, MemorySegment source, long at, boolean overwrite) {
        added = 0;
        refused = 0;
        conflicts = 0;
        takenEnd = from;
        boolean begins = pieces;
        for (long position = from; position < to; ) {
            int bit = (int) (position % PAGE_BYTES);
            int length = (int) Math.min(to - position, PAGE_BYTES - bit);
            int block = pageForWriting(side, position / PAGE_BYTES);
            long source0 = at + (position - from);
            if (block == 0) {
                refused += length;
                begins = pieces;
                if (hasEnded(side)) {
                    refused += (int) (to - position) - length;
                    return;
                }
            } else {
                int before = added;
                takeIntoPage(block, bit, length, source, source0, overwrite);
                if (begins) {
                    Bits.set(pool.segment(block), pool.offset(block) + BEGINS, bit, bit + 1);
                    begins = false;
                }
                count(side, block, added - before);
                takenEnd = position + length;
            }
            position += length;
        }
    }

    private void takeIntoPage(
            int block, int bit, int length, MemorySegment source, long at, boolean overwrite) {
        MemorySegment slab = pool.segment(block);
        long page = pool.offset(block);
        int end = bit + length;
        for (int from = bit; from < end; ) {
            int to = Bits.nextSet(slab, page + THERE, from, end);
            if (to > from) {
                MemorySegment.copy(source, at + (from - bit), slab, page + from, to - from);
                added += to - from;
            }
            from = Bits.nextClear(slab, page + THERE, to, end);
            if (from > to) {
                int different =
                        Contents.different(source, at + (to - bit), slab, page + to, from - to);
                conflicts += different;
                if (overwrite && different > 0) {
                    MemorySegment.copy(source, at + (to - bit), slab, page + to, from - to);
                }
            }
        }
        Bits.set(slab, page + THERE, bit, end);
        if (overwrite && pieces) {
            Bits.clear(slab, page + BEGINS, bit, end);
        }
    }

    /**
     * Forgets what is there of [from, to), after comparing it with the bytes that come instead.
     *
     * @return how many bytes were forgotten
     */
    int forget(int side, long from, long to, MemorySegment source, long at) {
        conflicts = 0;
        int before = held(side);
        for (long position = from; position < to; ) {
            int bit = (int) (position % PAGE_BYTES);
            int length = (int) Math.min(to - position, PAGE_BYTES - bit);
            int block = page(side, position / PAGE_BYTES);
            if (block != 0) {
                conflicts += compare(block, bit, length, source, at + (position - from));
                int empty = remove(side, position, length);
                if (empty != 0) {
                    share.free(side, empty);
                }
            }
            position += length;
        }
        if (pieces) {
            begin(side, to);
        }
        return before - held(side);
    }

    /** How many bytes of [from, to) are there but different. */
    int compare(int side, long from, long to, MemorySegment source, long at) {
        int different = 0;
        for (long position = from; position < to; ) {
            int bit = (int) (position % PAGE_BYTES);
            int length = (int) Math.min(to - position, PAGE_BYTES - bit);
            int block = page(side, position / PAGE_BYTES);
            if (block != 0) {
                different += compare(block, bit, length, source, at + (position - from));
            }
            position += length;
        }
        return different;
    }

    private int compare(int block, int bit, int length, MemorySegment source, long at) {
        MemorySegment slab = pool.segment(block);
        long page = pool.offset(block);
        int end = bit + length;
        int different = 0;
        for (int from = Bits.nextSet(slab, page + THERE, bit, end); from < end; ) {
            int to = Bits.nextClear(slab, page + THERE, from, end);
            different +=
                    Contents.different(source, at + (from - bit), slab, page + from, to - from);
            from = Bits.nextSet(slab, page + THERE, to, end);
        }
        return different;
    }

    /** How many bytes of [from, to) are not there. */
    long missing(int side, long from, long to) {
        long missing = to - from;
        for (long position = from; position < to; ) {
            int bit = (int) (position % PAGE_BYTES);
            int length = (int) Math.min(to - position, PAGE_BYTES - bit);
            int block = page(side, position / PAGE_BYTES);
            if (block != 0) {
                long there = pool.offset(block) + THERE;
                missing -= Bits.count(pool.segment(block), there, bit, bit + length);
            }
            position += length;
        }
        return missing;
    }

    boolean isHeld(int side, long position) {
        int block = page(side, position / PAGE_BYTES);
        return block != 0
                && Bits.get(
                        pool.segment(block),
                        pool.offset(block) + THERE,
                        (int) (position % PAGE_BYTES));
    }

    /** The block whose page holds a position; it must be held. */
    int blockOf(int side, long position) {
        return page(side, position / PAGE_BYTES);
    }

    /** How many bytes are there without interruption from a position, within its page. */
    int runLength(int side, long position) {
        int block = page(side, position / PAGE_BYTES);
        int bit = (int) (position % PAGE_BYTES);
        long there = pool.offset(block) + THERE;
        return Bits.nextClear(pool.segment(block), there, bit, PAGE_BYTES) - bit;
    }

    /** The first position from {@code from} on that is held, or {@code to}. */
    long nextHeld(int side, long from, long to) {
        for (long position = from; position < to; ) {
            int bit = (int) (position % PAGE_BYTES);
            int block = page(side, position / PAGE_BYTES);
            if (block != 0) {
                long there = pool.offset(block) + THERE;
                int found = Bits.nextSet(pool.segment(block), there, bit, PAGE_BYTES);
                if (found < PAGE_BYTES) {
                    return Math.min(to, position + (found - bit));
                }
            }
            position += PAGE_BYTES - bit;
        }
        return to;
    }

    /** Whether a piece begins at a held position. */
    boolean beginsPiece(int side, long position) {
        int block = page(side, position / PAGE_BYTES);
        return Bits.get(
                pool.segment(block), pool.offset(block) + BEGINS, (int) (position % PAGE_BYTES));
    }

    /** Where the piece that holds a position ends, or {@code to} if it ends later. */
    long pieceEnd(int side, long position, long to) {
        int from = (int) (position % PAGE_BYTES);
        for (long start = position; start < to; ) {
            int block = page(side, start / PAGE_BYTES);
            if (block == 0) {
                return start;
            }
            MemorySegment slab = pool.segment(block);
            long page = pool.offset(block);
            int gap = Bits.nextClear(slab, page + THERE, from, PAGE_BYTES);
            int other = start == position ? from + 1 : from;
            int end = Bits.nextSet(slab, page + BEGINS, Math.min(other, gap), gap);
            if (end < PAGE_BYTES) {
                return Math.min(to, start - from + end);
            }
            start += PAGE_BYTES - from;
            from = 0;
        }
        return to;
    }

    /**
     * Removes what is there of [from, from + length), which is within one page. The bytes stay
     * readable until the returned block is freed.
     *
     * @return the page's block, to be freed by the caller, if nothing is left in it; otherwise 0
     */
    int remove(int side, long from, int length) {
        int block = page(side, from / PAGE_BYTES);
        int bit = (int) (from % PAGE_BYTES);
        MemorySegment slab = pool.segment(block);
        long page = pool.offset(block);
        int there = Bits.count(slab, page + THERE, bit, bit + length);
        Bits.clear(slab, page + THERE, bit, bit + length);
        if (pieces) {
            Bits.clear(slab, page + BEGINS, bit, bit + length);
        }
        count(side, block, -there);
        if (slab.get(JAVA_INT, page + COUNT) != 0) {
            return 0;
        }
        setEntry(side, from / PAGE_BYTES, 0);
        return block;
    }

    /** Frees everything that a side holds. */
    void releaseAll(int side, long firstHeld, long heldEnd) {
        MemorySegment record = records.segment(side);
        long at = records.offset(side);
        int directory = record.get(JAVA_INT, at + SideRecord.DIRECTORY);
        if (directory == 0) {
            return;
        }
        if (side == takingSide) {
            for (int number = 0; number <= directoryMask; number++) {
                int block = page(side, number);
                if (block != 0) {
                    share.free(side, block);
                }
            }
        } else if (held(side) > 0) {
            for (long number = firstHeld / PAGE_BYTES; number * PAGE_BYTES < heldEnd; number++) {
                int block = page(side, number);
                if (block != 0) {
                    share.free(side, block);
                }
            }
        }
        share.free(side, directory);
        record.set(JAVA_INT, at + SideRecord.DIRECTORY, 0);
        record.set(JAVA_INT, at + SideRecord.HELD, 0);
    }

    private void begin(int side, long position) {
        int block = page(side, position / PAGE_BYTES);
        int bit = (int) (position % PAGE_BYTES);
        if (block != 0 && isHeld(side, position)) {
            Bits.set(pool.segment(block), pool.offset(block) + BEGINS, bit, bit + 1);
        }
    }

    private void count(int side, int block, int change) {
        MemorySegment slab = pool.segment(block);
        long count = pool.offset(block) + COUNT;
        slab.set(JAVA_INT, count, slab.get(JAVA_INT, count) + change);
        MemorySegment record = records.segment(side);
        long held = records.offset(side) + SideRecord.HELD;
        record.set(JAVA_INT, held, record.get(JAVA_INT, held) + change);
    }

    private int held(int side) {
        return records.segment(side).get(JAVA_INT, records.offset(side) + SideRecord.HELD);
    }

    private boolean hasEnded(int side) {
        long flags = records.offset(side) + SideRecord.FLAGS;
        return (records.segment(side).get(JAVA_INT, flags) & SideRecord.ENDED) != 0;
    }

    private int directory(int side) {
        return records.segment(side).get(JAVA_INT, records.offset(side) + SideRecord.DIRECTORY);
    }

    private int page(int side, long number) {
        int directory = directory(side);
        if (directory == 0) {
            return 0;
        }
        long entry = pool.offset(directory) + (number & directoryMask) * 4;
        return pool.segment(directory).get(JAVA_INT, entry);
    }

    private void setEntry(int side, long number, int block) {
        int directory = directory(side);
        long entry = pool.offset(directory) + (number & directoryMask) * 4;
        pool.segment(directory).set(JAVA_INT, entry, block);
    }

    private int pageForWriting(int side, long number) {
        if (directory(side) == 0 && !newDirectory(side)) {
            return 0;
        }
        int block = page(side, number);
        if (block == 0) {
            block = share.allocate(side, PAGE_ORDER);
            if (block != 0) {
                pool.zero(block, THERE, COUNT + 8 - THERE);
                setEntry(side, number, block);
            }
        }
        return block;
    }

    private boolean newDirectory(int side) {
        int directory = share.allocate(side, directoryOrder);
        if (directory == 0) {
            return false;
        }
        pool.zero(directory, 0, 1L << directoryOrder);
        records.segment(side).set(JAVA_INT, records.offset(side) + SideRecord.DIRECTORY, directory);
        return true;
    }
}
