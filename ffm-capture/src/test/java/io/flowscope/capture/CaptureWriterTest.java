package io.flowscope.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flowscope.capture.CaptureWriterOptions.Compression;
import io.flowscope.capture.CaptureWriterOptions.Layout;
import io.flowscope.capture.generate.TrafficGenerator;
import io.flowscope.capture.generate.TrafficSpec;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

@Execution(ExecutionMode.CONCURRENT)
class CaptureWriterTest {
    @TempDir Path folder;

    private static TrafficSpec.Builder spec() {
        return TrafficSpec.builder().flows(40).packets(3_000).payload(0, 1_400).ipv6Share(0.3);
    }

    private static CaptureWriterOptions.Builder options(Layout layout) {
        return CaptureWriterOptions.builder().layout(layout);
    }

    private static void generateInto(CaptureWriter writer, TrafficSpec spec) {
        try (writer;
                var generator = TrafficGenerator.of(spec)) {
            generator.forEachBatch(writer);
        }
    }

    private static List<Packet> read(Path file) {
        try (CaptureFile capture = CaptureFile.open(file)) {
            List<Packet> packets = Packet.of(capture);
            assertEquals(Ending.Outcome.COMPLETE, capture.ending().outcome());
            return packets;
        }
    }

    private static List<Packet> generated(TrafficSpec spec) {
        try (var generator = TrafficGenerator.of(spec)) {
            return Packet.of(generator);
        }
    }

    /** What a file can hold of a packet that was generated. */
    private static Packet stored(Packet packet, long unitNanos) {
        return new Packet(
                packet.timestampNanos() / unitNanos * unitNanos,
                packet.captured(),
                packet.length(),
                packet.linkType(),
                packet.flags(),
                0,
                packet.hex());
    }

    @ParameterizedTest
    @EnumSource
    void whatIsWrittenIsReadBack(Layout layout) {
        Path file = folder.resolve("out");
        TrafficSpec spec = spec().build();
        generateInto(CaptureWriter.open(file, options(layout).build()), spec);
        long unit = layout == Layout.PCAP_MICROSECONDS ? 1_000 : 1;
        assertEquals(
                generated(spec).stream().map(packet -> stored(packet, unit)).toList(), read(file));
    }

    @ParameterizedTest
    @EnumSource
    void compressedFilesAreReadBack(Compression compression) {
        Path file = folder.resolve("out");
        TrafficSpec spec = spec().build();
        var options = options(Layout.PCAPNG).compression(compression).flushNanos(50_000).build();
        generateInto(CaptureWriter.open(file, options), spec);
        assertEquals(
                generated(spec).stream().map(packet -> stored(packet, 1)).toList(), read(file));
    }

