package io.flowscope.bindings.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ObjLongConsumer;

class NetlinkTest extends CallsTest {
    private static final int BUFFER_BYTES = 64 * 1024;

    /** Sends one request and shows each answer, by its offset, until the kernel is done. */
    private void ask(int family, MemorySegment request, ObjLongConsumer<MemorySegment> answer) {
        int type = linux_h.SOCK_RAW() | linux_h.SOCK_CLOEXEC();
        int socket = SocketCalls.socket(errno, linux_h.AF_NETLINK(), type, family);
        assertTrue(socket >= 0, errno::name);
        long length = request.byteSize();
        assertEquals(length, MessageCalls.send(errno, socket, request, length, 0));
        MemorySegment buffer = arena.allocate(BUFFER_BYTES, 8);
        boolean done = false;
        while (!done) {
            long end = MessageCalls.recv(errno, socket, buffer, BUFFER_BYTES, 0);
            assertTrue(end > 0, errno::name);
            long at = 0;
            for (int bytes; (bytes = Netlink.messageAt(buffer, at, end)) >= 0; ) {
                MemorySegment header = buffer.asSlice(at, nlmsghdr.sizeof());
                int kind = nlmsghdr.nlmsg_type(header) & 0xFFFF;
                assertTrue(kind != linux_h.NLMSG_ERROR());
                done |= kind == linux_h.NLMSG_DONE();
                if (!done) {
                    answer.accept(buffer, at);
                }
                at += Netlink.align(bytes);
            }
        }
        assertEquals(0, DescriptorCalls.close(errno, socket));
    }

    private MemorySegment dumpRequest(int type, long bodyBytes) {
        MemorySegment request = arena.allocate(Netlink.messageLength((int) bodyBytes), 8);
        nlmsghdr.nlmsg_len(request, (int) request.byteSize());
        nlmsghdr.nlmsg_type(request, (short) type);
        int flags = linux_h.NLM_F_REQUEST() | linux_h.NLM_F_DUMP();
        nlmsghdr.nlmsg_flags(request, (short) flags);
        return request;
    }

    @Test
    void theLinksOfThisMachineIncludeTheLoopback() {
        List<String> names = new ArrayList<>();
        MemorySegment request = dumpRequest(linux_h.RTM_GETLINK(), ifinfomsg.sizeof());
        ask(
                linux_h.NETLINK_ROUTE(),
                request,
                (buffer, at) -> {
                    long attributes = at + nlmsghdr.sizeof() + ifinfomsg.sizeof();
                    long end = at + buffer.get(ValueLayout.JAVA_INT, at);
                    long name = Netlink.attribute(buffer, attributes, end, linux_h.IFLA_IFNAME());
                    assertTrue(Netlink.attributePayloadBytes(buffer, name) > 1);
                    names.add(buffer.getString(name));
                });
        assertTrue(names.contains("lo"), names::toString);
    }

    @Test
    void aListeningSocketIsFoundWithItsOwner() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            MemorySegment request =
                    dumpRequest(linux_h.SOCK_DIAG_BY_FAMILY(), inet_diag_req_v2.sizeof());
            List<Integer> ports = new ArrayList<>();
            MemorySegment body = request.asSlice(nlmsghdr.sizeof());
            inet_diag_req_v2.sdiag_protocol(body, (byte) linux_h.IPPROTO_TCP());
            inet_diag_req_v2.idiag_states(body, 1 << linux_h.TCP_LISTEN());
            for (int family : new int[] {linux_h.AF_INET(), linux_h.AF_INET6()}) {
                inet_diag_req_v2.sdiag_family(body, (byte) family);
                ask(
                        linux_h.NETLINK_SOCK_DIAG(),
                        request,
                        (buffer, at) -> {
                            MemorySegment found =
                                    buffer.asSlice(at + nlmsghdr.sizeof(), inet_diag_msg.sizeof());
                            MemorySegment id = inet_diag_msg.id(found);
                            short port = inet_diag_sockid.idiag_sport(id);
                            ports.add(Short.toUnsignedInt(Short.reverseBytes(port)));
                            assertTrue(inet_diag_msg.idiag_inode(found) != 0);
                        });
            }
            assertTrue(ports.contains(server.getLocalPort()), ports::toString);
        }
    }

    @Test
    void damagedMessagesAndAttributesEndTheWalk() {
        MemorySegment memory = arena.allocate(64, 8);
        assertEquals(-1, Netlink.messageAt(memory, 0, 8));
        assertEquals(-1, Netlink.messageAt(memory, 0, 64));
        memory.set(ValueLayout.JAVA_INT, 0, 65);
        assertEquals(-1, Netlink.messageAt(memory, 0, 64));
        memory.set(ValueLayout.JAVA_INT, 0, -1);
        assertEquals(-1, Netlink.messageAt(memory, 0, 64));

        memory.fill((byte) 0);
        assertEquals(-1, Netlink.attribute(memory, 0, 64, 5));
        memory.set(ValueLayout.JAVA_SHORT, 0, (short) 6);
        memory.set(ValueLayout.JAVA_SHORT, 8, (short) 70);
        memory.set(ValueLayout.JAVA_SHORT, 10, (short) 5);
        assertEquals(-1, Netlink.attribute(memory, 0, 64, 5));
        memory.set(ValueLayout.JAVA_SHORT, 8, (short) 7);
        assertEquals(12, Netlink.attribute(memory, 0, 64, 5));
        assertEquals(3, Netlink.attributePayloadBytes(memory, 12));
    }
}
