package io.flowscope.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flowscope.capture.Ending.Outcome;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

@Execution(ExecutionMode.CONCURRENT)
class PcapngReadingTest {
    private static CaptureBytes file(boolean big) {
        return new CaptureBytes(big ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN).section();
    }

    private static byte[] one(int value) {
        return new byte[] {(byte) value};
    }

    private static byte[] eight(CaptureBytes order, long value) {
        return order.body().int64(value).done();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void interfacesOfDifferentLinksAndClocksMayMix(boolean big) {
        CaptureBytes file = file(big);
        file.describeInterface(1, 0, file.body());
        file.describeInterface(113, 0, file.body().option(9, one(9)));
        file.describeInterface(101, 0, file.body().option(9, one(3)));
        file.describeInterface(1, 0, file.body().option(9, one(0x80 | 20)));
        file.describeInterface(
                1, 0, file.body().option(14, eight(file, 1_700_000_000L)).option(9, one(9)));
        file.describeInterface(1, 0, file.body().option(9, one(12)));
        file.enhanced(0, 1_700_000_000_123_456L, CaptureBytes.data(3));
        file.enhanced(1, 1_700_000_000_123_456_789L, CaptureBytes.data(4));
        file.enhanced(2, 1_700_000_000_123L, CaptureBytes.data(5));
        file.enhanced(3, (1_700_000_000L << 20) + (1 << 19) + 1, CaptureBytes.data(6));
        file.enhanced(4, 5L, CaptureBytes.data(7));
        file.enhanced(5, -1_000L, CaptureBytes.data(8));
        List<Packet> packets = Packet.of(file.open());
        assertEquals(1_700_000_000_123_456_000L, packets.get(0).timestampNanos());
        assertEquals(1_700_000_000_123_456_789L, packets.get(1).timestampNanos());
        assertEquals(1_700_000_000_123_000_000L, packets.get(2).timestampNanos());
        assertEquals(1_700_000_000_500_000_953L, packets.get(3).timestampNanos());
        assertEquals(1_700_000_000_000_000_005L, packets.get(4).timestampNanos());
        assertEquals(18_446_744_073_709_550L, packets.get(5).timestampNanos());
        assertEquals(
                List.of(1, 113, 101, 1, 1, 1), packets.stream().map(Packet::linkType).toList());
        assertEquals(
                List.of(0, 1, 2, 3, 4, 5), packets.stream().map(Packet::interfaceNumber).toList());
        assertEquals("0102030405", packets.get(2).hex());
    }

    @Test
    void sectionsMayDifferInByteOrderAndCountInterfacesOn() {
        CaptureBytes file = file(false);
        file.describeInterface(1, 0, file.body()).enhanced(0, 1, CaptureBytes.data(1));
        file.order(ByteOrder.BIG_ENDIAN).section();
        file.describeInterface(12, 0, file.body()).describeInterface(113, 0, file.body());
        file.enhanced(1, 2, CaptureBytes.data(2)).enhanced(0, 3, CaptureBytes.data(3));
        file.order(ByteOrder.LITTLE_ENDIAN).section();
        file.describeInterface(101, 0, file.body()).enhanced(0, 4, CaptureBytes.data(4));
        try (CaptureFile capture = file.open()) {
            List<Packet> packets = Packet.of(capture);
            assertEquals(List.of(1, 113, 12, 101), packets.stream().map(Packet::linkType).toList());
            assertEquals(
                    List.of(0, 2, 1, 3), packets.stream().map(Packet::interfaceNumber).toList());
            assertEquals(
                    List.of(1_000L, 2_000L, 3_000L, 4_000L),
                    packets.stream().map(Packet::timestampNanos).toList());
            assertEquals(3, capture.notes().sections().size());
            assertEquals(
                    List.of(0, 1, 1, 2),
                    capture.notes().interfaces().stream().map(CaptureInterface::section).toList());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void directionComesFromTheFlagsAndDropsAreCounted(boolean big) {
        CaptureBytes file = file(big);
        file.describeInterface(1, 0, file.body());
        int[] flags = {1, 2, 1 | 2 << 2, 1 | 3 << 2, 1 | 4 << 2, 1 | 1 << 2, 0, 3};
        for (int flag : flags) {
            CaptureBytes options = file.body().option(2, file.body().int32(flag).done());
            options.option(4, eight(file, 5)).endOfOptions();
            file.enhanced(0, 1, 5, CaptureBytes.data(5), options);
        }
        try (CaptureFile capture = file.open()) {
            assertEquals(
                    List.of(
                            PacketDescriptor.DIRECTION_IN,
                            PacketDescriptor.DIRECTION_OUT,
                            PacketDescriptor.DIRECTION_MULTICAST,
                            PacketDescriptor.DIRECTION_BROADCAST,
                            PacketDescriptor.DIRECTION_OTHER_HOST,
                            PacketDescriptor.DIRECTION_IN,
                            PacketDescriptor.DIRECTION_UNKNOWN,
                            PacketDescriptor.DIRECTION_UNKNOWN),
                    Packet.of(capture).stream().map(Packet::direction).toList());
            assertEquals(new CaptureStatistics(48, 40, 0), capture.statistics());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void simpleAndObsoletePacketBlocksAreRead(boolean big) {
        CaptureBytes file = file(big).describeInterface(1, 6, new CaptureBytes(null));
        file.enhanced(0, 77, CaptureBytes.data(2));
        file.block(3, file.body().int32(40).padded(CaptureBytes.data(6)));
        file.block(3, file.body().int32(3).padded(CaptureBytes.data(3)));
        CaptureBytes old = file.body().int16(0, 9).int32(0, 88, 5, 60);
        file.block(2, old.padded(CaptureBytes.data(5)));
        try (CaptureFile capture = file.open()) {
            List<Packet> packets = Packet.of(capture);
            assertEquals(4, packets.size());
            assertEquals("010203040506", packets.get(1).hex());
            assertEquals(40, packets.get(1).length());
            assertTrue(packets.get(1).isTruncated());
            assertEquals(77_000, packets.get(1).timestampNanos());
            assertEquals("010203", packets.get(2).hex());
            assertEquals("0102030405", packets.get(3).hex());
            assertEquals(88_000, packets.get(3).timestampNanos());
            assertEquals(60, packets.get(3).length());
            assertEquals(9, capture.statistics().drops());
            assertEquals(1, capture.warnings().size());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatTheFileSaysBesidesPacketsIsKept(boolean big) {
        CaptureBytes file = new CaptureBytes(big ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        CaptureBytes about = file.body().option(2, "box").option(3, "Linux").option(4, "tool");
        file.section(about.option(1, "hello").endOfOptions());
        CaptureBytes options = file.body().option(2, "eth0").option(3, "the first");
        options.option(11, "\0tcp port 80").option(12, "Linux 6").option(15, "card");
        options.option(8, eight(file, 10_000_000_000L)).option(1, "remark").endOfOptions();
        file.describeInterface(1, 262_144, options);
        byte[] address = {10, 0, 0, 1};
        byte[] entry = new CaptureBytes(ByteOrder.BIG_ENDIAN).bytes(address).done();
        byte[] names =
                "one.example\0two.example\0".getBytes(java.nio.charset.StandardCharsets.UTF_8);
        byte[] both = ByteBuffer.allocate(4 + names.length).put(entry).put(names).array();
        file.block(4, file.body().option(1, both).int32(0));
        file.enhanced(
                0, 1, 3, CaptureBytes.data(3), file.body().option(1, "odd one").endOfOptions());
        CaptureBytes counters = file.body().int32(0, 0, 9);
        counters.option(2, file.body().int32(0, 7).done());
        counters.option(4, eight(file, 100)).option(5, eight(file, 3)).option(7, eight(file, 4));
        file.block(5, counters.endOfOptions());
        try (CaptureFile capture = file.open()) {
            Packet.of(capture);
            CaptureNotes notes = capture.notes();
            assertEquals(
                    List.of(new CaptureNotes.Section("box", "Linux", "tool", "hello")),
                    notes.sections());
            assertEquals(
                    List.of(
                            new CaptureInterface(
                                    0,
                                    0,
                                    1,
                                    262_144,
                                    "eth0",
                                    "the first",
                                    "tcp port 80",
                                    "Linux 6",
                                    "card",
                                    10_000_000_000L,
                                    "remark")),
                    notes.interfaces());
            assertEquals(
                    List.of(
                            new CaptureNotes.Names(
                                    "10.0.0.1", List.of("one.example", "two.example"))),
                    notes.names());
            assertEquals(
                    List.of(new CaptureNotes.PacketComment(1, "odd one")), notes.packetComments());
            assertEquals(
                    List.of(
                            new CaptureNotes.InterfaceStatistics(
                                    0, 9_000, 7_000, -1, 100, 3, -1, 4, -1)),
                    notes.interfaceStatistics());
            assertEquals(7, capture.statistics().drops());
        }
    }

    @Test
    void unknownBlocksAreSkippedHoweverLongTheyAre() {
        CaptureBytes file = file(false);
        file.describeInterface(1, 0, file.body());
        file.block(0xBAD, file.body().bytes(new byte[5 << 20]));
        file.enhanced(0, 1, CaptureBytes.data(9));
        file.block(0x4242, file.body());
        file.block(10, file.body().bytes(new byte[100_000]));
        file.enhanced(0, 2, CaptureBytes.data(8));
        assertEquals(2, Packet.of(file.open()).size());
    }

    @Test
    void aLyingOptionIsIgnoredAndThePacketIsNot() {
        CaptureBytes file = file(false);
        file.describeInterface(1, 0, file.body().int16(2, 60_000).int32(0));
        file.enhanced(0, 1, 4, CaptureBytes.data(4), file.body().int16(2, 0xFFFF).int32(1));
        try (CaptureFile capture = file.open()) {
            assertEquals(1, Packet.of(capture).size());
            assertEquals(1, capture.warnings().size());
        }
    }

    private static void damaged(CaptureBytes file, int packetsBefore, String says) {
        try (CaptureFile capture = file.open()) {
            var packets = new ArrayList<Packet>();
            var damage =
                    assertThrows(
                            CaptureException.class,
                            () -> capture.forEachBatch(Packet.into(packets)));
            assertEquals(packetsBefore, packets.size());
            assertTrue(damage.getMessage().contains(says), damage.getMessage());
            assertEquals(Outcome.DAMAGED, capture.ending().outcome());
            var again =
                    assertThrows(
                            CaptureException.class, () -> capture.forEachBatch((m, d, n) -> {}));
            assertEquals(damage.getMessage(), again.getMessage());
        }
    }

    private static CaptureBytes onePacket() {
        CaptureBytes file = file(false);
        return file.describeInterface(1, 0, file.body()).enhanced(0, 1, CaptureBytes.data(4));
    }

    @Test
    void lyingLengthsAreDamageAfterAllPacketsBefore() {
        damaged(onePacket().int32(6, 8, 0, 0), 1, "8 bytes long");
        damaged(onePacket().int32(6, 0x7FFF_FFFC).bytes(new byte[64]), 1, "bytes long");
        damaged(onePacket().int32(6, -4).bytes(new byte[64]), 1, "bytes long");
        damaged(onePacket().int32(6, 33).bytes(new byte[64]), 1, "33 bytes long");
        damaged(onePacket().int32(0x99, 0, 0, 0), 1, "0 bytes long");
        damaged(onePacket().int32(0x0A0D0D0A, 28, 0x1111_1111).bytes(new byte[20]), 1, "mark");
        CaptureBytes different = onePacket().int32(6, 36, 0, 0, 0, 4, 4, 0, 40);
        damaged(different, 1, "two different lengths");
        damaged(onePacket().enhanced(7, 1, CaptureBytes.data(4)), 1, "does not describe");
        CaptureBytes long4 = onePacket();
        long4.block(6, long4.body().int32(0, 0, 0, 5_000, 5_000).bytes(new byte[8]));
        damaged(long4, 1, "a packet of 5000 bytes");
        CaptureBytes clock = onePacket();
        damaged(clock.describeInterface(1, 0, clock.body().option(9, one(77))), 1, "clock");
    }

    @Test
    void aSectionOfAnotherVersionIsRefused() {
        CaptureBytes file = new CaptureBytes(ByteOrder.LITTLE_ENDIAN);
        file.block(0x0A0D0D0A, file.body().int32(0x1A2B3C4D).int16(2, 0).int64(-1));
        var refusal =
                assertThrows(
                        CaptureException.class, () -> file.open().forEachBatch((m, d, n) -> {}));
        assertTrue(refusal.getMessage().contains("version 2.0"), refusal.getMessage());
    }

    @Test
    void clocksAreHeldWithinWhatALongCanSay() {
        CaptureBytes file = file(false);
        file.describeInterface(1, 0, file.body().option(9, one(0)));
        file.describeInterface(1, 0, file.body().option(9, one(0x80)));
        file.describeInterface(1, 0, file.body().option(9, one(0x80 | 63)));
        file.describeInterface(1, 0, file.body().option(14, eight(file, Long.MAX_VALUE)));
        file.describeInterface(1, 0, file.body().option(14, eight(file, -5)));
        file.enhanced(0, Long.MAX_VALUE, CaptureBytes.data(1));
        file.enhanced(1, -1, CaptureBytes.data(1));
        file.enhanced(2, Long.MAX_VALUE, CaptureBytes.data(1));
        file.enhanced(3, 3, CaptureBytes.data(1));
        file.enhanced(4, 1, CaptureBytes.data(1));
        file.enhanced(0, 9_223_372_036L, CaptureBytes.data(1));
        assertEquals(
                List.of(
                        Long.MAX_VALUE,
                        Long.MAX_VALUE,
                        999_999_999L,
                        Long.MAX_VALUE,
                        -4_999_999_000L,
                        9_223_372_036_000_000_000L),
                Packet.of(file.open()).stream().map(Packet::timestampNanos).toList());
    }

    @Test
    void theLinkTypeIsKnownBeforeTheFirstPacketIsRead() {
        CaptureBytes file = file(false);
        file.block(10, file.body().bytes(new byte[400])).describeInterface(276, 0, file.body());
        try (CaptureFile capture = file.enhanced(0, 1, CaptureBytes.data(4)).open()) {
            assertEquals(276, capture.linkType());
            assertEquals(1, Packet.of(capture).size());
        }
        try (CaptureFile empty = file(true).open()) {
            assertEquals(-1, empty.linkType());
            assertEquals(0, empty.forEachBatch((m, d, n) -> {}));
        }
    }

    @Test
    void textIsKeptUpToABoundAndTheRestCounted() {
        CaptureBytes file = file(false);
        file.describeInterface(1, 0, file.body());
        CaptureBytes options = file.body().option(1, "x".repeat(60_000)).endOfOptions();
        for (int i = 0; i < 200; i++) {
            file.enhanced(0, i, 4, CaptureBytes.data(4), options);
        }
        try (CaptureFile capture = file.open()) {
            assertEquals(200, Packet.of(capture).size());
            CaptureNotes notes = capture.notes();
            assertTrue(notes.packetComments().size() < 80);
            assertEquals(200, notes.packetComments().size() + notes.omitted());
        }
    }
}
