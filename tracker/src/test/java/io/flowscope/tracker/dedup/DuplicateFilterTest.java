package io.flowscope.tracker.dedup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.util.Random;

@Execution(ExecutionMode.CONCURRENT)
class DuplicateFilterTest {
    private static final int UNKNOWN = 0;
    private static final int IN = 1;
    private static final int OUT = 2;
    private static final long MILLI = 1_000_000;

    private final Arena arena = Arena.ofConfined();
    private final MemorySegment memory = arena.allocate(4_096);

    @AfterEach
    void free() {
        arena.close();
    }

    private boolean offer(DuplicateFilter filter, int content, long time, int direction) {
        memory.set(ValueLayout.JAVA_INT, 40, content);
        return filter.isDuplicate(memory, 0, 100, 100, time, direction);
    }

    @Test
    void theSecondCopyWithinTheWindowIsADuplicateAndOneLaterIsNot() {
        DuplicateFilter filter = new DuplicateFilter(DuplicateOptions.mirror());
        assertFalse(offer(filter, 1, 0, UNKNOWN));
        assertTrue(offer(filter, 1, MILLI, UNKNOWN));
        assertFalse(offer(filter, 1, MILLI + 1, UNKNOWN));
        assertEquals(3, filter.seen());
        assertEquals(1, filter.dropped());
    }

    @Test
    void onLoopbackAFrameComesBackOnceAndARealRepetitionIsKept() {
        DuplicateFilter filter = new DuplicateFilter(DuplicateOptions.loopback());
        assertFalse(offer(filter, 1, 0, OUT));
        assertFalse(offer(filter, 1, 1, OUT), "sent again");
        assertTrue(offer(filter, 1, 2, IN));
        assertTrue(offer(filter, 1, 3, IN));
        assertFalse(offer(filter, 1, 4, IN), "both have come back already");
    }

    @Test
    void onAMirrorPortDirectionsDoNotMatter() {
        DuplicateFilter filter = new DuplicateFilter(DuplicateOptions.mirror());
        assertFalse(offer(filter, 1, 0, IN));
        assertTrue(offer(filter, 1, 1, IN));
        assertTrue(offer(filter, 1, 2, IN));
    }

    @Test
    void aFrameIsForgottenAfterSoManyOthers() {
        DuplicateFilter filter = new DuplicateFilter(new DuplicateOptions(MILLI, 4, true));
        for (int content = 1; content <= 5; content++) {
            assertFalse(offer(filter, content, 0, UNKNOWN));
        }
        assertTrue(offer(filter, 2, 0, UNKNOWN));
        assertFalse(offer(filter, 1, 0, UNKNOWN));
    }

    @Test
    void oneChangedBitAnywhereOrAnotherLengthIsAnotherFrame() {
        DuplicateFilter filter = new DuplicateFilter(new DuplicateOptions(MILLI, 65_536, true));
        for (int length = 0; length < 100; length++) {
            assertFalse(filter.isDuplicate(memory, 0, length, length, 0, UNKNOWN));
            assertTrue(filter.isDuplicate(memory, 0, length, length, 0, UNKNOWN));
            assertFalse(filter.isDuplicate(memory, 0, length, length + 1_000, 0, UNKNOWN));
        }
        for (int bit = 0; bit < 1_514 * 8; bit++) {
            byte before = memory.get(ValueLayout.JAVA_BYTE, bit / 8);
            memory.set(ValueLayout.JAVA_BYTE, bit / 8, (byte) (before ^ 1 << bit % 8));
            assertFalse(filter.isDuplicate(memory, 0, 1_514, 1_514, 0, UNKNOWN), "bit " + bit);
            memory.set(ValueLayout.JAVA_BYTE, bit / 8, before);
        }
    }

    @Test
    void randomFramesAreJudgedAsByALongList() {
        record Seen(int content, long time, int direction) {}
        for (int seed = 0; seed < 50; seed++) {
            Random random = new Random(seed);
            int frames = 1 + random.nextInt(20);
            boolean same = random.nextBoolean();
            DuplicateFilter filter = new DuplicateFilter(new DuplicateOptions(10, frames, same));
            Seen[] ring = new Seen[frames];
            int place = 0;
            long time = 0;
            for (int i = 0; i < 2_000; i++) {
                time += random.nextInt(4);
                int content = random.nextInt(12);
                int direction = random.nextInt(3);
                int found = -1;
                for (int back = 1; back <= frames && found < 0; back++) {
                    int at = Math.floorMod(place - back, frames);
                    Seen one = ring[at];
                    boolean fits =
                            same
                                    || direction == UNKNOWN
                                    || one != null && one.direction != direction;
                    if (one != null && one.content == content && time - one.time <= 10 && fits) {
                        found = at;
                    }
                }
                assertEquals(found >= 0, offer(filter, content, time, direction));
                if (found < 0) {
                    ring[place] = new Seen(content, time, direction);
                    place = (place + 1) % frames;
                } else if (!same && direction != UNKNOWN) {
                    ring[found] = null;
                }
            }
        }
    }

    @Test
    @Tag("unchecked")
    void aFrameAllocatesNothing() {
        DuplicateFilter filter = new DuplicateFilter(DuplicateOptions.loopback());
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        int rounds = 0;
        // The compiler takes its time on a busy machine.
        while (rounds < 2 || least >= 1_000 && rounds < 50) {
            rounds++;
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 20_000; i++) {
                offer(filter, i / 2, i, 1 + i % 2);
            }
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        assertTrue(least < 1_000, "allocated " + least);
        assertEquals(rounds * 10_000, filter.dropped());
    }

    @Test
    void mistakesInOptionsAreNamedTogether() {
        IllegalArgumentException e =
                assertThrows(
                        IllegalArgumentException.class, () -> new DuplicateOptions(-1, 0, true));
        assertEquals("windowNanos: 0 or more, was -1; frames: 1 to 65536, was 0", e.getMessage());
    }
}
