package io.flowscope.bindings.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flowscope.bindings.Tools;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

class ErrnoTest {
    @TempDir private Path folder;

    /** A library may be older than the last names of ours, or know numbers beyond them. */
    @Test
    void namesAreThoseOfTheCLibrary() throws Exception {
        Tools.require(Tools.onPath("gcc"), "needs gcc");
        Tools.require(Tools.inTheCLibrary("strerrorname_np"), "needs glibc 2.32 or newer");
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
                        if (name) printf("%d %s\\n", i, name);
                    }
                }
                """);
        Tools.Outcome compiled =
                Tools.run(List.of("gcc", "-w", source.toString(), "-o", program.toString()));
        assertEquals(0, compiled.exitCode(), compiled.output());
        List<String> inC = Tools.run(List.of(program.toString())).output().lines().toList();
        assertEquals(
                inC.stream().filter(named -> numberOf(named) <= Errno.highest()).toList(),
                inC.stream()
                        .map(ErrnoTest::numberOf)
                        .filter(number -> number <= Errno.highest())
                        .map(number -> number + " " + Errno.name(number))
                        .toList());
        assertTrue(inC.size() > 130, inC::toString);
    }

    private static int numberOf(String named) {
        return Integer.parseInt(named.substring(0, named.indexOf(' ')));
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
            MemorySegment ends = arena.allocate(8, 4);
            assertEquals(0, DescriptorCalls.pipe2(errno, ends, linux_h.O_CLOEXEC()));
            int pipe = ends.getAtIndex(linux_h.C_INT, 0);
            for (int round = 0; round < 20_000; round++) {
                boolean none = round % 2 == 0;
                int expected = none ? linux_h.EBADF() : linux_h.ESPIPE();
                long result = FileCalls.lseek(errno, none ? -1 : pipe, 0, linux_h.SEEK_CUR());
                assertEquals(-expected, result);
                Thread.yield();
                assertEquals(expected, errno.errno());
            }
            assertEquals(0, DescriptorCalls.close(errno, pipe));
            assertEquals(0, DescriptorCalls.close(errno, ends.getAtIndex(linux_h.C_INT, 1)));
        }
    }
}
