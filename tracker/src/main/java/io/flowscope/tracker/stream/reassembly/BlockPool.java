package io.flowscope.tracker.stream.reassembly;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.util.Arrays;

/**
 * Memory for bytes that have to wait: blocks of 2 KiB and its doubles, cut from slabs by halving
 * and joined again with their other half when freed. Slabs are taken from the tracker's allocator
 * as needed and kept; together they never exceed the cap, so neither do the blocks.
 *
 * <p>A block is named by an int: its place counted in 2 KiB units, plus one; 0 is none. The first
 * eight bytes of a free block are its links. Nothing is zeroed.
 */
final class BlockPool {
    /** log2 of the smallest block. */
    static final int MIN_ORDER = 11;

    private static final byte INSIDE = -1;
    private static final byte SPARE = -2;
    private static final int FREE = 64;
    private static final int ZEROS_BYTES = 2048;
    private static final int NEXT = 0;
    private static final int PREVIOUS = 4;

    private final SegmentAllocator memory;
    private final MemorySegment zeros;
    private final int slabOrder;
    private final int maxSlabs;
    private final int[] freeHeads;

    /** Per order one free block that is not joined, as the next one wanted is often the same. */
    private final int[] spares;

    private MemorySegment[] slabs = new MemorySegment[4];

    /**
     * Per unit: at the first of a block its order, with FREE if it is free; else INSIDE or SPARE.
     */
    private byte[] orders = new byte[0];

    private int slabCount;
    private long usedBytes;
    private long highWaterBytes;

    /**
     * @param capBytes what all slabs together may take
     * @param largestOrder log2 of the largest block wanted; smaller if the cap is smaller
     */
    BlockPool(SegmentAllocator memory, long capBytes, int largestOrder) {
        this.memory = memory;
        this.zeros = memory.allocate(ZEROS_BYTES, 8);
        int capOrder = capBytes < (1L << MIN_ORDER) ? -1 : 63 - Long.numberOfLeadingZeros(capBytes);
        this.slabOrder = capOrder < 0 ? MIN_ORDER : Math.min(Math.max(18, largestOrder), capOrder);
        this.maxSlabs = capOrder < 0 ? 0 : (int) Math.min(capBytes >> slabOrder, maxUnits());
        this.freeHeads = new int[slabOrder + 1];
        this.spares = new int[slabOrder + 1];
    }

    private long maxUnits() {
        return Integer.MAX_VALUE >> (slabOrder - MIN_ORDER);
    }

    /** log2 of the smallest block that holds so many bytes. */
    static int orderFor(long bytes) {
        return Math.max(MIN_ORDER, 64 - Long.numberOfLeadingZeros(Math.max(bytes, 1) - 1));
    }

    /** A block of 2^order bytes with arbitrary contents, or 0 if the cap does not allow it. */
    int allocate(int order) {
        if (order > slabOrder) {
            return 0;
        }
        int block = spares[order];
        if (block != 0) {
            spares[order] = 0;
        } else {
            block = cut(order);
            if (block == 0 && joinSpares()) {
                block = cut(order);
            }
            if (block == 0 && grow()) {
                block = cut(order);
            }
            if (block == 0) {
                return 0;
            }
        }
        orders[block - 1] = (byte) order;
        usedBytes += 1L << order;
        highWaterBytes = Math.max(highWaterBytes, usedBytes);
        return block;
    }

    /** A block out of the smallest free one that is large enough. */
    private int cut(int order) {
        int have = order;
        while (have <= slabOrder && freeHeads[have] == 0) {
            have++;
        }
        if (have > slabOrder) {
            return 0;
        }
        int block = freeHeads[have];
        unlink(block, have);
        while (have > order) {
            have--;
            link(block + (1 << (have - MIN_ORDER)), have);
        }
        return block;
    }

    private boolean joinSpares() {
        boolean any = false;
        for (int order = MIN_ORDER; order <= slabOrder; order++) {
            if (spares[order] != 0) {
                join(spares[order] - 1, order);
                spares[order] = 0;
                any = true;
            }
        }
        return any;
    }

    /** Gives a block back. */
    void free(int block) {
        int order = orders[block - 1];
        if (order < MIN_ORDER || order >= FREE) {
            throw new IllegalStateException("block " + block + " is not in use");
        }
        usedBytes -= 1L << order;
        if (spares[order] == 0) {
            spares[order] = block;
            orders[block - 1] = SPARE;
        } else {
            join(block - 1, order);
        }
    }

    private void join(int freed, int freedOrder) {
        int unit = freed;
        int order = freedOrder;
        while (order < slabOrder) {
            int buddy = unit ^ (1 << (order - MIN_ORDER));
            if (orders[buddy] != (byte) (order | FREE)) {
                break;
            }
            unlink(buddy + 1, order);
            orders[Math.max(unit, buddy)] = INSIDE;
            unit = Math.min(unit, buddy);
            order++;
        }
        link(unit + 1, order);
    }

    /** The slab that holds a block. */
    MemorySegment segment(int block) {
        return slabs[(block - 1) >> (slabOrder - MIN_ORDER)];
    }

    /** Where a block begins in its slab. */
    long offset(int block) {
        return (long) ((block - 1) & ((1 << (slabOrder - MIN_ORDER)) - 1)) << MIN_ORDER;
    }

    /** Zeros a part of a block; unlike a slice's fill it allocates nothing. */
    void zero(int block, long from, long bytes) {
        long at = offset(block) + from;
        for (long done = 0; done < bytes; done += ZEROS_BYTES) {
            long length = Math.min(ZEROS_BYTES, bytes - done);
            MemorySegment.copy(zeros, 0, segment(block), at + done, length);
        }
    }

    int sizeBytes(int block) {
        return 1 << orders[block - 1];
    }

    long usedBytes() {
        return usedBytes;
    }

    long highWaterBytes() {
        return highWaterBytes;
    }

    /** What was taken from the allocator; stays until that is closed. */
    long reservedBytes() {
        return (long) slabCount << slabOrder;
    }

    private boolean grow() {
        if (slabCount == maxSlabs) {
            return false;
        }
        if (slabCount == slabs.length) {
            slabs = Arrays.copyOf(slabs, slabCount * 2);
        }
        slabs[slabCount] = memory.allocate(1L << slabOrder, 64);
        int units = 1 << (slabOrder - MIN_ORDER);
        int first = slabCount * units;
        if (orders.length < first + units) {
            orders = Arrays.copyOf(orders, (first + units) * 2);
        }
        Arrays.fill(orders, first, first + units, INSIDE);
        slabCount++;
        link(first + 1, slabOrder);
        return true;
    }

    private void link(int block, int order) {
        int head = freeHeads[order];
        MemorySegment own = segment(block);
        own.set(JAVA_INT, offset(block) + NEXT, head);
        own.set(JAVA_INT, offset(block) + PREVIOUS, 0);
        if (head != 0) {
            segment(head).set(JAVA_INT, offset(head) + PREVIOUS, block);
        }
        freeHeads[order] = block;
        orders[block - 1] = (byte) (order | FREE);
    }

    private void unlink(int block, int order) {
        MemorySegment own = segment(block);
        int next = own.get(JAVA_INT, offset(block) + NEXT);
        int previous = own.get(JAVA_INT, offset(block) + PREVIOUS);
        if (previous == 0) {
            freeHeads[order] = next;
        } else {
            segment(previous).set(JAVA_INT, offset(previous) + NEXT, next);
        }
        if (next != 0) {
            segment(next).set(JAVA_INT, offset(next) + PREVIOUS, previous);
        }
        orders[block - 1] = INSIDE;
    }
}
