package io.flowscope.tracker.key;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flowscope.tracker.packet.PacketCursor;
import io.flowscope.tracker.packet.PacketDecoder;
import io.flowscope.tracker.packet.Packets;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import java.lang.foreign.MemorySegment;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;

@Execution(ExecutionMode.CONCURRENT)
class KeyTest {
    private static final String LOW = "0a000001";
    private static final String HIGH = "c0a80001";
    private static final String LOW_6 = "20010db8000000000000000000000001";
    private static final String HIGH_6 = "fe800000000000008000000000000002";

    private final PacketDecoder decoder = new PacketDecoder();
    private final PacketCursor cursor = new PacketCursor();
    private final KeyBuffer key = new KeyBuffer();
    private final KeyBuffer other = new KeyBuffer();

    private PacketCursor packet(byte[] frame) {
        MemorySegment memory = MemorySegment.ofArray(frame);
        decoder.decode(memory, 0, frame.length, frame.length, 0, 1, cursor);
        return cursor;
    }

    private PacketCursor udp4(String from, int fromPort, String to, int toPort) {
        byte[] datagram = Packets.udp(fromPort, toPort, new byte[3]);
        return packet(Packets.ethernet(0x0800, Packets.ipv4(17, from, to, datagram)));
    }

    private PacketCursor udp6(String from, int fromPort, String to, int toPort) {
        byte[] datagram = Packets.udp(fromPort, toPort, new byte[3]);
        return packet(Packets.ethernet(0x86dd, Packets.ipv6(17, from, to, datagram)));
    }

    @Test
    void bothDirectionsHaveOneKey() {
        FiveTuple.extract(udp4(LOW, 5000, HIGH, 53), key);
        FiveTuple.extract(udp4(HIGH, 53, LOW, 5000), other);
        assertTrue(key.sameKey(other));
        assertFalse(key.reversed());
        assertTrue(other.reversed());
        assertEquals(2, key.words());
        assertEquals("17 10.0.0.1:5000 <-> 192.168.0.1:53", FlowKey.of(other, false).toString());
        FiveTuple.extract(udp6(LOW_6, 5000, HIGH_6, 53), key);
        FiveTuple.extract(udp6(HIGH_6, 53, LOW_6, 5000), other);
        assertTrue(key.sameKey(other));
        assertTrue(other.reversed());
        assertEquals(5, key.words());
        assertEquals(
                "17 [2001:db8::1]:5000 <-> [fe80::8000:0:0:2]:53",
                FlowKey.of(key, false).toString());
    }

    @Test
    void portsDecideBetweenEqualAddresses() {
        FiveTuple.extract(udp4(LOW, 9, LOW, 8), key);
        assertTrue(key.reversed());
        assertEquals(8, FlowKey.of(key, false).aPort());
        FiveTuple.extract(udp4(LOW, 8, LOW, 8), key);
        assertFalse(key.reversed());
        FiveTuple.extract(udp6(LOW_6, 9, LOW_6, 8), key);
        assertTrue(key.reversed());
        assertEquals(9, FlowKey.of(key, false).bPort());
    }

    @Test
    void directionalKeysDiffer() {
        KeyExtractor extractor = KeyExtractors.fiveTupleDirectional();
        assertTrue(extractor.extract(udp4(HIGH, 53, LOW, 5000), key));
        assertTrue(extractor.extract(udp4(LOW, 5000, HIGH, 53), other));
        assertFalse(key.sameKey(other));
        assertEquals("192.168.0.1", FlowKey.of(key, false).a());
        assertFalse(key.reversed());
        extractor.extract(udp6(HIGH_6, 53, LOW_6, 5000), key);
        assertEquals("fe80::8000:0:0:2", FlowKey.of(key, false).a());
    }

    @Test
    void pairsForgetPorts() {
        KeyExtractor pair = KeyExtractors.ipPair();
        pair.extract(udp4(LOW, 1, HIGH, 2), key);
        pair.extract(udp4(HIGH, 7, LOW, 8), other);
        assertTrue(key.sameKey(other));
        assertTrue(other.reversed());
        assertEquals("10.0.0.1 <-> 192.168.0.1", FlowKey.of(key, false).toString());
        pair.extract(udp6(HIGH_6, 7, LOW_6, 8), key);
        assertEquals(FlowKey.Kind.IPV6_PAIR, FlowKey.of(key, false).kind());
        assertFalse(pair.usesTransport());
        KeyExtractor mac = KeyExtractors.macPair();
        assertTrue(mac.acceptsUnmatched());
        assertTrue(mac.extract(packet(Packets.ethernet(0x0806, new byte[28])), key));
        FlowKey kept = FlowKey.of(key, false);
        assertEquals("02:00:00:00:00:01", kept.a());
        assertEquals("02:00:00:00:00:02", kept.b());
        assertEquals(0, kept.protocol());
        assertTrue(key.reversed());
    }

    @Test
    void aFlowLabelIsAPartOfTheKey() {
        KeyExtractor extractor = KeyExtractors.flowLabel(false);
        extractor.extract(udp6(LOW_6, 1, HIGH_6, 2), key);
        assertEquals(0x23456, FlowKey.of(key, false).flowLabel());
        assertEquals(17, FlowKey.of(key, false).protocol());
        extractor.extract(udp4(LOW, 1, HIGH, 2), key);
        assertEquals(0, FlowKey.of(key, false).flowLabel());
    }

