package io.flowscope.bindings.linux;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * Sending and receiving. Lengths are explicit so that one segment can serve for buffers of any use;
 * they must not exceed the segment.
 */
public final class MessageCalls {
    private MessageCalls() {}

    /** Sends to the peer: bytes sent. */
    public static long send(
            ErrnoCapture errno, int descriptor, MemorySegment buffer, long lengthBytes, int flags) {
        try {
            return errno.resultOf(
                    (long)
                            Send.HANDLE.invokeExact(
                                    errno.segment(), descriptor, buffer, lengthBytes, flags));
        } catch (Throwable thrown) {
            throw Downcalls.rethrown(thrown);
        }
    }

    /** Sends to an address: bytes sent. */
    public static long sendto(
            ErrnoCapture errno,
            int descriptor,
            MemorySegment buffer,
            long lengthBytes,
            int flags,
            MemorySegment address,
            int addressBytes) {
        try {
            return errno.resultOf(
                    (long)
                            Sendto.HANDLE.invokeExact(
                                    errno.segment(),
                                    descriptor,
                                    buffer,
                                    lengthBytes,
                                    flags,
                                    address,
                                    addressBytes));
        } catch (Throwable thrown) {
            throw Downcalls.rethrown(thrown);
        }
    }

    /** Sends one {@code msghdr}: bytes sent. */
    public static long sendmsg(
            ErrnoCapture errno, int descriptor, MemorySegment message, int flags) {
        try {
            return errno.resultOf(
                    (long) Sendmsg.HANDLE.invokeExact(errno.segment(), descriptor, message, flags));
        } catch (Throwable thrown) {
            throw Downcalls.rethrown(thrown);
        }
    }

    /** Receives into a buffer: bytes received. */
    public static long recv(
            ErrnoCapture errno, int descriptor, MemorySegment buffer, long lengthBytes, int flags) {
        try {
            return errno.resultOf(
                    (long)
                            Recv.HANDLE.invokeExact(
                                    errno.segment(), descriptor, buffer, lengthBytes, flags));
        } catch (Throwable thrown) {
            throw Downcalls.rethrown(thrown);
        }
    }

    /** Receives, with the sender; {@code addressBytes} is an int in and out. */
    public static long recvfrom(
            ErrnoCapture errno,
            int descriptor,
            MemorySegment buffer,
            long lengthBytes,
            int flags,
            MemorySegment address,
            MemorySegment addressBytes) {
        try {
            return errno.resultOf(
                    (long)
                            Recvfrom.HANDLE.invokeExact(
                                    errno.segment(),
                                    descriptor,
                                    buffer,
                                    lengthBytes,
                                    flags,
                                    address,
                                    addressBytes));
        } catch (Throwable thrown) {
            throw Downcalls.rethrown(thrown);
        }
    }

    /** Receives into one {@code msghdr}: bytes received. */
    public static long recvmsg(
            ErrnoCapture errno, int descriptor, MemorySegment message, int flags) {
        try {
            return errno.resultOf(
                    (long) Recvmsg.HANDLE.invokeExact(errno.segment(), descriptor, message, flags));
        } catch (Throwable thrown) {
            throw Downcalls.rethrown(thrown);
        }
    }

    /** Sends {@code count} elements of a {@link MessageVector}: how many went. */
    public static int sendmmsg(
            ErrnoCapture errno, int descriptor, MemorySegment messages, int count, int flags) {
        try {
            return errno.resultOf(
                    (int)
                            Sendmmsg.HANDLE.invokeExact(
                                    errno.segment(), descriptor, messages, count, flags));
        } catch (Throwable thrown) {
            throw Downcalls.rethrown(thrown);
        }
    }

    /**
     * Receives up to {@code count} elements of a {@link MessageVector}: how many came. {@code
     * timeout} is a {@code timespec} or {@link MemorySegment#NULL}; it is looked at after each
     * message only.
     */
    public static int recvmmsg(
            ErrnoCapture errno,
            int descriptor,
            MemorySegment messages,
            int count,
            int flags,
            MemorySegment timeout) {
        try {
            return errno.resultOf(
                    (int)
                            Recvmmsg.HANDLE.invokeExact(
                                    errno.segment(), descriptor, messages, count, flags, timeout));
        } catch (Throwable thrown) {
            throw Downcalls.rethrown(thrown);
        }
    }

    private static final class Send {
        static final MethodHandle HANDLE =
                Downcalls.capturing(linux_h.send$address(), linux_h.send$descriptor());
    }

    private static final class Sendto {
        static final MethodHandle HANDLE =
                Downcalls.capturing(linux_h.sendto$address(), linux_h.sendto$descriptor());
    }

    private static final class Sendmsg {
        static final MethodHandle HANDLE =
                Downcalls.capturing(linux_h.sendmsg$address(), linux_h.sendmsg$descriptor());
    }

    private static final class Recv {
        static final MethodHandle HANDLE =
                Downcalls.capturing(linux_h.recv$address(), linux_h.recv$descriptor());
    }

    private static final class Recvfrom {
        static final MethodHandle HANDLE =
                Downcalls.capturing(linux_h.recvfrom$address(), linux_h.recvfrom$descriptor());
    }

    private static final class Recvmsg {
        static final MethodHandle HANDLE =
                Downcalls.capturing(linux_h.recvmsg$address(), linux_h.recvmsg$descriptor());
    }

    private static final class Sendmmsg {
        static final MethodHandle HANDLE =
                Downcalls.capturing(
                        "sendmmsg",
                        FunctionDescriptor.of(
                                linux_h.C_INT,
                                linux_h.C_INT,
                                linux_h.C_POINTER,
                                linux_h.C_INT,
                                linux_h.C_INT));
    }

    private static final class Recvmmsg {
        static final MethodHandle HANDLE =
                Downcalls.capturing(
                        "recvmmsg",
                        FunctionDescriptor.of(
                                linux_h.C_INT,
                                linux_h.C_INT,
                                linux_h.C_POINTER,
                                linux_h.C_INT,
                                linux_h.C_INT,
                                linux_h.C_POINTER));
    }
}
