package io.flowscope.bindings.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** Opening, naming and configuring sockets. */
public final class SocketCalls {
    private SocketCalls() {}

    /** Opens a socket: its descriptor. */
    public static int socket(ErrnoCapture errno, int domain, int type, int protocol) {
        try {
            return errno.resultOf(
                    (int) Socket.HANDLE.invokeExact(errno.segment(), domain, type, protocol));
        } catch (Throwable thrown) {
            throw Downcalls.rethrown(thrown);
        }
    }

    /** Opens two connected sockets: their descriptors are put into two ints. */
    public static int socketpair(
            ErrnoCapture errno, int domain, int type, int protocol, MemorySegment descriptors) {
        try {
            return errno.resultOf(
                    (int)
                            Socketpair.HANDLE.invokeExact(
                                    errno.segment(), domain, type, protocol, descriptors));
        } catch (Throwable thrown) {
            throw Downcalls.rethrown(thrown);
        }
    }

    /** Gives a socket its local address. */
    public static int bind(
            ErrnoCapture errno, int descriptor, MemorySegment address, int addressBytes) {
        try {
            return errno.resultOf(
                    (int)
                            Bind.HANDLE.invokeExact(
                                    errno.segment(), descriptor, address, addressBytes));
        } catch (Throwable thrown) {
            throw Downcalls.rethrown(thrown);
        }
    }

    /** Gives a socket its peer. */
    public static int connect(
            ErrnoCapture errno, int descriptor, MemorySegment address, int addressBytes) {
        try {
            return errno.resultOf(
                    (int)
                            Connect.HANDLE.invokeExact(
                                    errno.segment(), descriptor, address, addressBytes));
        } catch (Throwable thrown) {
            throw Downcalls.rethrown(thrown);
        }
    }

    /** Reads the local address; {@code addressBytes} is an int in and out. */
    public static int getsockname(
            ErrnoCapture errno, int descriptor, MemorySegment address, MemorySegment addressBytes) {
        try {
            return errno.resultOf(
                    (int)
                            Getsockname.HANDLE.invokeExact(
                                    errno.segment(), descriptor, address, addressBytes));
        } catch (Throwable thrown) {
            throw Downcalls.rethrown(thrown);
        }
    }

    /** Sets an option of a socket. */
    public static int setsockopt(
            ErrnoCapture errno,
            int descriptor,
            int level,
            int option,
            MemorySegment value,
            int valueBytes) {
        try {
            return errno.resultOf(
                    (int)
                            Setsockopt.HANDLE.invokeExact(
                                    errno.segment(), descriptor, level, option, value, valueBytes));
        } catch (Throwable thrown) {
            throw Downcalls.rethrown(thrown);
        }
    }

    /** Reads an option of a socket; {@code valueBytes} is an int in and out. */
    public static int getsockopt(
            ErrnoCapture errno,
            int descriptor,
            int level,
            int option,
            MemorySegment value,
            MemorySegment valueBytes) {
        try {
            return errno.resultOf(
                    (int)
                            Getsockopt.HANDLE.invokeExact(
                                    errno.segment(), descriptor, level, option, value, valueBytes));
        } catch (Throwable thrown) {
            throw Downcalls.rethrown(thrown);
        }
    }

    /** Ends one direction of a socket, or both; whoever waits on it wakes. */
    public static int shutdown(ErrnoCapture errno, int descriptor, int how) {
        try {
            return errno.resultOf(
                    (int) Shutdown.HANDLE.invokeExact(errno.segment(), descriptor, how));
        } catch (Throwable thrown) {
            throw Downcalls.rethrown(thrown);
        }
    }

    /** Sets an option that is an int. Allocates; for setting up, not for every packet. */
    public static int setsockopt(
            ErrnoCapture errno, int descriptor, int level, int option, int value) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment holder = arena.allocateFrom(ValueLayout.JAVA_INT, value);
            return setsockopt(errno, descriptor, level, option, holder, Integer.BYTES);
        }
    }

    private static final class Socket {
        static final MethodHandle HANDLE =
                Downcalls.capturing(linux_h.socket$address(), linux_h.socket$descriptor());
    }

    private static final class Socketpair {
        static final MethodHandle HANDLE =
                Downcalls.capturing(linux_h.socketpair$address(), linux_h.socketpair$descriptor());
    }

    private static final class Bind {
        static final MethodHandle HANDLE =
                Downcalls.capturing(linux_h.bind$address(), linux_h.bind$descriptor());
    }

    private static final class Connect {
        static final MethodHandle HANDLE =
                Downcalls.capturing(linux_h.connect$address(), linux_h.connect$descriptor());
    }

    private static final class Getsockname {
        static final MethodHandle HANDLE =
                Downcalls.capturing(
                        linux_h.getsockname$address(), linux_h.getsockname$descriptor());
    }

    private static final class Setsockopt {
        static final MethodHandle HANDLE =
                Downcalls.capturing(linux_h.setsockopt$address(), linux_h.setsockopt$descriptor());
    }

    private static final class Getsockopt {
        static final MethodHandle HANDLE =
                Downcalls.capturing(linux_h.getsockopt$address(), linux_h.getsockopt$descriptor());
    }

    private static final class Shutdown {
        static final MethodHandle HANDLE =
                Downcalls.capturing(linux_h.shutdown$address(), linux_h.shutdown$descriptor());
    }
}
