package io.flowscope.tracker.key;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flowscope.tracker.packet.FragmentState;
import io.flowscope.tracker.packet.PacketCursor;
import io.flowscope.tracker.packet.PacketDecoder;
import io.flowscope.tracker.packet.Packets;

import org.junit.jupiter.api.Test;

import java.lang.foreign.MemorySegment;

class FragmentCacheTest {
    private static final long SECOND = 1_000_000_000L;
    private static final String FROM = "0a000001";
    private static final String TO = "c0a80001";

    private final PacketDecoder decoder = new PacketDecoder();
    private final PacketCursor cursor = new PacketCursor();
    private final KeyBuffer key = new KeyBuffer();
    private final FragmentCache cache =
            new FragmentCache(new FragmentOptions(4, 30 * SECOND, 0), false, new KeyHash(1));
    private long now = SECOND;

    /** Sixteen bytes of a datagram as a frame; the first has a UDP header. */
    private PacketCursor fragment(int id, int offset, boolean more) {
        byte[] datagram = Packets.udp(5000, 53, new byte[120]);
        byte[] part = java.util.Arrays.copyOfRange(datagram, offset, offset + 16);
        int bits = offset >> 3 | (more ? 0x2000 : 0);
        return decode(Packets.ipv4(17, FROM, TO, new byte[0], id, bits, part), 0x0800);
    }

    private PacketCursor fragment6(int id, int offset, boolean more) {
        byte[] datagram = Packets.udp(5000, 53, new byte[120]);
        byte[] part = java.util.Arrays.copyOfRange(datagram, offset, offset + 16);
        byte[] header = Packets.fragmentHeader(17, offset, more, id, part);
        return decode(Packets.ipv6(44, FROM.repeat(4), TO.repeat(4), header), 0x86dd);
    }

    private PacketCursor decode(byte[] ip, int type) {
        byte[] frame = Packets.ethernet(type, ip);
        MemorySegment memory = MemorySegment.ofArray(frame);
        assertTrue(decoder.decode(memory, 0, frame.length, frame.length, now, 1, cursor));
        return cursor;
    }

    private void first(PacketCursor packet) {
        assertEquals(FragmentState.FIRST, packet.fragmentState());
        FiveTuple.extract(packet, key);
        cache.first(packet, key, now);
    }

    private boolean later(PacketCursor packet) {
        assertEquals(FragmentState.LATER, packet.fragmentState());
        assertEquals(0, packet.sourcePort());
        return cache.later(packet, key, now);
    }

    @Test
    void laterFragmentsHaveTheKeyOfTheFirst() {
        first(fragment(7, 0, true));
        assertEquals(0, cache.waiting().packets());
        FlowKey flow = FlowKey.of(key, false);
        assertEquals("17 10.0.0.1:5000 <-> 192.168.0.1:53", flow.toString());
        key.beginCustom();
        assertTrue(later(fragment(7, 16, true)));
        assertEquals(flow, FlowKey.of(key, false));
        assertEquals(2, key.words());
        assertTrue(later(fragment(7, 32, false)));
        assertFalse(later(fragment(8, 16, true)));
        first(fragment6(7, 0, true));
        flow = FlowKey.of(key, false);
        assertTrue(later(fragment6(7, 16, false)));
        assertEquals(flow, FlowKey.of(key, false));
        assertEquals(5, key.words());
    }

    @Test
    void earlyFragmentsWaitAndAreHandedOverOnce() {
        assertFalse(later(fragment(7, 16, true)));
        now += SECOND;
        assertFalse(later(fragment(7, 32, false)));
        now += SECOND;
        first(fragment(7, 0, true));
        WaitingFragments waiting = cache.waiting();
        assertEquals(2, waiting.packets());
        assertEquals(2 * (14 + 20 + 16), waiting.wireBytes());
        assertEquals(32, waiting.payloadBytes());
        assertEquals(SECOND, waiting.firstNanos());
        assertEquals(2 * SECOND, waiting.lastNanos());
        first(fragment(7, 0, true));
        assertEquals(0, cache.waiting().packets());
        cache.finish();
        assertEquals(0, cache.unmatchedPackets());
    }

    @Test
    void whatWaitsForThirtySecondsIsUnmatched() {
        later(fragment(7, 16, true));
        now += 30 * SECOND - 1;
        cache.advance(now);
        assertEquals(0, cache.unmatchedPackets());
        now++;
        cache.advance(now);
        assertEquals(1, cache.unmatchedPackets());
        assertEquals(50, cache.unmatchedBytes());
        assertEquals(0, cache.size());
        first(fragment(8, 0, true));
        now += 30 * SECOND;
        assertFalse(later(fragment(8, 16, true)));
        cache.finish();
        assertEquals(2, cache.unmatchedPackets());
    }

