package io.flowscope.tracker.key;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flowscope.tracker.packet.DecoderOptions;
import io.flowscope.tracker.packet.PacketCursor;
import io.flowscope.tracker.packet.PacketDecoder;
import io.flowscope.tracker.packet.Packets;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

class FragmentReassemblerTest {
    private static final String FROM = "0a000001";
    private static final String TO = "c0a80001";
    private static final int SLOTS = 3;

    private final Arena arena = Arena.ofConfined();
    private final PacketDecoder decoder =
            new PacketDecoder(DecoderOptions.builder().throughFirstFragments(false).build());
    private final PacketCursor cursor = new PacketCursor();
    private final PacketCursor whole = new PacketCursor();
    private final FragmentReassembler reassembler =
            new FragmentReassembler(
                    FragmentOptions.DEFAULT.reassembling(
                            (long) SLOTS * FragmentReassembler.SLOT_BYTES),
                    false,
                    new KeyHash(1),
                    arena);
    private final Random random = new Random(5);

    @AfterEach
    void close() {
        arena.close();
    }

    private boolean add(byte[] ip) {
        decode(ip);
        return reassembler.add(cursor, 1);
    }

    private void decode(byte[] ip) {
        MemorySegment memory = MemorySegment.ofArray(ip);
        assertTrue(decoder.decode(memory, 0, ip.length, ip.length, 1, 101, cursor));
        assertTrue(cursor.fragmented());
    }

    private boolean decodeWhole() {
        return decoder.decodeDatagram(
                reassembler.memory(),
                reassembler.datagramOffset(),
                reassembler.datagramBytes(),
                cursor,
                whole);
    }

    private static byte[] part(int id, byte[] datagram, int from, int to) {
        int bits = from >> 3 | (to < datagram.length ? 0x2000 : 0);
        byte[] piece = Arrays.copyOfRange(datagram, from, to);
        return Packets.ipv4(17, FROM, TO, new byte[0], id, bits, piece);
    }

    private static byte[] part6(int id, byte[] datagram, int from, int to) {
        byte[] piece = Arrays.copyOfRange(datagram, from, to);
        boolean more = to < datagram.length;
        byte[] header = Packets.fragmentHeader(17, from, more, id, piece);
        return Packets.ipv6(
                0, FROM.repeat(4), TO.repeat(4), Packets.bytes("2c00 010400000000", header));
    }

    private byte[] payload(int bytes) {
        byte[] payload = new byte[bytes];
        random.nextBytes(payload);
        return payload;
    }

    private void isWhole(byte[] payload) {
        assertTrue(decodeWhole(), () -> whole.outcome().toString());
        assertEquals(5000, whole.sourcePort());
        assertEquals(53, whole.destinationPort());
        assertFalse(whole.fragmented());
        assertFalse(whole.overlong());
        assertEquals(payload.length, whole.payloadLength());
        byte[] found =
                whole.memory()
                        .asSlice(whole.payloadOffset(), whole.payloadCaptured())
                        .toArray(ValueLayout.JAVA_BYTE);
        assertArrayEquals(payload, found);
    }

    @Test
    void fragmentsInAnyOrderWithRepetitionsMakeTheDatagram() {
        for (int round = 0; round < 400; round++) {
            byte[] payload = payload(random.nextInt(4000));
            byte[] datagram = Packets.udp(5000, 53, payload);
            List<byte[]> parts = new ArrayList<>();
            boolean six = random.nextBoolean();
            for (int at = 0; at < datagram.length; ) {
                int end = Math.min(datagram.length, at + 8 * (1 + random.nextInt(100)));
                end = end > datagram.length - 8 ? datagram.length : end;
                parts.add(six ? part6(round, datagram, at, end) : part(round, datagram, at, end));
                at = end;
            }
            if (parts.size() == 1) {
                continue;
            }
            Collections.shuffle(parts, random);
            byte[] last = parts.removeLast();
            if (random.nextBoolean()) {
                parts.add(random.nextInt(parts.size()), parts.get(0));
            }
            long bytes = 0;
            for (byte[] one : parts) {
                assertFalse(add(one));
                bytes += one.length;
            }
            assertTrue(add(last));
            assertEquals(parts.size(), reassembler.waiting().packets());
            assertEquals(bytes, reassembler.waiting().wireBytes());
            isWhole(payload);
        }
        reassembler.finish();
        assertEquals(0, reassembler.unmatchedPackets());
        assertEquals(0, reassembler.overlaps());
    }

    @Test
    void anOverlapDropsTheDatagramAndWhatFollows() {
        byte[] datagram = Packets.udp(5000, 53, payload(40));
        assertFalse(add(part(1, datagram, 0, 24)));
        assertFalse(add(part(1, datagram, 16, 48)));
        assertEquals(1, reassembler.overlaps());
        assertEquals(2, reassembler.unmatchedPackets());
        assertFalse(add(part(1, datagram, 24, 48)));
        assertEquals(3, reassembler.unmatchedPackets());
        assertFalse(add(part(2, datagram, 0, 24)));
        byte[] changed = datagram.clone();
        changed[20] ^= 1;
        assertFalse(add(part(2, changed, 0, 24)));
        assertFalse(add(part(2, datagram, 24, 48)));
        assertEquals(2, reassembler.overlaps());
        assertEquals(6, reassembler.unmatchedPackets());
    }

