package io.flowscope.bindings.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flowscope.bindings.Tools;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

class ErrnoTest {
    @TempDir private Path folder;

    @Test
    void namesAreThoseOfTheCLibrary() throws Exception {
        Tools.require(Tools.onPath("gcc"), "needs gcc");
        Path source = folder.resolve("names.c");
        Path program = folder.resolve("names");
        Files.writeString(
                source,
                """
                #define _GNU_SOURCE
                #include <stdio.h>
                #include <string.h>
                int main(void) {
                    for (int i = 1; i <= 200; i++) {
                        const char *name = strerrorname_np(i);
                        if (name) puts(name); else printf("errno %d\\n", i);
                    }
                }
                """);
        Tools.Outcome compiled =
                Tools.run(List.of("gcc", "-w", source.toString(), "-o", program.toString()));
        assertEquals(0, compiled.exitCode(), compiled.output());
        List<String> inC = Tools.run(List.of(program.toString())).output().lines().toList();
        assertEquals(inC, IntStream.rangeClosed(1, 200).mapToObj(Errno::name).toList());
    }

    @Test
    void aNumberWithoutANameIsShownAsItIs() {
        assertEquals("errno 0", Errno.name(0));
        assertEquals("errno -1", Errno.name(-1));
        assertEquals("errno 4711", Errno.name(4711));
    }

    @Test
    void aFailedCallReturnsItsErrnoNegatedAndLeavesItForReading() {
        try (Arena arena = Arena.ofConfined()) {
            ErrnoCapture errno = ErrnoCapture.allocate(arena);
            assertEquals(-linux_h.ENOENT(), FileCalls.open(errno, "/no/such/file", 0, 0));
            assertEquals("ENOENT", errno.name());
            assertEquals(-linux_h.EBADF(), DescriptorCalls.close(errno, -1));
            assertEquals("EBADF", errno.name());
            assertEquals(
                    -linux_h.EAFNOSUPPORT(),
                    SocketCalls.socket(errno, 999, linux_h.SOCK_DGRAM(), 0));
            assertEquals(linux_h.EAFNOSUPPORT(), errno.errno());
        }
    }

    @Test
    void errnoIsRightHoweverMuchTheJvmDoesInBetween() {
        try (Arena arena = Arena.ofConfined()) {
            ErrnoCapture errno = ErrnoCapture.allocate(arena);
            for (int round = 0; round < 20_000; round++) {
                int expected = round % 2 == 0 ? linux_h.EBADF() : linux_h.ESPIPE();
                long result =
                        round % 2 == 0
                                ? FileCalls.lseek(errno, -1, 0, linux_h.SEEK_CUR())
                                : FileCalls.posix_fadvise(errno, pipe(), 0, 0, 0);
                assertEquals(-expected, result);
            }
        }
    }

    private static int pipe() {
        return PipeHolder.READING_END;
    }

    private static final class PipeHolder {
        static final int READING_END;

        static {
            try (Arena arena = Arena.ofConfined()) {
                var ends = arena.allocate(8, 4);
                DescriptorCalls.pipe2(ErrnoCapture.allocate(arena), ends, linux_h.O_CLOEXEC());
                READING_END = ends.get(linux_h.C_INT, 0);
            }
        }
    }
}
