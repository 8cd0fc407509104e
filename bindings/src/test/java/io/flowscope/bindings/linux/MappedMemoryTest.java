package io.flowscope.bindings.linux;

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
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

class MappedMemoryTest extends CallsTest {
    private static final long LENGTH_BYTES = 13 * 4096;
    private static final long MIB = 1 << 20;

    private MemorySegment anonymous(Arena owner, long lengthBytes) {
        return MappedMemory.map(
                errno,
                owner,
                lengthBytes,
                linux_h.PROT_READ() | linux_h.PROT_WRITE(),
                linux_h.MAP_PRIVATE() | linux_h.MAP_ANONYMOUS(),
                -1,
                0);
    }

    @Test
    void aRegionHasExactlyTheSizeThatWasAskedFor() {
        MemorySegment region = anonymous(arena, LENGTH_BYTES);
        assertEquals(LENGTH_BYTES, region.byteSize());
        region.set(ValueLayout.JAVA_BYTE, LENGTH_BYTES - 1, (byte) 1);
        assertThrows(
                IndexOutOfBoundsException.class,
                () -> region.get(ValueLayout.JAVA_BYTE, LENGTH_BYTES));
    }

    @Test
    void closingTheArenaUnmapsTheRegion() throws IOException {
        Arena owner = Arena.ofShared();
        MemorySegment region = anonymous(owner, LENGTH_BYTES);
        long address = region.address();
        assertTrue(isMapped(address));
        owner.close();
        assertFalse(isMapped(address));
        assertFalse(isMapped(address + LENGTH_BYTES - 1));
        assertThrows(IllegalStateException.class, () -> region.get(ValueLayout.JAVA_BYTE, 0));
    }

    @Test
    void aRefusedMappingIsTheNullSegmentWithItsErrno() {
        MemorySegment none = anonymous(arena, 0);
        assertEquals(MemorySegment.NULL, none);
        assertEquals("EINVAL", errno.name());
        assertEquals(MemorySegment.NULL, anonymous(arena, Long.MAX_VALUE));
        assertEquals("ENOMEM", errno.name());
    }

    @Test
    void anArenaThatRefusesLeavesNothingMapped() throws Exception {
        Arena closed = Arena.ofShared();
        closed.close();
        Arena ofAnother = CompletableFuture.supplyAsync(Arena::ofConfined).get();
        long before = mappedBytes();
        for (int i = 0; i < 100; i++) {
            assertThrows(IllegalStateException.class, () -> anonymous(closed, 64 * MIB));
            assertThrows(WrongThreadException.class, () -> anonymous(ofAnother, 64 * MIB));
        }
        // Half of what either of them would leave behind; the JVM itself maps something as well.
        assertTrue(mappedBytes() < before + 50 * 64 * MIB, "regions were left behind");
    }

    @Test
    void adviceLocksAndProtectionReachTheRegion() {
        MemorySegment region = anonymous(arena, LENGTH_BYTES);
        assertEquals(0, MappedMemory.madvise(errno, region, LENGTH_BYTES, linux_h.MADV_WILLNEED()));
        assertEquals(-linux_h.EINVAL(), MappedMemory.madvise(errno, region, LENGTH_BYTES, 4711));
        assertEquals(0, MappedMemory.mlock(errno, region, 4096));
        assertEquals(0, MappedMemory.munlock(errno, region, 4096));
        assertEquals(0, MappedMemory.mprotect(errno, region, LENGTH_BYTES, linux_h.PROT_READ()));
    }

    @Test
    void whatIsWrittenToAMappedFileIsInTheFile() {
        int file = FileCalls.memfd_create(errno, "test", 0);
        assertEquals(0, FileCalls.ftruncate(errno, file, 4096));
        MemorySegment region =
                MappedMemory.map(
                        errno,
                        arena,
                        4096,
                        linux_h.PROT_READ() | linux_h.PROT_WRITE(),
                        linux_h.MAP_SHARED(),
                        file,
                        0);
        region.setString(0, "mapped");
        assertEquals(0, MappedMemory.msync(errno, region, 4096, linux_h.MS_SYNC()));
        MemorySegment read = arena.allocate(6);
        assertEquals(6, FileCalls.pread(errno, file, read, 6, 0));
        assertEquals(-1, read.mismatch(region.asSlice(0, 6)));
        assertEquals(0, DescriptorCalls.close(errno, file));
    }

    private static long mappedBytes() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
            String line = lines.filter(l -> l.startsWith("VmSize:")).findFirst().orElseThrow();
            return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
        }
    }

    private static boolean isMapped(long address) throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
            return lines.map(line -> line.split("[- ]", 3))
                    .anyMatch(
                            range ->
                                    Long.parseUnsignedLong(range[0], 16) <= address
                                            && address < Long.parseUnsignedLong(range[1], 16));
        }
    }
}
