package io.flowscope.capture;

import static io.flowscope.bindings.linux.linux_h.AF_INET;
import static io.flowscope.bindings.linux.linux_h.AF_INET6;
import static io.flowscope.bindings.linux.linux_h.AF_NETLINK;
import static io.flowscope.bindings.linux.linux_h.EINTR;
import static io.flowscope.bindings.linux.linux_h.NETLINK_SOCK_DIAG;
import static io.flowscope.bindings.linux.linux_h.NLM_F_REQUEST;
import static io.flowscope.bindings.linux.linux_h.POLLIN;
import static io.flowscope.bindings.linux.linux_h.SOCK_CLOEXEC;
import static io.flowscope.bindings.linux.linux_h.SOCK_DIAG_BY_FAMILY;
import static io.flowscope.bindings.linux.linux_h.SOCK_RAW;

import io.flowscope.bindings.Platform;
import io.flowscope.bindings.linux.DescriptorCalls;
import io.flowscope.bindings.linux.ErrnoCapture;
import io.flowscope.bindings.linux.MessageCalls;
import io.flowscope.bindings.linux.Netlink;
import io.flowscope.bindings.linux.SocketCalls;
import io.flowscope.bindings.linux.inet_diag_msg;
import io.flowscope.bindings.linux.inet_diag_req_v2;
import io.flowscope.bindings.linux.inet_diag_sockid;
import io.flowscope.bindings.linux.nlmsghdr;
import io.flowscope.bindings.linux.pollfd;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteOrder;

/**
 * Asks the kernel for one socket by its two ends. For UDP the kernel takes the ends the other way
 * round, and finds unconnected sockets too.
 */
final class SocketDiagnosis {
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final InetAddress ANY_V4 = InetAddress.ofLiteral("0.0.0.0");
    private static final InetAddress ANY_V6 = InetAddress.ofLiteral("::");
    private static final int ANSWER_BYTES = 8192;
    private static final int ALL_STATES = -1;
    private static final int MAX_WAIT_MILLIS = 200;

    private static final ValueLayout.OfShort PORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    /** What a socket is known by in /proc; the inode is 0 once no process has it. */
    record Socket(long inode, int userId) {}

    /** The TCP socket that takes connections to this end; null as with {@link #find}. */
    @Nullable Socket listening(InetSocketAddress local) {
        InetAddress here = local.getAddress();
        if (here == null) {
            return null;
        }
        InetAddress anyone = here.getAddress().length == 4 ? ANY_V4 : ANY_V6;
        return find(TCP, local, new InetSocketAddress(anyone, 0));
    }

    /** The socket with these ends; null if there is none, or if the kernel cannot be asked. */
    @Nullable Socket find(int protocol, InetSocketAddress local, InetSocketAddress remote) {
        InetAddress here = local.getAddress();
        InetAddress there = remote.getAddress();
        if (here == null || there == null || !Platform.isSupported()) {
            return null;
        }
        try (Arena arena = Arena.ofConfined()) {
            ErrnoCapture errno = ErrnoCapture.allocate(arena);
            int netlink =
                    SocketCalls.socket(
                            errno, AF_NETLINK(), SOCK_RAW() | SOCK_CLOEXEC(), NETLINK_SOCK_DIAG());
            if (netlink < 0) {
                return null;
            }
            try {
                boolean swapped = protocol == UDP;
                return ask(
                        errno,
                        arena,
                        netlink,
                        protocol,
                        swapped ? remote : local,
                        swapped ? local : remote);
            } finally {
                DescriptorCalls.close(errno, netlink);
            }
        }
    }

    private static @Nullable Socket ask(
            ErrnoCapture errno,
            Arena arena,
            int netlink,
            int protocol,
            InetSocketAddress source,
            InetSocketAddress destination) {
        byte[] from = source.getAddress().getAddress();
        byte[] to = destination.getAddress().getAddress();
        long header = nlmsghdr.sizeof();
        MemorySegment message = arena.allocate(header + inet_diag_req_v2.sizeof(), 8);
        nlmsghdr.nlmsg_len(message, (int) message.byteSize());
        nlmsghdr.nlmsg_type(message, (short) SOCK_DIAG_BY_FAMILY());
        nlmsghdr.nlmsg_flags(message, (short) NLM_F_REQUEST());
        MemorySegment request = message.asSlice(header);
        inet_diag_req_v2.sdiag_family(request, (byte) (from.length == 4 ? AF_INET() : AF_INET6()));
        inet_diag_req_v2.sdiag_protocol(request, (byte) protocol);
        inet_diag_req_v2.idiag_states(request, ALL_STATES);
        MemorySegment id = inet_diag_req_v2.id(request);
        id.set(PORT, inet_diag_sockid.idiag_sport$offset(), (short) source.getPort());
        id.set(PORT, inet_diag_sockid.idiag_dport$offset(), (short) destination.getPort());
        copy(from, id, inet_diag_sockid.idiag_src$offset());
        copy(to, id, inet_diag_sockid.idiag_dst$offset());
        // No cookie: whichever socket has these ends.
        id.set(ValueLayout.JAVA_LONG_UNALIGNED, inet_diag_sockid.idiag_cookie$offset(), -1L);
        if (MessageCalls.send(errno, netlink, message, message.byteSize(), 0) < 0) {
            return null;
        }
        return answer(errno, arena, netlink);
    }

    private static void copy(byte[] address, MemorySegment to, long offset) {
        MemorySegment.copy(address, 0, to, ValueLayout.JAVA_BYTE, offset, address.length);
    }

    private static @Nullable Socket answer(ErrnoCapture errno, Arena arena, int netlink) {
        MemorySegment answer = arena.allocate(ANSWER_BYTES, 8);
        MemorySegment polled = pollfd.allocate(arena);
        pollfd.fd(polled, netlink);
        pollfd.events(polled, (short) POLLIN());
        int ready;
        do {
            ready = DescriptorCalls.poll(errno, polled, 1, MAX_WAIT_MILLIS);
        } while (ready == -EINTR());
        if (ready <= 0) {
            return null;
        }
        long received = MessageCalls.recv(errno, netlink, answer, ANSWER_BYTES, 0);
        int length = Netlink.messageAt(answer, 0, Math.max(received, 0));
        long header = nlmsghdr.sizeof();
        if (length < header + inet_diag_msg.sizeof()
                || nlmsghdr.nlmsg_type(answer) != SOCK_DIAG_BY_FAMILY()) {
            return null;
        }
        MemorySegment found = answer.asSlice(header);
        return new Socket(
                Integer.toUnsignedLong(inet_diag_msg.idiag_inode(found)),
                inet_diag_msg.idiag_uid(found));
    }
}
