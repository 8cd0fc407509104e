package io.flowscope.tracker.stream.reassembly;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.flowscope.tracker.stream.MemoryCapPolicy;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;

/** The pool as seen by one side: who has how much, and what to do when nothing is left. */
final class PoolShare {
    /** Ends a side so that its memory becomes free. */
    @FunctionalInterface
    interface Eviction {
        void evict(int side);
    }

    private final StreamRecords records;
    private final BlockPool pool;
    private final @Nullable LargestSides largest;
    private final Eviction eviction;

    PoolShare(
            StreamRecords records,
            BlockPool pool,
            MemoryCapPolicy policy,
            long mostPerSideBytes,
            Eviction eviction) {
        this.records = records;
        this.pool = pool;
        this.eviction = eviction;
        long amounts = Math.min((mostPerSideBytes >> BlockPool.MIN_ORDER) + 2, 1 << 14);
        this.largest =
                policy == MemoryCapPolicy.DROP_LARGEST
                        ? new LargestSides(records, (int) amounts)
                        : null;
    }

    BlockPool pool() {
        return pool;
    }

    /** A block for a side, or 0; a side that was ended to make room may be this one. */
    int allocate(int side, int order) {
        int block = pool.allocate(order);
        while (block == 0 && largest != null) {
            int victim = largest.largest();
            if (victim == 0) {
                return 0;
            }
            eviction.evict(victim);
            if (victim == side) {
                return 0;
            }
            block = pool.allocate(order);
        }
        if (block != 0) {
            account(side, pool.sizeBytes(block));
        }
        return block;
    }

    void free(int side, int block) {
        account(side, -pool.sizeBytes(block));
        pool.free(block);
    }

    private void account(int side, int change) {
        MemorySegment record = records.segment(side);
        long at = records.offset(side) + SideRecord.POOL_BYTES;
        int bytes = record.get(JAVA_INT, at) + change;
        record.set(JAVA_INT, at, bytes);
        if (largest != null) {
            largest.update(side, bytes);
        }
    }
}