    @Test
    void contradictingEndsAndOddLengthsDropTheDatagram() {
        byte[] datagram = Packets.udp(5000, 53, payload(40));
        assertFalse(add(part(1, datagram, 24, 48)));
        byte[] behind = Packets.ipv4(17, FROM, TO, new byte[0], 1, 10, new byte[8]);
        assertFalse(add(behind));
        assertEquals(2, reassembler.unmatchedPackets());
        byte[] odd =
                Packets.ipv4(17, FROM, TO, new byte[0], 2, 0x2000, Arrays.copyOf(datagram, 21));
        assertFalse(add(odd));
        assertEquals(3, reassembler.unmatchedPackets());
        byte[] far = Packets.ipv4(17, FROM, TO, new byte[0], 3, 0x1fff, new byte[100]);
        assertFalse(add(far));
        assertEquals(4, reassembler.unmatchedPackets());
    }

    @Test
    void aCutFragmentDropsTheDatagram() {
        byte[] datagram = Packets.udp(5000, 53, payload(40));
        byte[] first = part(1, datagram, 0, 24);
        MemorySegment memory = MemorySegment.ofArray(first);
        assertTrue(decoder.decode(memory, 0, first.length - 1, first.length, 1, 101, cursor));
        assertFalse(reassembler.add(cursor, 1));
        assertFalse(add(part(1, datagram, 24, 48)));
        assertEquals(2, reassembler.unmatchedPackets());
    }

    @Test
    void memoryIsBoundedByGivingUpTheOldest() {
        byte[] datagram = Packets.udp(5000, 53, payload(40));
        for (int id = 0; id < 1000; id++) {
            assertFalse(add(part(id, datagram, 0, 24)));
        }
        assertEquals(1000 - SLOTS, reassembler.unmatchedPackets());
        assertFalse(add(part(0, datagram, 24, 48)));
        assertTrue(add(part(999, datagram, 24, 48)));
        assertTrue(decodeWhole());
        reassembler.advance(31_000_000_000L);
        assertEquals(1000, reassembler.unmatchedPackets());
    }

    @Test
    void theLargestDatagramFits() {
        byte[] payload = payload(65_535 - 20 - 8);
        byte[] datagram = Packets.udp(5000, 53, payload);
        boolean complete = false;
        for (int at = 0; at < datagram.length; at += 1480) {
            complete = add(part(1, datagram, at, Math.min(datagram.length, at + 1480)));
        }
        assertTrue(complete);
        isWhole(payload);
    }

    @Test
    void aDatagramThatDoesNotFitWithItsHeaderIsUnmatched() {
        byte[] datagram = Packets.udp(5000, 53, payload(65_535 - 19 - 8));
        int fragments = 0;
        for (int at = 0; at < datagram.length; at += 1480) {
            assertFalse(add(part(1, datagram, at, Math.min(datagram.length, at + 1480))));
            fragments++;
        }
        assertEquals(fragments, reassembler.unmatchedPackets());
    }

    @Test
    void aTinyFirstFragmentIsNoHindrance() {
        byte[] segment = Packets.tcp(5000, 53, 2, new byte[4], payload(30));
        byte[] one = Packets.ipv4(6, FROM, TO, new byte[0], 1, 0x2000, Arrays.copyOf(segment, 8));
        byte[] rest = Arrays.copyOfRange(segment, 8, segment.length);
        byte[] two = Packets.ipv4(6, FROM, TO, new byte[0], 1, 1, rest);
        assertFalse(add(two));
        assertTrue(add(one));
        assertTrue(decodeWhole());
        assertTrue(whole.hasTcpHeader());
        assertEquals(2, whole.tcpFlags());
        assertEquals(30, whole.payloadLength());
    }

    @Test
    void fragmentsInAFragmentedTunnelCarryTheirCounts() {
        byte[] payload = payload(80);
        byte[] datagram = Packets.udp(5000, 53, payload);
        byte[] tunnelled = Packets.ipv4(4, "01010101", "02020202", part(1, datagram, 0, 48));
        byte[] body = Arrays.copyOfRange(tunnelled, 20, tunnelled.length);
        byte[] outer1 =
                Packets.ipv4(
                        4, "01010101", "02020202", new byte[0], 9, 0x2000, Arrays.copyOf(body, 32));
        byte[] outer2 =
                Packets.ipv4(
                        4,
                        "01010101",
                        "02020202",
                        new byte[0],
                        9,
                        4,
                        Arrays.copyOfRange(body, 32, body.length));
        assertFalse(add(outer1));
        assertTrue(add(outer2));
        assertTrue(decodeWhole());
        assertTrue(whole.fragmented());
        assertFalse(reassembler.addInner(whole, 1));
        assertTrue(add(Packets.ipv4(4, "01010101", "02020202", part(1, datagram, 48, 88))));
        assertEquals(2, reassembler.waiting().packets());
        assertEquals(outer1.length + outer2.length, reassembler.waiting().wireBytes());
        isWhole(payload);
    }
}
