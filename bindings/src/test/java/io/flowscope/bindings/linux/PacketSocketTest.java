package io.flowscope.bindings.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flowscope.bindings.Tools;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;

/**
 * The calls and layouts together: a packet on the loopback interface comes out of a mapped ring.
 */
class PacketSocketTest extends CallsTest {
    private static final int BLOCK_BYTES = 1 << 16;
    private static final byte[] MARK = {'m', 'a', 'r', 'k', 'e', 'd', 1, 2};

    @Test
    void aPacketOnTheLoopbackComesOutOfTheMappedRing() throws IOException {
        Tools.require(
                CapabilityCalls.contains(CapabilityCalls.effective(errno), linux_h.CAP_NET_RAW()),
                "needs CAP_NET_RAW");
        int socket = SocketCalls.socket(errno, linux_h.AF_PACKET(), linux_h.SOCK_RAW(), 0);
        assertTrue(socket >= 0, errno::name);
        setOption(socket, linux_h.PACKET_VERSION(), linux_h.TPACKET_V3());
        setOption(socket, linux_h.PACKET_IGNORE_OUTGOING(), 1);
        MemorySegment ringRequest = tpacket_req3.allocate(arena);
        tpacket_req3.tp_block_size(ringRequest, BLOCK_BYTES);
        tpacket_req3.tp_block_nr(ringRequest, 2);
        tpacket_req3.tp_frame_size(ringRequest, 2048);
        tpacket_req3.tp_frame_nr(ringRequest, 2 * BLOCK_BYTES / 2048);
        tpacket_req3.tp_retire_blk_tov(ringRequest, 10);
        assertEquals(
                0,
                SocketCalls.setsockopt(
                        errno,
                        socket,
                        linux_h.SOL_PACKET(),
                        linux_h.PACKET_RX_RING(),
                        ringRequest,
                        (int) tpacket_req3.sizeof()));

        try (Arena owner = Arena.ofShared()) {
            MemorySegment ring =
                    MappedMemory.map(
                            errno,
                            owner,
                            2 * BLOCK_BYTES,
                            linux_h.PROT_READ() | linux_h.PROT_WRITE(),
                            linux_h.MAP_SHARED(),
                            socket,
                            0);
            assertEquals(2 * BLOCK_BYTES, ring.byteSize(), errno::name);
            bindToLoopback(socket);
            assertTrue(markIsIn(ring, socket), "the datagram did not arrive in the ring");

            MemorySegment statistics = tpacket_stats_v3.allocate(arena);
            MemorySegment length =
                    arena.allocateFrom(ValueLayout.JAVA_INT, (int) tpacket_stats_v3.sizeof());
            assertEquals(
                    0,
                    SocketCalls.getsockopt(
                            errno,
                            socket,
                            linux_h.SOL_PACKET(),
                            linux_h.PACKET_STATISTICS(),
                            statistics,
                            length));
            assertTrue(tpacket_stats_v3.tp_packets(statistics) >= 1);
        }
        assertEquals(0, DescriptorCalls.close(errno, socket));
    }

    private void setOption(int socket, int option, int value) {
        assertEquals(0, SocketCalls.setsockopt(errno, socket, linux_h.SOL_PACKET(), option, value));
    }

    private void bindToLoopback(int socket) {
        MemorySegment address = sockaddr_ll.allocate(arena);
        sockaddr_ll.sll_family(address, (short) linux_h.AF_PACKET());
        sockaddr_ll.sll_protocol(address, Short.reverseBytes((short) linux_h.ETH_P_ALL()));
        sockaddr_ll.sll_ifindex(address, InterfaceCalls.if_nametoindex(errno, "lo"));
        assertEquals(0, SocketCalls.bind(errno, socket, address, (int) sockaddr_ll.sizeof()));
    }

    private static void sendMarkedDatagram() throws IOException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (DatagramSocket receiver = new DatagramSocket(0, loopback);
                DatagramSocket sender = new DatagramSocket(0, loopback)) {
            sender.send(new DatagramPacket(MARK, MARK.length, loopback, receiver.getLocalPort()));
        }
    }

    /**
     * Sends and goes round the ring until a block with the datagram comes, for five seconds: what
     * others send may fill so small a ring.
     */
    private boolean markIsIn(MemorySegment ring, int socket) throws IOException {
        MemorySegment waiting = pollfd.allocate(arena);
        pollfd.fd(waiting, socket);
        pollfd.events(waiting, (short) linux_h.POLLIN());
        int block = 0;
        for (int round = 0; round < 50; round++) {
            sendMarkedDatagram();
            DescriptorCalls.poll(errno, waiting, 1, 100);
            MemorySegment description = ring.asSlice((long) block * BLOCK_BYTES, BLOCK_BYTES);
            MemorySegment header = tpacket_bd_header_u.bh1(tpacket_block_desc.hdr(description));
            if ((tpacket_hdr_v1.block_status(header) & linux_h.TP_STATUS_USER()) != 0) {
                long at = tpacket_hdr_v1.offset_to_first_pkt(header);
                for (int i = 0; i < tpacket_hdr_v1.num_pkts(header); i++) {
                    MemorySegment frame = description.asSlice(at, tpacket3_hdr.sizeof());
                    long end =
                            at
                                    + (tpacket3_hdr.tp_mac(frame) & 0xFFFF)
                                    + tpacket3_hdr.tp_snaplen(frame);
                    MemorySegment tail = description.asSlice(end - MARK.length, MARK.length);
                    if (tail.mismatch(MemorySegment.ofArray(MARK)) == -1) {
                        return true;
                    }
                    at += tpacket3_hdr.tp_next_offset(frame);
                }
                tpacket_hdr_v1.block_status(header, linux_h.TP_STATUS_KERNEL());
                block = 1 - block;
            }
        }
        return false;
    }
}
