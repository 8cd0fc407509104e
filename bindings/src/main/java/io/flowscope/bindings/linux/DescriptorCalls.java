package io.flowscope.bindings.linux;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * What any file descriptor answers to: reading, writing, waiting, control, closing. Lengths must
 * not exceed their segments.
 */
public final class DescriptorCalls {
    private DescriptorCalls() {}

    /** Closes a descriptor. It is gone even after EINTR: never repeat. */
    public static int close(ErrnoCapture errno, int descriptor) {
        try {
            return errno.resultOf((int) Close.HANDLE.invokeExact(errno.segment(), descriptor));
        } catch (Throwable thrown) {
            throw Downcalls.rethrown(thrown);
        }
    }

    /** Reads: bytes read, 0 at the end. */
    public static long read(
            ErrnoCapture errno, int descriptor, MemorySegment buffer, long lengthBytes) {
        try {
            return errno.resultOf(
                    (long)
                            Read.HANDLE.invokeExact(
                                    errno.segment(), descriptor, buffer, lengthBytes));
        } catch (Throwable thrown) {
            throw Downcalls.rethrown(thrown);
        }
    }

    /** Writes: bytes written. */
    public static long write(
            ErrnoCapture errno, int descriptor, MemorySegment buffer, long lengthBytes) {
        try {
            return errno.resultOf(
                    (long)
                            Write.HANDLE.invokeExact(
                                    errno.segment(), descriptor, buffer, lengthBytes));
        } catch (Throwable thrown) {
            throw Downcalls.rethrown(thrown);
        }
    }

    /**
     * Waits for {@code count} elements of {@code pollfd}: how many are ready, 0 after the time. A
     * negative time waits for ever.
     */
    public static int poll(
            ErrnoCapture errno, MemorySegment descriptors, long count, int timeoutMillis) {
        try {
            return errno.resultOf(
                    (int)
                            Poll.HANDLE.invokeExact(
                                    errno.segment(), descriptors, count, timeoutMillis));
        } catch (Throwable thrown) {
            throw Downcalls.rethrown(thrown);
        }
    }

    /** Opens an event counter: its descriptor. */
    public static int eventfd(ErrnoCapture errno, int initial, int flags) {
        try {
            return errno.resultOf(
                    (int) Eventfd.HANDLE.invokeExact(errno.segment(), initial, flags));
        } catch (Throwable thrown) {
            throw Downcalls.rethrown(thrown);
        }
    }

    /** Opens a pipe: the descriptors of its reading and its writing end are put into two ints. */
    public static int pipe2(ErrnoCapture errno, MemorySegment descriptors, int flags) {
        try {
            return errno.resultOf(
                    (int) Pipe2.HANDLE.invokeExact(errno.segment(), descriptors, flags));
        } catch (Throwable thrown) {
            throw Downcalls.rethrown(thrown);
        }
    }

    /** A request that takes a pointer. */
    public static int ioctl(
            ErrnoCapture errno, int descriptor, long request, MemorySegment argument) {
        try {
            return errno.resultOf(
                    (int) Ioctl.HANDLE.invokeExact(errno.segment(), descriptor, request, argument));
        } catch (Throwable thrown) {
            throw Downcalls.rethrown(thrown);
        }
    }

    /** A command that takes a number. */
    public static int fcntl(ErrnoCapture errno, int descriptor, int command, int argument) {
        try {
            return errno.resultOf(
                    (int) Fcntl.HANDLE.invokeExact(errno.segment(), descriptor, command, argument));
        } catch (Throwable thrown) {
            throw Downcalls.rethrown(thrown);
        }
    }

    private static final class Close {
        static final MethodHandle HANDLE =
                Downcalls.capturing(linux_h.close$address(), linux_h.close$descriptor());
    }

    private static final class Read {
        static final MethodHandle HANDLE =
                Downcalls.capturing(linux_h.read$address(), linux_h.read$descriptor());
    }

    private static final class Write {
        static final MethodHandle HANDLE =
                Downcalls.capturing(linux_h.write$address(), linux_h.write$descriptor());
    }

    private static final class Poll {
        static final MethodHandle HANDLE =
                Downcalls.capturing(linux_h.poll$address(), linux_h.poll$descriptor());
    }

    private static final class Eventfd {
        static final MethodHandle HANDLE =
                Downcalls.capturing(linux_h.eventfd$address(), linux_h.eventfd$descriptor());
    }

    private static final class Pipe2 {
        static final MethodHandle HANDLE =
                Downcalls.capturing(
                        "pipe2",
                        FunctionDescriptor.of(linux_h.C_INT, linux_h.C_POINTER, linux_h.C_INT));
    }

    private static final class Ioctl {
        static final MethodHandle HANDLE =
                Downcalls.variadic(
                        linux_h.ioctl.address(),
                        2,
                        FunctionDescriptor.of(
                                linux_h.C_INT, linux_h.C_INT, linux_h.C_LONG, linux_h.C_POINTER));
    }

    private static final class Fcntl {
        static final MethodHandle HANDLE =
                Downcalls.variadic(
                        linux_h.fcntl.address(),
                        2,
                        FunctionDescriptor.of(
                                linux_h.C_INT, linux_h.C_INT, linux_h.C_INT, linux_h.C_INT));
    }
}
