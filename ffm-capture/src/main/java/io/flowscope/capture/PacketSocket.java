package io.flowscope.capture;

import static io.flowscope.bindings.linux.linux_h.AF_PACKET;
import static io.flowscope.bindings.linux.linux_h.ETH_P_ALL;
import static io.flowscope.bindings.linux.linux_h.PACKET_ADD_MEMBERSHIP;
import static io.flowscope.bindings.linux.linux_h.PACKET_FANOUT;
import static io.flowscope.bindings.linux.linux_h.PACKET_MR_PROMISC;
import static io.flowscope.bindings.linux.linux_h.SOCK_CLOEXEC;
import static io.flowscope.bindings.linux.linux_h.SOCK_RAW;
import static io.flowscope.bindings.linux.linux_h.SOL_PACKET;
import static io.flowscope.bindings.linux.linux_h.SOL_SOCKET;
import static io.flowscope.bindings.linux.linux_h.SO_ATTACH_FILTER;
import static io.flowscope.bindings.linux.linux_h.SO_ERROR;

import io.flowscope.bindings.linux.ClassicBpf;
import io.flowscope.bindings.linux.DescriptorCalls;
import io.flowscope.bindings.linux.ErrnoCapture;
import io.flowscope.bindings.linux.SocketCalls;
import io.flowscope.bindings.linux.packet_mreq;
import io.flowscope.bindings.linux.sock_fprog;
import io.flowscope.bindings.linux.sockaddr_ll;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A packet socket of an interface. Opened without a protocol, so that it receives nothing before it
 * is bound. Its owner sees to it that nobody uses it after {@link #close}: the kernel gives its
 * number to the next who opens something.
 */
final class PacketSocket {
    private final int descriptor;
    private final String subject;

    private PacketSocket(int descriptor, String subject) {
        this.descriptor = descriptor;
        this.subject = subject;
    }

    /** Opens a socket; {@code subject} is what messages call it. */
    static PacketSocket open(ErrnoCapture errno, String subject) {
        int opened = SocketCalls.socket(errno, AF_PACKET(), SOCK_RAW() | SOCK_CLOEXEC(), 0);
        if (opened < 0) {
            throw SystemErrors.failure("socket(AF_PACKET)", subject, opened);
        }
        return new PacketSocket(opened, subject);
    }

    int descriptor() {
        return descriptor;
    }

    CaptureException failure(String call, int result) {
        return SystemErrors.failure(call, subject, result);
    }

    /** Sets an option of the packet level, or throws with its name. */
    void set(ErrnoCapture errno, int option, String name, int value) {
        int result = trySet(errno, SOL_PACKET(), option, value);
        if (result < 0) {
            throw failure("setsockopt(" + name + ")", result);
        }
    }

    /** Sets an option: 0 or the negated errno. */
    int trySet(ErrnoCapture errno, int level, int option, int value) {
        return SocketCalls.setsockopt(errno, descriptor, level, option, value);
    }

    /** Lets only packets through which the program accepts; replaces any program before it. */
    void attach(ErrnoCapture errno, long... program) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment header = ClassicBpf.program(arena, program);
            int result =
                    SocketCalls.setsockopt(
                            errno,
                            descriptor,
                            SOL_SOCKET(),
                            SO_ATTACH_FILTER(),
                            header,
                            (int) sock_fprog.sizeof());
            if (result < 0) {
                throw failure("setsockopt(SO_ATTACH_FILTER)", result);
            }
        }
    }

    /** Begins to receive everything from the interface with this index. */
    void bind(ErrnoCapture errno, int interfaceIndex) {
        bind(errno, interfaceIndex, ETH_P_ALL());
    }

    /** Becomes the sender of an interface, and receives nothing. */
    void bindForSending(ErrnoCapture errno, int interfaceIndex) {
        bind(errno, interfaceIndex, 0);
    }

    private void bind(ErrnoCapture errno, int interfaceIndex, int protocol) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = sockaddr_ll.allocate(arena);
            sockaddr_ll.sll_family(address, (short) AF_PACKET());
            sockaddr_ll.sll_protocol(address, Short.reverseBytes((short) protocol));
            sockaddr_ll.sll_ifindex(address, interfaceIndex);
            int result = SocketCalls.bind(errno, descriptor, address, (int) sockaddr_ll.sizeof());
            if (result < 0) {
                throw failure("bind", result);
            }
        }
    }

    /** Sees packets for other hosts until the socket is closed, whatever happens to the program. */
    void bePromiscuous(ErrnoCapture errno, int interfaceIndex) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment request = packet_mreq.allocate(arena);
            packet_mreq.mr_ifindex(request, interfaceIndex);
            packet_mreq.mr_type(request, (short) PACKET_MR_PROMISC());
            int result =
                    SocketCalls.setsockopt(
                            errno,
                            descriptor,
                            SOL_PACKET(),
                            PACKET_ADD_MEMBERSHIP(),
                            request,
                            (int) packet_mreq.sizeof());
            if (result < 0) {
                throw failure("setsockopt(PACKET_ADD_MEMBERSHIP, promiscuous)", result);
            }
        }
    }

    /**
     * Joins a fan-out group.
     *
     * @return the number of the group
     */
    int join(ErrnoCapture errno, Fanout fanout) {
        int flags =
                (fanout.rollover() ? 0x1000 : 0)
                        | (fanout.unique() ? 0x2000 : 0)
                        | (fanout.defragment() ? 0x8000 : 0);
        int group = fanout.unique() ? 0 : fanout.group();
        int value = group | (fanout.mode().number | flags) << 16;
        int result = trySet(errno, SOL_PACKET(), PACKET_FANOUT(), value);
        if (result < 0) {
            throw failure("setsockopt(PACKET_FANOUT, " + fanout + ")", result);
        }
        return fanout.unique()
                ? get(errno, SOL_PACKET(), PACKET_FANOUT()) & 0xffff
                : fanout.group();
    }

    /** What the socket has to report, which it reports once; 0 if nothing. */
    int takeError(ErrnoCapture errno) {
        return get(errno, SOL_SOCKET(), SO_ERROR());
    }

    private int get(ErrnoCapture errno, int level, int option) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(ValueLayout.JAVA_INT);
            MemorySegment size = arena.allocateFrom(ValueLayout.JAVA_INT, Integer.BYTES);
            int result = SocketCalls.getsockopt(errno, descriptor, level, option, value, size);
            return result < 0 ? result : value.get(ValueLayout.JAVA_INT, 0);
        }
    }

    void close(ErrnoCapture errno) {
        DescriptorCalls.close(errno, descriptor);
    }
}
