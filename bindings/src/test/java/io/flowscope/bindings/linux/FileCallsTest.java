package io.flowscope.bindings.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;

class FileCallsTest extends CallsTest {
    @TempDir private Path folder;

    @Test
    void whatIsWrittenIsReadBack() throws Exception {
        Path file = folder.resolve("file with spaces");
        int flags = linux_h.O_RDWR() | linux_h.O_CREAT() | linux_h.O_CLOEXEC();
        int descriptor = FileCalls.open(errno, file.toString(), flags, 0600);
        assertTrue(descriptor >= 0, errno::name);

        MemorySegment bytes = arena.allocateFrom("0123456789");
        assertEquals(10, FileCalls.pwrite(errno, descriptor, bytes, 10, 0));
        MemorySegment parts = iovec.allocateArray(2, arena);
        for (int i = 0; i < 2; i++) {
            iovec.iov_base(iovec.asSlice(parts, i), bytes);
            iovec.iov_len(iovec.asSlice(parts, i), 2);
        }
        assertEquals(10, FileCalls.lseek(errno, descriptor, 0, linux_h.SEEK_END()));
        assertEquals(4, FileCalls.writev(errno, descriptor, parts, 2));
        assertEquals(0, FileCalls.fdatasync(errno, descriptor));
        assertEquals(0, FileCalls.fsync(errno, descriptor));
        assertEquals("01234567890101", Files.readString(file));

        MemorySegment read = arena.allocate(8);
        assertEquals(2, FileCalls.pread(errno, descriptor, read, 2, 8));
        assertEquals("89", read.getString(0));
        assertEquals(0, FileCalls.lseek(errno, descriptor, 0, linux_h.SEEK_SET()));
        assertEquals(4, FileCalls.readv(errno, descriptor, parts, 2));
        assertEquals('2', bytes.get(ValueLayout.JAVA_BYTE, 0));

        assertEquals(
                0,
                FileCalls.posix_fadvise(errno, descriptor, 0, 0, linux_h.POSIX_FADV_SEQUENTIAL()));
        assertEquals(0, FileCalls.ftruncate(errno, descriptor, 3));
        assertEquals(3, Files.size(file));
        int reserved = FileCalls.fallocate(errno, descriptor, 0, 0, 4096);
        assertTrue(reserved == 0 || reserved == -linux_h.EOPNOTSUPP(), errno::name);
        assertEquals(0, DescriptorCalls.close(errno, descriptor));
    }
}
