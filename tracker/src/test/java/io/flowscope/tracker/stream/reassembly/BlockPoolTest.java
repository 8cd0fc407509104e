package io.flowscope.tracker.stream.reassembly;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

@Execution(ExecutionMode.CONCURRENT)
class BlockPoolTest {
    private record Block(int name, int order, long mark) {}

    @Test
    void blocksNeverOverlapNeverExceedTheCapAndAllComeBack() {
        for (long cap : List.of(100_000L, 1L << 20, 5_000_000L)) {
            try (Arena arena = Arena.ofConfined()) {
                BlockPool pool = new BlockPool(arena, cap, 18);
                Random random = new Random(cap);
                List<Block> blocks = new ArrayList<>();
                long used = 0;
                for (int step = 0; step < 10_000; step++) {
                    if (random.nextInt(100) < 52) {
                        int order = BlockPool.MIN_ORDER + random.nextInt(8);
                        int name = pool.allocate(order);
                        if (name != 0) {
                            blocks.add(new Block(name, order, step));
                            mark(pool, blocks.getLast());
                            used += 1L << order;
                        }
                    } else if (!blocks.isEmpty()) {
                        Block block = blocks.remove(random.nextInt(blocks.size()));
                        check(pool, block);
                        pool.free(block.name);
                        used -= 1L << block.order;
                    }
                    assertEquals(used, pool.usedBytes());
                    assertTrue(pool.reservedBytes() <= cap);
                }
                blocks.forEach(block -> check(pool, block));
                blocks.forEach(block -> pool.free(block.name));
                assertEquals(0, pool.usedBytes());
                int whole = pool.allocate(BlockPool.orderFor(65_536));
                assertTrue(whole != 0, "joined again");
                assertThrows(IllegalStateException.class, () -> freeTwice(pool, whole));
            }
        }
    }

    private static void freeTwice(BlockPool pool, int block) {
        pool.free(block);
        pool.free(block);
    }

    private static void mark(BlockPool pool, Block block) {
        MemorySegment slab = pool.segment(block.name);
        long at = pool.offset(block.name);
        slab.asSlice(at, 1L << block.order).fill((byte) block.mark);
        slab.set(JAVA_LONG, at, block.mark);
    }

    private static void check(BlockPool pool, Block block) {
        MemorySegment slab = pool.segment(block.name);
        long at = pool.offset(block.name);
        assertEquals(block.mark, slab.get(JAVA_LONG, at));
        for (long i = at + 8; i < at + (1L << block.order); i += 61) {
            assertEquals((byte) block.mark, slab.get(JAVA_BYTE, i));
        }
    }

    @Test
    void aCapBelowTheSmallestBlockGivesNothing() {
        try (Arena arena = Arena.ofConfined()) {
            BlockPool pool = new BlockPool(arena, 2_047, 20);
            assertEquals(0, pool.allocate(BlockPool.MIN_ORDER));
            assertEquals(0, pool.reservedBytes());
        }
    }
}
