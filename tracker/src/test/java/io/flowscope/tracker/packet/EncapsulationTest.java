package io.flowscope.tracker.packet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.Random;

@Execution(ExecutionMode.CONCURRENT)
class EncapsulationTest {
    private final PacketDecoder decoder = new PacketDecoder();
    private final PacketCursor cursor = new PacketCursor();

    @TestFactory
    java.util.stream.Stream<DynamicTest> innermostFlowIsFoundIn() {
        return Samples.all().entrySet().stream()
                .map(e -> DynamicTest.dynamicTest(e.getKey(), () -> found(e.getValue())));
    }

    private void found(Samples.Sample sample) {
        try (Arena arena = Arena.ofConfined()) {
            byte[] packet = sample.packet();
            MemorySegment memory = Packets.exact(arena, Packets.bytes("77777777777777", packet));
            assertTrue(
                    decoder.decode(
                            memory, 7, packet.length, packet.length, 5, sample.linkType(), cursor),
                    () -> cursor.outcome().toString());
            assertEquals(6, cursor.protocol());
            assertEquals(0x0a010203L, cursor.sourceLow());
            assertEquals(0x0a040506L, cursor.destinationLow());
            assertEquals(40000, cursor.sourcePort());
            assertEquals(80, cursor.destinationPort());
            assertEquals(5, cursor.payloadLength());
            assertEquals(5, cursor.payloadCaptured());
            assertEquals('h', Wire.u8(memory, cursor.payloadOffset()));
            assertEquals(0x18, cursor.tcpFlags());
            assertEquals(0x01020304, cursor.tcpSequence());
            assertEquals(0x05060708, cursor.tcpAcknowledgment());
            assertEquals(0x2000, cursor.tcpWindow());
            assertEquals(64, cursor.timeToLive());
            assertEquals(sample.tunnel(), cursor.tunnel());
            assertEquals(sample.tunnelId(), cursor.tunnelId());
            assertEquals(sample.depth(), cursor.depth());
            assertFalse(cursor.overlong());
        }
    }

    @TestFactory
    java.util.stream.Stream<DynamicTest> everyTruncationIsReadWithinItsBytes() {
        return Samples.all().entrySet().stream()
                .map(e -> DynamicTest.dynamicTest(e.getKey(), () -> truncated(e.getValue())));
    }

    /** A segment of exactly the captured bytes: reading beyond them would throw. */
    private void truncated(Samples.Sample sample) {
        byte[] packet = sample.packet();
        for (int captured = 0; captured < packet.length; captured++) {
            try (Arena arena = Arena.ofConfined()) {
                byte[] part = java.util.Arrays.copyOf(packet, captured);
                MemorySegment memory = Packets.exact(arena, part);
                decoder.decode(memory, 0, captured, packet.length, 0, sample.linkType(), cursor);
                assertNotEquals(DecodeOutcome.UNSUPPORTED_LINK_TYPE, cursor.outcome());
                Bounds.check(cursor);
                boolean payloadOnly = captured >= packet.length - 5;
                if (payloadOnly) {
                    assertTrue(cursor.matched());
                    assertEquals(5, cursor.payloadLength());
                    assertEquals(5 - (packet.length - captured), cursor.payloadCaptured());
                }
                decoder.decode(memory, 0, captured, captured, 0, sample.linkType(), cursor);
                Bounds.check(cursor);
            }
        }
    }

    @TestFactory
    java.util.stream.Stream<DynamicTest> changedBytesNeverThrow() {
        return Samples.all().entrySet().stream()
                .map(e -> DynamicTest.dynamicTest(e.getKey(), () -> changed(e.getValue())));
    }

    private void changed(Samples.Sample sample) {
        Random random = new Random(7);
        for (int round = 0; round < 300; round++) {
            byte[] packet = sample.packet().clone();
            for (int i = random.nextInt(4); i >= 0; i--) {
                packet[random.nextInt(packet.length)] = (byte) random.nextInt();
            }
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment memory = Packets.exact(arena, packet);
                int length = packet.length + (random.nextBoolean() ? 0 : random.nextInt(2000));
                decoder.decode(memory, 0, packet.length, length, 0, sample.linkType(), cursor);
                Bounds.check(cursor);
            }
        }
    }

    @Test
    void eachCanBeSwitchedOffAlone() {
        for (Map.Entry<String, Samples.Sample> entry : Samples.all().entrySet()) {
            Encapsulation kind = entry.getValue().tunnel();
            if (kind == null) {
                continue;
            }
            PacketDecoder without =
                    new PacketDecoder(DecoderOptions.builder().without(kind).build());
            byte[] packet = entry.getValue().packet();
            without.decode(
                    MemorySegment.ofArray(packet),
                    0,
                    packet.length,
                    packet.length,
                    0,
                    entry.getValue().linkType(),
                    cursor);
            boolean innermost = cursor.matched() && cursor.sourcePort() == 40000;
            // An Ethernet frame in keyed GRE is then plain GRE.
            assertEquals(kind == Encapsulation.NVGRE, innermost, entry.getKey());
            assertNotEquals(kind, cursor.tunnel(), entry.getKey());
        }
    }

    @Test
    void outermostStopsAtTheFirstIpHeader() {
        PacketDecoder outermost =
                new PacketDecoder(DecoderOptions.builder().outermost(true).build());
        for (Map.Entry<String, Samples.Sample> entry : Samples.all().entrySet()) {
            Samples.Sample sample = entry.getValue();
            byte[] packet = sample.packet();
            assertTrue(
                    outermost.decode(
                            MemorySegment.ofArray(packet),
                            0,
                            packet.length,
                            packet.length,
                            0,
                            sample.linkType(),
                            cursor),
                    entry.getKey());
            assertEquals(sample.depth() == 0, cursor.sourcePort() == 40000, entry.getKey());
            assertEquals(0, cursor.depth());
        }
    }
}