    @Test
    void aClockSetBackDoesNotKeepFragmentsForEver() {
        now = 1000 * SECOND;
        later(fragment(7, 16, true));
        now = SECOND;
        cache.advance(now);
        assertEquals(1, cache.unmatchedPackets());
    }

    @Test
    void theOldestOfTooManyDatagramsIsForgotten() {
        for (int id = 1; id <= 5; id++) {
            later(fragment(id, 16, true));
        }
        assertEquals(4, cache.size());
        assertEquals(1, cache.unmatchedPackets());
        first(fragment(1, 0, true));
        assertEquals(0, cache.waiting().packets());
        first(fragment(3, 0, true));
        assertEquals(1, cache.waiting().packets());
        for (int id = 100; id < 10_000; id++) {
            later(fragment(id, 16, true));
        }
        assertEquals(4, cache.size());
        cache.finish();
        assertEquals(5 - 1 + 9900, cache.unmatchedPackets());
    }

    @Test
    void anIdentificationUsedAgainIsAnotherDatagram() {
        first(fragment(7, 0, true));
        byte[] other = Packets.udp(6000, 53, new byte[8]);
        first(decode(Packets.ipv4(17, FROM, TO, new byte[0], 7, 0x2000, other), 0x0800));
        assertTrue(later(fragment(7, 16, false)));
        assertEquals(6000, FlowKey.of(key, false).aPort());
    }

    @Test
    void networksAreToldApartIfAsked() {
        FragmentCache tagged = new FragmentCache(FragmentOptions.DEFAULT, true, new KeyHash(1));
        first(fragment(7, 0, true));
        tagged.first(cursor, key, now);
        byte[] part = Packets.ipv4(17, FROM, TO, new byte[0], 7, 2, new byte[16]);
        decode(Packets.bytes("0005 0800", part), 0x8100);
        assertTrue(cache.later(cursor, key, now));
        assertFalse(tagged.later(cursor, key, now));
        assertTrue(tagged.later(fragment(7, 16, false), key, now));
    }

    @Test
    void aTunnelsLaterFragmentsGoToTheInnerFlow() {
        byte[] inner = Packets.ipv4(17, FROM, TO, Packets.udp(5000, 53, new byte[80]));
        byte[] beginning = java.util.Arrays.copyOf(inner, 64);
        byte[] rest = java.util.Arrays.copyOfRange(inner, 64, inner.length);
        first(
                decode(
                        Packets.ipv4(4, "01010101", "02020202", new byte[0], 9, 0x2000, beginning),
                        0x0800));
        assertEquals(1, cursor.depth());
        assertEquals(14, cursor.fragmentIpOffset());
        assertTrue(
                later(
                        decode(
                                Packets.ipv4(4, "01010101", "02020202", new byte[0], 9, 8, rest),
                                0x0800)));
        assertEquals("10.0.0.1", FlowKey.of(key, false).a());
    }

    @Test
    void innerFragmentsAreKnownByTheirInnerIdentity() {
        byte[] datagram = Packets.udp(5000, 53, new byte[24]);
        byte[] beginning = java.util.Arrays.copyOf(datagram, 16);
        byte[] rest = java.util.Arrays.copyOfRange(datagram, 16, 32);
        byte[] one = Packets.ipv4(17, FROM, TO, new byte[0], 9, 0x2000, beginning);
        byte[] two = Packets.ipv4(17, FROM, TO, new byte[0], 9, 2, rest);
        first(decode(Packets.ipv4(4, "01010101", "02020202", one), 0x0800));
        assertTrue(later(decode(Packets.ipv4(4, "01010101", "02020202", two), 0x0800)));
        assertEquals(53, FlowKey.of(key, false).bPort());
    }

    @Test
    void allMistakesInOptionsAreNamedAtOnce() {
        IllegalArgumentException thrown =
                assertThrows(IllegalArgumentException.class, () -> new FragmentOptions(0, 0, 100));
        assertEquals(
                "maxDatagrams: 1 to 1048576, was 0; timeoutNanos: at least 1, was 0;"
                        + " reassemblyBytes: 0 or 66048 to 69256347648, was 100",
                thrown.getMessage());
    }
}
