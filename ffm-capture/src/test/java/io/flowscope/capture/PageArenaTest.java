package io.flowscope.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;

class PageArenaTest {
    private static final long LARGE = 1L << 30;

    @Test
    void largeMemoryIsZeroAlignedAndTakenWhereItIsTouched() throws IOException {
        try (Arena arena = PageArena.ofShared()) {
            long before = residentPages();
            MemorySegment memory = arena.allocate(LARGE, 64);
            assertEquals(LARGE, memory.byteSize());
            assertEquals(0, memory.address() % (2 << 20));
            memory.set(ValueLayout.JAVA_LONG, LARGE - 8, 1);
            assertEquals(0, memory.get(ValueLayout.JAVA_LONG, LARGE / 2));
            long takenBytes = (residentPages() - before) * 4096;
            assertTrue(takenBytes < LARGE / 4, takenBytes + " bytes");
        }
    }

    @Test
    void closingUnmaps() throws IOException {
        Arena arena = PageArena.ofShared();
        MemorySegment memory = arena.allocate(LARGE, 64);
        String address = Long.toHexString(memory.address());
        assertTrue(isMapped(memory.address()), address);
        arena.close();
        assertFalse(isMapped(memory.address()), address);
        assertThrows(IllegalStateException.class, () -> memory.get(ValueLayout.JAVA_LONG, 0));
    }

    @Test
    void smallMemoryIsOrdinary() {
        try (Arena arena = PageArena.ofShared()) {
            MemorySegment memory = arena.allocate(100, 16);
            assertEquals(100, memory.byteSize());
            assertEquals(arena.scope(), memory.scope());
        }
    }

    @Test
    void moreThanTheMachineCanMapIsAnOutOfMemoryError() {
        try (Arena arena = PageArena.ofShared()) {
            assertThrows(OutOfMemoryError.class, () -> arena.allocate(1L << 50, 64));
        }
    }

    private static long residentPages() throws IOException {
        String[] pages = Files.readString(Path.of("/proc/self/statm")).split(" ", -1);
        return Long.parseLong(pages[1]);
    }

    private static boolean isMapped(long address) throws IOException {
        try (var lines = Files.lines(Path.of("/proc/self/maps"))) {
            return lines.anyMatch(
                    line -> {
                        String[] range = line.substring(0, line.indexOf(' ')).split("-", -1);
                        return Long.compareUnsigned(Long.parseUnsignedLong(range[0], 16), address)
                                        <= 0
                                && Long.compareUnsigned(
                                                address, Long.parseUnsignedLong(range[1], 16))
                                        < 0;
                    });
        }
    }
}
