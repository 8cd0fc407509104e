package io.flowscope.bindings.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flowscope.bindings.Tools;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;

/** Calls on a pseudo-terminal of the test's own; its controlling side has modes and a size. */
class TerminalCallsTest extends CallsTest {
    private int terminal;

    @BeforeEach
    void openTheTerminal() {
        Tools.require(Files.exists(Path.of("/dev/ptmx")), "needs /dev/ptmx");
        terminal = FileCalls.open(errno, "/dev/ptmx", linux_h.O_RDWR() | linux_h.O_CLOEXEC(), 0);
        assertTrue(terminal >= 0, "/dev/ptmx: " + errno.name());
    }

    @AfterEach
    void closeTheTerminal() {
        DescriptorCalls.close(errno, terminal);
    }

    @Test
    void modesThatAreSetAreThoseThatAreThere() {
        MemorySegment modes = termios.allocate(arena);
        assertEquals(0, TerminalCalls.tcgetattr(errno, terminal, modes));
        int before = termios.c_lflag(modes);
        assertNotEquals(0, before & linux_h.ICANON(), "a line at a time, at first");
        int pause = Byte.toUnsignedInt(termios.c_cc(modes, linux_h.VSUSP()));
        assertEquals('Z' - '@', pause);

        termios.c_lflag(modes, before & ~(linux_h.ICANON() | linux_h.ECHO()));
        termios.c_cc(modes, linux_h.VSUSP(), (byte) 0);
        assertEquals(0, TerminalCalls.tcsetattr(errno, terminal, linux_h.TCSANOW(), modes));

        MemorySegment after = termios.allocate(arena);
        assertEquals(0, TerminalCalls.tcgetattr(errno, terminal, after));
        assertEquals(before & ~(linux_h.ICANON() | linux_h.ECHO()), termios.c_lflag(after));
        assertEquals(0, termios.c_cc(after, linux_h.VSUSP()));
    }

    @Test
    void theSizeIsInRowsAndColumns() {
        MemorySegment size = winsize.allocate(arena);
        size.fill((byte) -1);
        assertEquals(0, DescriptorCalls.ioctl(errno, terminal, linux_h.TIOCGWINSZ(), size));
        assertEquals(0, winsize.ws_row(size), "nobody has said");
        assertEquals(0, winsize.ws_col(size));
        assertEquals(8, winsize.sizeof());
    }

    @Test
    void whatIsNoTerminalSaysSo() {
        MemorySegment ends = arena.allocate(8, 4);
        assertEquals(0, DescriptorCalls.pipe2(errno, ends, linux_h.O_CLOEXEC()));
        int pipe = ends.getAtIndex(ValueLayout.JAVA_INT, 0);
        MemorySegment modes = termios.allocate(arena);
        assertEquals(-linux_h.ENOTTY(), TerminalCalls.tcgetattr(errno, pipe, modes));
        assertEquals(
                -linux_h.ENOTTY(),
                DescriptorCalls.ioctl(errno, pipe, linux_h.TIOCGWINSZ(), winsize.allocate(arena)));
        DescriptorCalls.close(errno, pipe);
        DescriptorCalls.close(errno, ends.getAtIndex(ValueLayout.JAVA_INT, 1));
    }

    @Test
    void aSignalThatThereIsNotIsRefused() {
        assertEquals(-linux_h.EINVAL(), TerminalCalls.raise(errno, 4711));
    }
}