    /** A batch of one packet, described freely. */
    private static void write(
            CaptureWriter writer,
            byte[] bytes,
            int length,
            int linkType,
            int flags,
            int interfaceNumber,
            int tci,
            int tpid) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(Math.max(1, bytes.length));
            MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, 0, bytes.length);
            MemorySegment descriptor = arena.allocate(PacketDescriptor.BYTES, 8);
            descriptor.set(ValueLayout.JAVA_LONG, PacketDescriptor.TIMESTAMP, 5_000_000_001L);
            descriptor.set(ValueLayout.JAVA_INT, PacketDescriptor.CAPTURED, bytes.length);
            descriptor.set(ValueLayout.JAVA_INT, PacketDescriptor.LENGTH, length);
            descriptor.set(ValueLayout.JAVA_SHORT, PacketDescriptor.LINK_TYPE, (short) linkType);
            descriptor.set(ValueLayout.JAVA_SHORT, PacketDescriptor.FLAGS, (short) flags);
            descriptor.set(ValueLayout.JAVA_INT, PacketDescriptor.INTERFACE, interfaceNumber);
            descriptor.set(ValueLayout.JAVA_SHORT, PacketDescriptor.VLAN_TCI, (short) tci);
            descriptor.set(ValueLayout.JAVA_SHORT, PacketDescriptor.VLAN_TPID, (short) tpid);
            writer.write(memory, descriptor, 1);
        }
    }

    @Test
    void aTagBesideTheFrameIsPutBackIntoIt() {
        Path file = folder.resolve("out");
        int flags = PacketDescriptor.FLAG_VLAN | PacketDescriptor.DIRECTION_OUT;
        try (var writer = CaptureWriter.open(file, options(Layout.PCAPNG).build())) {
            write(writer, CaptureBytes.data(20), 30, 1, flags, 3, 0x2064, 0x88A8);
            write(writer, CaptureBytes.data(20), 20, 113, flags, 3, 5, 0);
            write(writer, CaptureBytes.data(8), 20, 1, flags, 3, 5, 0);
            write(writer, CaptureBytes.data(20), 20, 276, flags, 3, 5, 0);
        }
        List<Packet> packets = read(file);
        assertEquals(
                "0102030405060708090a0b0c" + "88a82064" + "0d0e0f1011121314", packets.get(0).hex());
        assertEquals(34, packets.get(0).length());
        assertEquals(PacketDescriptor.DIRECTION_OUT, packets.get(0).direction());
        assertEquals(
                "0102030405060708090a0b0c0d0e" + "81000005" + "0f1011121314", packets.get(1).hex());
        assertEquals("0102030405060708", packets.get(2).hex());
        assertEquals(20, packets.get(3).captured());
    }

    @Test
    void everyPairOfInterfaceAndLinkIsAnInterfaceWithItsName() {
        Path file = folder.resolve("out");
        var options = options(Layout.PCAPNG).interfaceNames(number -> "eth" + number);
        try (var writer = CaptureWriter.open(file, options.build())) {
            for (int i = 0; i < 20; i++) {
                write(writer, CaptureBytes.data(9), 9, i % 2 == 0 ? 1 : 101, 0, i / 2, 0, 0);
            }
            write(writer, CaptureBytes.data(9), 9, 1, 0, -1, 0, 0);
            writer.writeStatistics(4, new CaptureStatistics(100, 7, 0));
        }
        try (CaptureFile capture = CaptureFile.open(file)) {
            List<Packet> packets = Packet.of(capture);
            for (int i = 0; i < 20; i++) {
                assertEquals(i, packets.get(i).interfaceNumber());
                assertEquals(i % 2 == 0 ? 1 : 101, packets.get(i).linkType());
                assertEquals("eth" + i / 2, capture.notes().interfaces().get(i).name());
            }
            assertEquals("", capture.notes().interfaces().get(20).name());
            var counters = capture.notes().interfaceStatistics().getFirst();
            assertEquals(8, counters.interfaceNumber());
            assertEquals(100, counters.received());
            assertEquals(7, counters.droppedBySystem());
            assertEquals("Flowscope", capture.notes().sections().getFirst().application());
        }
    }

    @Test
    void pcapRefusesASecondLinkType() {
        Path file = folder.resolve("out");
        try (var writer = CaptureWriter.open(file, options(Layout.PCAP_NANOSECONDS).build())) {
            write(writer, CaptureBytes.data(9), 9, 101, 0, 0, 0, 0);
            var refusal =
                    assertThrows(
                            CaptureException.class,
                            () -> write(writer, CaptureBytes.data(9), 9, 1, 0, 0, 0, 0));
            assertTrue(refusal.getMessage().endsWith("write pcapng"), refusal.getMessage());
        }
        assertEquals(101, read(file).getFirst().linkType());
    }

    @Test
    void longPacketsAreCutToTheSnapLength() {
        for (int snapLength : new int[] {10, 13, 18, 100}) {
            Path file = folder.resolve("out");
            var options = options(Layout.PCAPNG).snapLength(snapLength).build();
            try (var writer = CaptureWriter.open(file, options)) {
                write(writer, CaptureBytes.data(20), 20, 1, PacketDescriptor.FLAG_VLAN, 0, 7, 0);
            }
            Packet packet = read(file).getFirst();
            int inTag = snapLength == 13 ? 12 : snapLength;
            assertEquals(Math.min(24, inTag), packet.captured());
            assertEquals(24, packet.length());
            assertTrue(
                    "0102030405060708090a0b0c810000070d0e0f10111213144".startsWith(packet.hex()));
        }
    }

    @Test
    void packetsLongerThanTheBufferAreWrittenWhole() {
        Path file = folder.resolve("out");
        var options = options(Layout.PCAPNG).bufferBytes(4_096).build();
        try (var writer = CaptureWriter.open(file, options)) {
            for (int length = 3_900; length < 4_200; length++) {
                write(writer, CaptureBytes.data(length), length, 1, 0, 0, 0, 0);
            }
            write(writer, CaptureBytes.data(100_000), 100_000, 1, 0, 0, 0, 0);
        }
        assertEquals(301, read(file).size());
        assertEquals(100_000, read(file).getLast().captured());
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    @ParameterizedTest
    @EnumSource
    void filesRotateBySizeTimeAndCount(Layout layout) throws IOException {
        TrafficSpec spec = spec().gapNanos(1_000_000).build();
        var limits =
                List.of(
                        options(layout).rotateBytes(100_000),
                        options(layout).rotateNanos(500_000_000),
                        options(layout).rotatePackets(450));
        for (int i = 0; i < limits.size(); i++) {
            CaptureWriterOptions options = limits.get(i).build();
            var writer = CaptureWriter.open(folder.resolve("out.pcap"), options);
            generateInto(writer, spec);
            List<Path> files = files();
            assertEquals(writer.files(), files.size());
            assertEquals("out-00000.pcap", files.getFirst().getFileName().toString());
            List<Packet> all = new ArrayList<>();
            for (Path file : files) {
                List<Packet> packets = read(file);
                long first = packets.getFirst().timestampNanos();
                long last = packets.getLast().timestampNanos();
                assertTrue(i != 0 || Files.size(file) <= 100_000);
                assertTrue(i != 1 || last - first < 500_000_000);
                assertTrue(i != 2 || packets.size() <= 450);
                all.addAll(packets);
                Files.delete(file);
            }
            assertTrue(files.size() >= 6, files::toString);
            assertEquals(3_000, all.size());
        }
    }

    @Test
    void aRingKeepsTheNewestFiles() throws IOException {
        var options = options(Layout.PCAPNG).rotatePackets(100).ringFiles(3).build();
        Path file = folder.resolve("ring.pcapng");
        generateInto(CaptureWriter.open(file, options), spec().build());
        assertEquals(
                List.of("ring-00027.pcapng", "ring-00028.pcapng", "ring-00029.pcapng"),
                files().stream().map(path -> path.getFileName().toString()).toList());
    }

    @Test
    void aFileWithoutPacketsIsAFile() {
        for (Layout layout : Layout.values()) {
            Path file = folder.resolve("empty");
            CaptureWriter.open(file, options(layout).build()).close();
            assertEquals(List.of(), read(file));
        }
    }

    @Test
    void aFileThatCannotBeOpenedIsNamedWithTheReason() {
        var options = options(Layout.PCAPNG).build();
        Path nowhere = folder.resolve("nowhere/out");
        for (Path file : List.of(nowhere, folder)) {
            var refusal =
                    assertThrows(CaptureException.class, () -> CaptureWriter.open(file, options));
            String reason = file.equals(folder) ? "Is a directory" : "there is no such folder";
            assertEquals(file + " cannot be written: " + reason, refusal.getMessage());
        }
    }

    @Test
    void whatWasFlushedIsReadableBeforeTheEnd() {
        Path file = folder.resolve("out");
        try (var writer = CaptureWriter.open(file, options(Layout.PCAPNG).flushNanos(0).build())) {
            write(writer, CaptureBytes.data(9), 9, 1, 0, 0, 0, 0);
            assertEquals(1, read(file).size());
        }
        try (var writer = CaptureWriter.open(file, options(Layout.PCAPNG).build())) {
            write(writer, CaptureBytes.data(9), 9, 1, 0, 0, 0, 0);
            writer.flush();
            assertEquals(1, read(file).size());
        }
    }

    @Test
    void aFullDiskIsToldOnceAndForAll() {
        var writer = CaptureWriter.open(Path.of("/dev/full"), options(Layout.PCAPNG).build());
        var full = assertThrows(CaptureException.class, () -> generateInto(writer, large()));
        assertTrue(full.getMessage().contains("No space left on device"), full.getMessage());
        assertThrows(IllegalStateException.class, writer::flush);
    }

    private static TrafficSpec large() {
        return spec().packets(20_000).build();
    }

    @Test
    void whatWasWrittenBeforeAFailureStaysReadable() {
        var kept = new ByteArrayOutputStream();
        var disk =
                new OutputStream() {
                    @Override
                    public void write(int value) throws IOException {
                        write(new byte[] {(byte) value}, 0, 1);
                    }

                    @Override
                    public void write(byte[] bytes, int from, int length) throws IOException {
                        int room = Math.min(length, 3_000_000 - kept.size());
                        kept.write(bytes, from, room);
                        if (room < length) {
                            throw new IOException("disk full");
                        }
                    }
                };
        var writer = CaptureWriter.to(disk, "disk", options(Layout.PCAP_NANOSECONDS).build());
        try (var generator = TrafficGenerator.of(large())) {
            var first = assertThrows(CaptureException.class, () -> generator.forEachBatch(writer));
            assertSame(first, assertThrows(CaptureException.class, writer::flush));
        }
        writer.close();
        try (CaptureFile capture = CaptureBytes.open(kept.toByteArray())) {
            assertTrue(Packet.of(capture).size() > 3_000);
            assertTrue(capture.ending().isTruncated());
        }
    }

    @Test
    void mistakesInTheOptionsAreNamedTogether() {
        var mistake =
                assertThrows(
                        IllegalArgumentException.class,
                        () ->
                                CaptureWriterOptions.builder()
                                        .snapLength(0)
                                        .rotateBytes(5)
                                        .bufferBytes(1)
                                        .build());
        assertTrue(mistake.getMessage().contains("snapLength: from 1 to 262144, was 0"));
        assertTrue(mistake.getMessage().contains("rotateBytes: 0 or ≥ 1000, was 5"));
        assertTrue(mistake.getMessage().contains("bufferBytes"));
    }
}
