package io.flowscope.tracker.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flowscope.tracker.key.KeyBuffer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import java.lang.foreign.Arena;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

@Execution(ExecutionMode.CONCURRENT)
class FlowTableTest {
    private static KeyBuffer key(long number) {
        KeyBuffer key = new KeyBuffer();
        key.set(number, ~number, 0, 0, 0, 2, 0, false);
        return key;
    }

    /** Insertions and removals against a map, with hashes that collide as much as is asked for. */
    private static void compare(int capacity, int hashBits, long seed) {
        Random random = new Random(seed);
        Map<Long, Integer> model = new HashMap<>();
        try (Arena arena = Arena.ofConfined()) {
            FlowTable table = new FlowTable(arena, capacity, true, false, false);
            for (int i = 0; i < 20_000; i++) {
                long number = random.nextInt(capacity * 3) * 16L + 1;
                int hash = (int) (number * 0x9e3779b97f4a7c15L >>> 64 - hashBits) << 32 - hashBits;
                int found = table.find(key(number), hash);
                assertEquals(model.getOrDefault(number, FlowTable.NONE), found);
                if (found != FlowTable.NONE && random.nextBoolean()) {
                    table.remove(found, hash);
                    model.remove(number);
                } else if (found == FlowTable.NONE && !table.isFull()) {
                    int record = table.insert(key(number), hash);
                    table.memory()
                            .set(
                                    FlowLayout.LONG,
                                    table.at(record) + FlowLayout.BITS,
                                    FlowBits.LIVE);
                    assertTrue(record < capacity);
                    model.put(number, record);
                }
                assertEquals(model.size(), table.live());
            }
            for (Map.Entry<Long, Integer> entry : model.entrySet()) {
                KeyBuffer loaded = new KeyBuffer();
                table.loadKey(entry.getValue(), loaded);
                assertTrue(loaded.sameKey(key(entry.getKey())));
            }
        }
    }

    @Test
    void agreesWithAMap() {
        for (long seed = 0; seed < 20; seed++) {
            compare(1 + (int) seed * 13, 32, seed);
        }
    }

    @Test
    void agreesWithAMapThoughHashesCollide() {
        for (long seed = 0; seed < 20; seed++) {
            compare(1 + (int) seed * 3, 3, seed);
        }
    }

    @Test
    void recordsAreReusedMostRecentFirst() {
        try (Arena arena = Arena.ofConfined()) {
            FlowTable table = new FlowTable(arena, 10, true, false, false);
            for (int i = 0; i < 5; i++) {
                assertEquals(i, table.insert(key(i * 16 + 1), i * 1000));
            }
            table.remove(1, 1000);
            table.remove(3, 3000);
            assertEquals(3, table.insert(key(99 * 16 + 1), 5));
            assertEquals(1, table.insert(key(98 * 16 + 1), 6));
            assertEquals(5, table.insert(key(97 * 16 + 1), 7));
        }
    }

    @Test
    void timeoutsBeyondTheirNumberTakeTheNearestLonger() {
        Timeouts timeouts = new Timeouts();
        for (int i = 1; i <= 2048; i++) {
            timeouts.numberOf(i * 1000L);
        }
        assertEquals(1000, timeouts.briefestNanos());
        assertEquals(6000, timeouts.nanos(timeouts.numberOf(5001)));
        assertEquals(2_048_000, timeouts.nanos(timeouts.numberOf(Long.MAX_VALUE)));
    }

    @Test
    void interfacesBeyondTheirNumberAreUnknown() {
        InterfaceNames names = new InterfaceNames();
        for (int i = 0; i < 255; i++) {
            assertEquals(70_000 + i, names.index(names.numberOf(70_000 + i)));
        }
        assertEquals(0, names.numberOf(5));
        assertEquals(InterfaceNames.UNKNOWN, names.index(0));
        assertEquals(70_001, names.index(names.numberOf(70_001)));
    }
}
