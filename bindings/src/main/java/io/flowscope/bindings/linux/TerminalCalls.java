package io.flowscope.bindings.linux;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * The modes of a terminal, and stopping as Ctrl-Z does. Its size is {@link
 * DescriptorCalls#ioctl(ErrnoCapture, int, long, MemorySegment)} with {@code TIOCGWINSZ}.
 */
public final class TerminalCalls {
    private TerminalCalls() {}

    /** Puts the modes of a terminal into a {@code termios}. */
    public static int tcgetattr(ErrnoCapture errno, int descriptor, MemorySegment modes) {
        try {
            return errno.resultOf(
                    (int) Tcgetattr.HANDLE.invokeExact(errno.segment(), descriptor, modes));
        } catch (Throwable thrown) {
            throw Downcalls.rethrown(thrown);
        }
    }

    /**
     * Sets the modes of a terminal. Stops the process (SIGTTOU) while another one has the terminal.
     */
    public static int tcsetattr(ErrnoCapture errno, int descriptor, int when, MemorySegment modes) {
        try {
            return errno.resultOf(
                    (int) Tcsetattr.HANDLE.invokeExact(errno.segment(), descriptor, when, modes));
        } catch (Throwable thrown) {
            throw Downcalls.rethrown(thrown);
        }
    }

    /**
     * Sends a signal to the calling thread. One that stops the process has done so when this
     * returns, which is when the process goes on.
     */
    public static int raise(ErrnoCapture errno, int signal) {
        try {
            return errno.resultOf((int) Raise.HANDLE.invokeExact(errno.segment(), signal));
        } catch (Throwable thrown) {
            throw Downcalls.rethrown(thrown);
        }
    }

    private static final class Tcgetattr {
        static final MethodHandle HANDLE =
                Downcalls.capturing(linux_h.tcgetattr$address(), linux_h.tcgetattr$descriptor());
    }

    private static final class Tcsetattr {
        static final MethodHandle HANDLE =
                Downcalls.capturing(linux_h.tcsetattr$address(), linux_h.tcsetattr$descriptor());
    }

    private static final class Raise {
        static final MethodHandle HANDLE =
                Downcalls.capturing(linux_h.raise$address(), linux_h.raise$descriptor());
    }
}
