package io.flowscope.cli.top;

import io.flowscope.bindings.linux.DescriptorCalls;
import io.flowscope.bindings.linux.ErrnoCapture;
import io.flowscope.bindings.linux.TerminalCalls;
import io.flowscope.bindings.linux.linux_h;
import io.flowscope.bindings.linux.termios;
import io.flowscope.bindings.linux.winsize;

import org.jspecify.annotations.Nullable;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The terminal that is this process's standard output. Between {@link #enter} and {@link #leave} it
 * shows its other screen, without a cursor, and hands over every key at once and unseen; Ctrl-C
 * stays a signal. Any thread may call; whatever happens to the others, {@link #leave} gives the
 * terminal back as it was.
 */
public final class Terminal {
    private static final int INPUT = 0;
    private static final int OUTPUT = 1;

    /** The other screen, no cursor, no line that goes on in the next one. */
    private static final byte[] ENTER =
            ascii("\u001b[?1049h\u001b[?25l\u001b[?7l\u001b[H\u001b[2J");

    private static final byte[] LEAVE = ascii("\u001b[m\u001b[?7h\u001b[?25h\u001b[?1049l");

    /** How long whoever gives the terminal back waits for a writer that may be stuck. */
    private static final int PATIENCE_SECONDS = 1;

    private final OutputStream out;

    /** As they were; in memory that lives as long as this object. */
    private final MemorySegment modes;

    private final ReentrantLock lock = new ReentrantLock();
    private boolean entered;

    private Terminal(OutputStream out, MemorySegment modes) {
        this.out = out;
        this.modes = modes;
    }

    /**
     * The terminal, or null if standard output is none, or none that could be controlled.
     *
     * @param out standard output
     */
    public static @Nullable Terminal of(OutputStream out) {
        try (Arena arena = Arena.ofConfined()) {
            // First, for it says where native access is denied; a layout would only fail to load.
            ErrnoCapture errno = ErrnoCapture.allocate(arena);
            MemorySegment modes = termios.allocate(Arena.ofAuto());
            return TerminalCalls.tcgetattr(errno, OUTPUT, modes) == 0
                    ? new Terminal(out, modes)
                    : null;
        } catch (UnsupportedOperationException | IllegalCallerException notHere) {
            return null;
        }
    }

    /** Takes the terminal. */
    void enter() throws IOException {
        lock.lock();
        try {
            if (!entered) {
                entered = true;
                set(raw());
                out.write(ENTER);
                out.flush();
            }
        } finally {
            lock.unlock();
        }
    }

    private MemorySegment raw() {
        MemorySegment raw = termios.allocate(Arena.ofAuto()).copyFrom(modes);
        termios.c_lflag(raw, termios.c_lflag(raw) & ~(linux_h.ICANON() | linux_h.ECHO()));
        // Ctrl-S would block whoever draws.
        termios.c_iflag(raw, termios.c_iflag(raw) & ~linux_h.IXON());
        termios.c_cc(raw, linux_h.VMIN(), (byte) 1);
        termios.c_cc(raw, linux_h.VTIME(), (byte) 0);
        // Ctrl-Z comes as a key: the terminal must be given back before the process stops.
        termios.c_cc(raw, linux_h.VSUSP(), (byte) 0);
        return raw;
    }

    private static void set(MemorySegment modes) {
        try (Arena arena = Arena.ofConfined()) {
            // A terminal that is gone has no modes.
            TerminalCalls.tcsetattr(ErrnoCapture.allocate(arena), OUTPUT, linux_h.TCSANOW(), modes);
        }
    }

    /** Gives the terminal back. Does nothing if it was not taken. */
    void leave() {
        boolean locked = false;
        try {
            locked = lock.tryLock(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        try {
            if (entered) {
                entered = false;
                set(modes);
                if (locked) {
                    out.write(LEAVE);
                    out.flush();
                }
            }
        } catch (IOException nobodyLooksAnyMore) {
            return;
        } finally {
            if (locked) {
                lock.unlock();
            }
        }
    }

    /** Stops the process as Ctrl-Z does; returns when the shell lets it go on. */
    void suspend() throws IOException {
        leave();
        try (Arena arena = Arena.ofConfined()) {
            TerminalCalls.raise(ErrnoCapture.allocate(arena), linux_h.SIGTSTP());
        }
        enter();
    }

    /** How large it is now. */
    Size size() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment size = winsize.allocate(arena);
            ErrnoCapture errno = ErrnoCapture.allocate(arena);
            int result = DescriptorCalls.ioctl(errno, OUTPUT, linux_h.TIOCGWINSZ(), size);
            int columns = Short.toUnsignedInt(winsize.ws_col(size));
            int rows = Short.toUnsignedInt(winsize.ws_row(size));
            return result < 0 || columns == 0 || rows == 0 ? Size.USUAL : new Size(columns, rows);
        }
    }

    /** Writes a whole frame, unless the terminal was given back. */
    void draw(byte[] frame) throws IOException {
        lock.lock();
        try {
            if (entered) {
                out.write(frame);
                out.flush();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Draws everything anew from the next frame on, whatever others have done to the screen. */
    void reset() throws IOException {
        draw(ENTER);
    }

    /** Where key presses come from: standard input, or if packets do, the terminal itself. */
    InputStream keys() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            ErrnoCapture errno = ErrnoCapture.allocate(arena);
            return TerminalCalls.tcgetattr(errno, INPUT, termios.allocate(arena)) == 0
                    ? new FileInputStream(FileDescriptor.in)
                    : new FileInputStream("/dev/tty");
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
