package io.flowscope.tracker.packet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flowscope.tracker.Needs;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** Nothing in a packet makes the decoder throw, read outside it, or take long. */
@Execution(ExecutionMode.CONCURRENT)
class HostileBytesTest {
    private final PacketDecoder decoder = new PacketDecoder();
    private final PacketCursor cursor = new PacketCursor();
    private final PacketCursor quoted = new PacketCursor();

    @Test
    void randomBytesOfEveryLinkTypeAreReadWithinTheirBounds() {
        Random random = new Random(1);
        for (LinkType type : LinkType.values()) {
            for (int round = 0; round < 3000; round++) {
                byte[] bytes = new byte[random.nextInt(200)];
                random.nextBytes(bytes);
                steer(bytes, random);
                decode(bytes, bytes.length + random.nextInt(3) * 500, type.number());
            }
        }
    }

    /** Random bytes alone hardly ever get past the first header. */
    private static void steer(byte[] bytes, Random random) {
        byte[][] known = {
            {8, 0, 0x45},
            {(byte) 0x86, (byte) 0xdd, 0x60},
            {(byte) 0x81, 0},
            {(byte) 0x88, 0x47},
            {(byte) 0x88, 0x64, 0x11, 0},
            {(byte) 0xaa, (byte) 0xaa, 3, 0, 0, 0, 8, 0},
            {0x45, 0, 0, 40},
            {17, 0, 0},
            {47, 0, 0},
            {0x12, (byte) 0xb5},
            {8, 0, 0, 0},
        };
        for (int i = random.nextInt(8); i > 0; i--) {
            byte[] one = known[random.nextInt(known.length)];
            if (bytes.length > one.length) {
                int at = random.nextInt(bytes.length - one.length);
                System.arraycopy(one, 0, bytes, at, one.length);
            }
        }
    }

    @Test
    void packetsOfDamagedCapturesAreReadWithinTheirBounds() throws IOException {
        Path folder = Needs.captures().resolve("damaged");
        int packets = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                for (CaptureReader.Packet packet : CaptureReader.read(file)) {
                    packets++;
                    decode(packet.bytes(), packet.length(), packet.linkType());
                }
            }
        }
        assertTrue(packets > 500, packets + " packets");
    }

    private void decode(byte[] bytes, int length, int linkType) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = Packets.exact(arena, bytes);
            boolean matched = decoder.decode(memory, 0, bytes.length, length, 0, linkType, cursor);
            assertEquals(matched, cursor.matched());
            Bounds.check(cursor);
            if (matched && decoder.decodeQuoted(cursor, quoted)) {
                Bounds.check(quoted);
            }
        }
    }

    @Test
    void nestingDeeperThanEightIsRefused() {
        byte[] packet = Samples.INNER;
        for (int depth = 0; depth < 7; depth++) {
            packet = Packets.ipv4(4, Samples.FROM, Samples.TO, packet);
        }
        decode(packet, packet.length, 101);
        assertEquals(DecodeOutcome.MATCHED, cursor.outcome());
        assertEquals(7, cursor.depth());
        byte[] deeper = Packets.ipv4(4, Samples.FROM, Samples.TO, packet);
        decode(deeper, deeper.length, 101);
        assertEquals(DecodeOutcome.TOO_DEEP, cursor.outcome());
    }

    @Test
    void thousandsOfTagsLabelsAndExtensionsAreRefused() {
        byte[] tags = new byte[40_000];
        for (int i = 12; i < tags.length - 1; i += 4) {
            tags[i] = (byte) 0x81;
        }
        decode(tags, tags.length, 1);
        assertEquals(DecodeOutcome.TOO_DEEP, cursor.outcome());
        byte[] labels = Packets.ethernet(0x8847, new byte[40_000]);
        decode(labels, labels.length, 1);
        assertEquals(DecodeOutcome.TOO_DEEP, cursor.outcome());
        byte[] options = Packets.ipv6(0, Samples.FROM_6, Samples.TO_6, new byte[40_000]);
        decode(options, options.length, 101);
        assertEquals(DecodeOutcome.TOO_DEEP, cursor.outcome());
    }

    @Test
    void sixteenLabelsAreFollowedAndSeventeenNot() {
        byte[] packet = Packets.mpls(1, true, Samples.INNER);
        for (int i = 0; i < 15; i++) {
            packet = Packets.mpls(2, false, packet);
        }
        decode(packet, packet.length, 219);
        assertTrue(cursor.matched());
        packet = Packets.mpls(2, false, packet);
        decode(packet, packet.length, 219);
        assertFalse(cursor.matched());
    }

    @Test
    void nestedPseudowiresThatLeadNowhereTakeFewSteps() {
        byte[] packet = new byte[2000];
        for (int at = 0; at + 22 < packet.length; at += 22) {
            packet[at + 2] = 1;
            packet[at + 16] = (byte) 0x88;
            packet[at + 17] = 0x47;
            packet[at + 20] = (byte) 0x88;
            packet[at + 21] = 0x47;
        }
        long begin = System.nanoTime();
        for (int i = 0; i < 1000; i++) {
            decoder.decode(MemorySegment.ofArray(packet), 0, 2000, 2000, 0, 219, cursor);
        }
        assertFalse(cursor.matched());
        assertTrue(System.nanoTime() - begin < 1_000_000_000L);
    }
}