    @Test
    void aTagTellsTwoTenantsApart() {
        KeyExtractor extractor =
                KeyExtractors.tagged(KeyExtractors.fiveTuple(), PacketTag.outerVlan());
        byte[] datagram = Packets.ipv4(17, LOW, HIGH, Packets.udp(1, 2, new byte[1]));
        byte[] five = Packets.bytes("0005 0800", datagram);
        extractor.extract(packet(Packets.ethernet(0x8100, five)), key);
        extractor.extract(packet(Packets.ethernet(0x0800, datagram)), other);
        assertEquals(5, key.tag());
        assertFalse(key.sameKey(other));
        KeyHash hash = KeyHash.random();
        assertNotEquals(hash.hash(key), hash.hash(other));
        assertTrue(extractor.tagged());
        assertTrue(extractor.usesTransport());
        FiveTuple.extract(cursor, key);
        assertEquals(0, key.tag());
    }

    @Test
    void aUsersKeyHoldsFortyBytesAndNoMore() {
        key.beginCustom().append(0x0102, 2).append(0x0304050607L, 5).append(-1, 8);
        assertEquals(0x01020304_050607ffL, key.word0());
        assertEquals(0xffffffff_ffffff00L, key.word1());
        assertEquals(5, key.words());
        for (int i = 15; i < 40; i++) {
            key.append(i, 1);
        }
        assertEquals(39, key.word4() & 0xff);
        assertThrows(IllegalStateException.class, () -> key.append(0, 1));
        assertThrows(IllegalArgumentException.class, () -> key.append(0, 9));
        assertEquals(FlowKey.Kind.CUSTOM, FlowKey.of(key, true).kind());
        assertEquals(0, FlowKey.of(key, true).protocol());
        other.copyFrom(key);
        assertTrue(key.sameKey(other));
    }

    @Test
    void theSeedDecidesTheHashAndTheKeyItsSpread() {
        KeyHash one = new KeyHash(1);
        KeyHash two = new KeyHash(2);
        Set<Long> seen = new HashSet<>();
        int[] low = new int[256];
        for (int i = 0; i < 65_536; i++) {
            // What an attacker varies most easily: one address and one port.
            key.shortKey(FiveTuple.head(i & 255, 80, 6, KeyBuffer.IPV4), (long) (i >>> 8) << 32);
            long hash = one.hash(key);
            assertTrue(seen.add(hash));
            assertNotEquals(hash, two.hash(key));
            low[(int) hash & 255]++;
        }
        for (int count : low) {
            assertTrue(count > 150 && count < 380, "a bucket of " + count);
        }
    }

    @Test
    void everyBitOfAKeyChangesAboutHalfOfTheHash() {
        Random random = new Random(4);
        KeyHash hash = new KeyHash(9);
        for (int bit = 0; bit < 352; bit++) {
            long changed = 0;
            for (int round = 0; round < 100; round++) {
                long[] words = random.longs(5).toArray();
                int tag = random.nextInt();
                key.set(words[0], words[1], words[2], words[3], words[4], 5, tag, false);
                long before = hash.hash(key);
                if (bit < 320) {
                    words[bit >>> 6] ^= 1L << bit;
                } else {
                    tag ^= 1 << bit;
                }
                key.set(words[0], words[1], words[2], words[3], words[4], 5, tag, true);
                changed += Long.bitCount(before ^ hash.hash(key));
            }
            assertTrue(changed > 2700 && changed < 3700, bit + ": " + changed);
        }
    }

    @Test
    void shardsAreTheSameForBothDirectionsForEver() {
        long forth = KeyHash.symmetric(udp4(LOW, 5000, HIGH, 53));
        assertEquals(forth, KeyHash.symmetric(udp4(HIGH, 53, LOW, 5000)));
        assertNotEquals(forth, KeyHash.symmetric(udp4(LOW, 5001, HIGH, 53)));
        assertEquals(0xd2dd_62e3_a834_5294L, forth);
        long pair = KeyHash.symmetricAddresses(udp6(LOW_6, 1, HIGH_6, 2));
        assertEquals(pair, KeyHash.symmetricAddresses(udp6(HIGH_6, 3, LOW_6, 4)));
        int[] shards = new int[8];
        for (int i = 0; i < 8000; i++) {
            String address = "0a00%04x".formatted(i);
            shards[(int) KeyHash.symmetric(udp4(address, 1000 + i % 7, HIGH, 53)) & 7]++;
        }
        for (int count : shards) {
            assertTrue(count > 850 && count < 1150, "a shard of " + count);
        }
    }

    @Test
    void addressesAreWrittenAsRfc5952Recommends() {
        assertEquals("255.0.1.2", IpAddress.ipv4(0xff000102L));
        assertEquals("::", IpAddress.ipv6(0, 0));
        assertEquals("::1", IpAddress.ipv6(0, 1));
        assertEquals("1::", IpAddress.ipv6(1L << 48, 0));
        assertEquals("2001:db8::1", IpAddress.ipv6(0x20010db800000000L, 1));
        assertEquals(
                "2001:db8:0:1:1:1:1:1", IpAddress.ipv6(0x20010db800000001L, 0x0001000100010001L));
        assertEquals("2001:0:0:1::1", IpAddress.ipv6(0x2001000000000001L, 1));
        assertEquals("2001:db8::1:0:0:1", IpAddress.ipv6(0x20010db800000000L, 0x0001000000000001L));
        assertEquals("::ffff:1.2.3.4", IpAddress.ipv6(0, 0xffff01020304L));
        assertEquals("a:b:c:d:e:f:0:1", IpAddress.ipv6(0x000a000b000c000dL, 0x000e000f00000001L));
        assertEquals("00:1f:ff:00:0a:b0", IpAddress.mac(0x001fff000ab0L));
    }
}
