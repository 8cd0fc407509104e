package io.flowscope.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flowscope.capture.Ending.Outcome;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

@Execution(ExecutionMode.CONCURRENT)
class PcapReadingTest {
    private static final int MICROSECONDS = 0xA1B2C3D4;
    private static final int NANOSECONDS = 0xA1B23C4D;
    private static final int MODIFIED = 0xA1B2CD34;

    private static ByteOrder order(boolean big) {
        return big ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    }

    private static CaptureBytes file(boolean big, int magic, int linkType) {
        return new CaptureBytes(order(big)).pcapHeader(magic, linkType);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void microsecondsAndNanosecondsAreTold(boolean big) {
        byte[] data = CaptureBytes.data(20);
        List<Packet> micros =
                Packet.of(
                        file(big, MICROSECONDS, 1).record(1_700_000_000, 123_456, 20, data).open());
        List<Packet> nanos =
                Packet.of(
                        file(big, NANOSECONDS, 1).record(1_700_000_000, 123_456, 20, data).open());
        assertEquals(1_700_000_000_123_456_000L, micros.getFirst().timestampNanos());
        assertEquals(1_700_000_000_000_123_456L, nanos.getFirst().timestampNanos());
        assertEquals("0102030405060708090a0b0c0d0e0f1011121314", micros.getFirst().hex());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theModifiedFormatTellsInterfaceAndDirection(boolean big) {
        var file = file(big, MODIFIED, 113);
        int[] directions = {
            PacketDescriptor.DIRECTION_IN,
            PacketDescriptor.DIRECTION_BROADCAST,
            PacketDescriptor.DIRECTION_MULTICAST,
            PacketDescriptor.DIRECTION_OTHER_HOST,
            PacketDescriptor.DIRECTION_OUT,
            PacketDescriptor.DIRECTION_UNKNOWN
        };
        for (int type = 0; type < 6; type++) {
            file.int32(5, 6, 3, 3, 40 + type).int16(0x0800).bytes(new byte[] {(byte) type, 0});
            file.bytes(CaptureBytes.data(3));
        }
        try (CaptureFile capture = file.open()) {
            List<Packet> packets = Packet.of(capture);
            assertEquals(6, packets.size());
            for (int type = 0; type < 6; type++) {
                assertEquals(directions[type], packets.get(type).direction());
                assertEquals(40 + type, packets.get(type).interfaceNumber());
                assertEquals(5_000_006_000L, packets.get(type).timestampNanos());
                assertEquals("010203", packets.get(type).hex());
            }
            assertEquals(CaptureFormat.PCAP_MODIFIED, capture.format());
            assertEquals(113, capture.linkType());
            assertEquals(Outcome.COMPLETE, capture.ending().outcome());
        }
    }

    @Test
    void secondsUntilTheEndOfTheirRangeAreExact() {
        var file = file(false, NANOSECONDS, 1);
        for (int seconds : new int[] {0, 1, Integer.MAX_VALUE, Integer.MIN_VALUE, -1}) {
            file.record(seconds, 999_999_999, 1, CaptureBytes.data(1));
        }
        List<Packet> packets = Packet.of(file.open());
        assertEquals(999_999_999L, packets.get(0).timestampNanos());
        assertEquals(2_147_483_647_999_999_999L, packets.get(2).timestampNanos());
        assertEquals(2_147_483_648_999_999_999L, packets.get(3).timestampNanos());
        assertEquals(4_294_967_295_999_999_999L, packets.get(4).timestampNanos());
    }

    @Test
    void aPacketThatWasCutSaysSo() {
        var file = file(false, MICROSECONDS, 1);
        file.record(0, 0, 1_500, CaptureBytes.data(96)).record(0, 0, 40, CaptureBytes.data(40));
        List<Packet> packets = Packet.of(file.open());
        assertTrue(packets.get(0).isTruncated());
        assertEquals(1_500, packets.get(0).length());
        assertFalse(packets.get(1).isTruncated());
    }

    @Test
    void capturedIsNeverMoreThanLength() {
        var file = file(false, MICROSECONDS, 1).record(0, 0, 4, CaptureBytes.data(10));
        Packet packet = Packet.of(file.open()).getFirst();
        assertEquals(10, packet.captured());
        assertEquals(10, packet.length());
    }

    @Test
    void oldVersionsHaveTheirLengthsTheOtherWayRound() {
        for (int[] version : new int[][] {{2, 0}, {2, 2}, {2, 3}, {543, 0}}) {
            var file = new CaptureBytes(ByteOrder.LITTLE_ENDIAN).int32(MICROSECONDS);
            file.int16(version).int32(0, 0, 96, 1);
            file.int32(7, 8, 1_000, 5).bytes(CaptureBytes.data(5));
            Packet packet = Packet.of(file.open()).getFirst();
            assertEquals(5, packet.captured());
            assertEquals(1_000, packet.length());
        }
    }

    @Test
    void unknownVersionsAreRefused() {
        for (int[] version : new int[][] {{1, 4}, {2, 5}, {3, 0}, {0, 0}}) {
            var file = new CaptureBytes(ByteOrder.LITTLE_ENDIAN).int32(MICROSECONDS);
            file.int16(version).int32(0, 0, 96, 1);
            var refusal =
                    assertThrows(
                            CaptureException.class,
                            () -> file.open().forEachBatch((m, d, n) -> {}));
            assertTrue(refusal.getMessage().contains("pcap version " + version[0] + "."));
        }
    }

    @Test
    void checkSequenceBitsAreNoPartOfTheLinkType() {
        var file = file(true, MICROSECONDS, 0x5400_0069).record(1, 2, 3, CaptureBytes.data(3));
        assertEquals(105, Packet.of(file.open()).getFirst().linkType());
    }

    @Test
    void aPacketLongerThanTheSnapLengthIsStillAPacket() {
        var file = new CaptureBytes(ByteOrder.LITTLE_ENDIAN).int32(MICROSECONDS).int16(2, 4);
        file.int32(0, 0, 60, 1).record(0, 0, 500, CaptureBytes.data(500));
        assertEquals(500, Packet.of(file.open()).getFirst().captured());
    }

    @Test
    void anAbsurdLengthIsDamageAfterAllPacketsBeforeIt() {
        for (int absurd : new int[] {0x7FFF_FFFF, -1, 262_145, Integer.MIN_VALUE}) {
            var file = file(false, MICROSECONDS, 1).record(0, 0, 9, CaptureBytes.data(9));
            file.int32(0, 0, absurd, absurd).bytes(CaptureBytes.data(100));
            CaptureFile capture = file.open();
            var packets = new ArrayList<Packet>();
            var damage =
                    assertThrows(
                            CaptureException.class,
                            () -> capture.forEachBatch(Packet.into(packets)));
            assertEquals(1, packets.size());
            assertTrue(damage.getMessage().contains("byte 49"), damage.getMessage());
            assertEquals(Outcome.DAMAGED, capture.ending().outcome());
            assertEquals(1, capture.ending().packets());
            capture.close();
        }
    }

    @Test
    void aLargePacketIsReadWhereItsLinkAllowsIt() {
        byte[] message = CaptureBytes.data(3 << 20);
        var file = file(false, MICROSECONDS, 231).record(0, 0, message.length, message);
        file.record(0, 1, 4, CaptureBytes.data(4));
        List<Packet> packets = Packet.of(file.open());
        assertEquals(message.length, packets.get(0).captured());
        assertEquals("01020304", packets.get(1).hex());
        var options = CaptureFileOptions.builder().largestPacketBytes(4 << 20).build();
        var ethernet = file(false, MICROSECONDS, 1).record(0, 0, message.length, message);
        var stream = new java.io.ByteArrayInputStream(ethernet.done());
        assertEquals(1, CaptureFile.open(stream, "large", options).forEachBatch((m, d, n) -> {}));
    }

    @Test
    void packetsOfEveryLengthCrossTheEdgesOfSmallReads() {
        var file = file(false, MICROSECONDS, 1);
        for (int length = 0; length < 3_000; length += 7) {
            file.record(length, 0, length, CaptureBytes.data(length));
        }
        var options = CaptureFileOptions.builder().readBytes(4_096).batchPackets(3).build();
        var stream = new java.io.ByteArrayInputStream(file.done());
        List<Packet> packets = Packet.of(CaptureFile.open(stream, "edges", options));
        assertEquals(Packet.of(file.open()), packets);
        assertEquals(429, packets.size());
    }

    @Test
    void aFileWithoutPacketsIsComplete() {
        try (CaptureFile capture = file(false, MICROSECONDS, 1).open()) {
            assertEquals(0, capture.forEachBatch((m, d, n) -> {}));
            assertEquals(Outcome.COMPLETE, capture.ending().outcome());
        }
    }
}
