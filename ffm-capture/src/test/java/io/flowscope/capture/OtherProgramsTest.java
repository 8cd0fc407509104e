package io.flowscope.capture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flowscope.capture.CaptureWriterOptions.Compression;
import io.flowscope.capture.CaptureWriterOptions.Layout;
import io.flowscope.capture.generate.TrafficGenerator;
import io.flowscope.capture.generate.TrafficSpec;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** What is written is for others the same to the byte, in every format. */
@Tag("slow")
class OtherProgramsTest {
    private static final int FILE_HEADER_BYTES = 24;
    private static final int PACKETS = 3_000;
    private static final TrafficSpec TRAFFIC =
            TrafficSpec.builder()
                    .flows(40)
                    .packets(PACKETS)
                    .payload(0, 1_400)
                    .ipv6Share(0.3)
                    .vlanShare(0.2)
                    .build();

    @TempDir Path folder;

    private static Path write(Path file, CaptureWriterOptions.Builder options) {
        try (var writer = CaptureWriter.open(file, options.build());
                var generator = TrafficGenerator.of(TRAFFIC)) {
            generator.forEachBatch(writer);
        }
        return file;
    }

    private static CaptureWriterOptions.Builder options(Layout layout, Compression compression) {
        return CaptureWriterOptions.builder().layout(layout).compression(compression);
    }

    /** The records of a plain pcap file: times, lengths and bytes of all packets. */
    private static byte[] records(Path pcap) throws IOException {
        byte[] file = Files.readAllBytes(pcap);
        return Arrays.copyOfRange(file, FILE_HEADER_BYTES, file.length);
    }

    /** What our plain pcap file says of the packets, with the clock of a layout. */
    private byte[] expected(Layout layout) throws IOException {
        Layout plain = layout == Layout.PCAPNG ? Layout.PCAP_NANOSECONDS : layout;
        return records(write(folder.resolve("plain"), options(plain, Compression.NONE)));
    }

    @Test
    void editcapCopiesThemAll() throws Exception {
        Needs.tool("editcap");
        for (Layout layout : Layout.values()) {
            String format = layout == Layout.PCAP_MICROSECONDS ? "pcap" : "nsecpcap";
            byte[] expected = expected(layout);
            for (Compression compression : Compression.values()) {
                Path file = write(folder.resolve("out"), options(layout, compression));
                Path copy = folder.resolve("copy");
                Tools.lines("editcap", "-F", format, file.toString(), copy.toString());
                assertArrayEquals(expected, records(copy), layout + " " + compression);
            }
        }
    }

    @Test
    void tcpdumpCopiesThemAll() throws Exception {
        Needs.tool("tcpdump");
        for (Layout layout : Layout.values()) {
            Path file = write(folder.resolve("out"), options(layout, Compression.NONE));
            Path copy = folder.resolve("copy");
            String precision = layout == Layout.PCAP_MICROSECONDS ? "micro" : "nano";
            Tools.lines(
                    "tcpdump",
                    "--time-stamp-precision=" + precision,
                    "-r",
                    file.toString(),
                    "-w",
                    copy.toString());
            assertArrayEquals(expected(layout), records(copy), layout::name);
        }
    }

    @Test
    void capinfosCountsTheSame() throws Exception {
        Needs.tool("capinfos");
        long bytes = 0;
        List<Packet> packets;
        try (var generator = TrafficGenerator.of(TRAFFIC)) {
            packets = Packet.of(generator);
        }
        for (Packet packet : packets) {
            bytes += packet.length();
        }
        for (Layout layout : Layout.values()) {
            for (Compression compression : Compression.values()) {
                Path file = write(folder.resolve("out"), options(layout, compression));
                String facts =
                        String.join(
                                "\n", Tools.lines("capinfos", "-M", "-c", "-d", file.toString()));
                String what = layout + " " + compression + ":\n" + facts;
                assertTrue(facts.matches("(?s).*packets: +" + PACKETS + "\n.*"), what);
                assertTrue(facts.matches("(?s).*Data size: +" + bytes + " bytes.*"), what);
            }
        }
    }

    @Test
    void rotatedFilesTogetherAreTheWhole() throws Exception {
        Needs.tool("mergecap");
        for (Compression compression : Compression.values()) {
            Path series = Files.createDirectory(folder.resolve("series-" + compression));
            write(series.resolve("x"), options(Layout.PCAPNG, compression).rotatePackets(400));
            List<String> command = new ArrayList<>(List.of("mergecap", "-a", "-F", "nsecpcap"));
            Path merged = folder.resolve("merged");
            command.addAll(List.of("-w", merged.toString()));
            try (Stream<Path> files = Files.list(series)) {
                command.addAll(files.sorted().map(Path::toString).toList());
            }
            assertEquals(6 + 8, command.size());
            Tools.lines(command.toArray(String[]::new));
            assertArrayEquals(expected(Layout.PCAPNG), records(merged), compression::name);
        }
    }

    @Test
    void aFileWithoutPacketsIsOneForThemAsWell() throws Exception {
        Needs.tool("tcpdump");
        Needs.tool("capinfos");
        for (Layout layout : Layout.values()) {
            Path file = folder.resolve("empty");
            CaptureWriter.open(file, options(layout, Compression.NONE).build()).close();
            String command = "tcpdump -r '" + file + "' 2>&1 >/dev/null; echo code $?";
            String said = String.join("\n", Tools.lines("sh", "-c", command));
            assertTrue(said.contains("link-type EN10MB"), said);
            assertTrue(said.endsWith("code 0"), said);
            String facts = String.join("\n", Tools.lines("capinfos", file.toString()));
            assertTrue(facts.matches("(?s).*encapsulation: +Ethernet\n.*"), facts);
        }
    }

    @Test
    void tagsInterfacesAndCountersAreSeenByOthers() throws Exception {
        Needs.tool("tshark");
        Needs.tool("capinfos");
        String file = folder.resolve("out").toString();
        var options =
                options(Layout.PCAPNG, Compression.NONE).interfaceNames(number -> "eth" + number);
        byte[] frame = HexFormat.of().parseHex("020000000001" + "020000000002" + "88b5" + "0102");
        try (var writer = CaptureWriter.open(Path.of(file), options.build());
                Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocateFrom(ValueLayout.JAVA_BYTE, frame);
            MemorySegment descriptor = arena.allocate(PacketDescriptor.BYTES, 8);
            for (int i = 0; i < 2; i++) {
                Descriptors.put(
                        descriptor,
                        0,
                        0,
                        1_700_000_000_000_000_001L + i,
                        frame.length,
                        frame.length,
                        Descriptors.linkTypeAndFlags(1, i == 0 ? PacketDescriptor.FLAG_VLAN : 0),
                        i);
                descriptor.set(ValueLayout.JAVA_INT, PacketDescriptor.VLAN_TCI, 0x8100_6064);
                writer.write(memory, descriptor, 1);
            }
            writer.writeStatistics(0, new CaptureStatistics(12, 5, 0));
        }
        List<String> seen =
                Tools.lines(
                        "tshark",
                        "-r",
                        file,
                        "-T",
                        "fields",
                        "-e",
                        "frame.time_epoch",
                        "-e",
                        "frame.interface_name",
                        "-e",
                        "vlan.priority",
                        "-e",
                        "vlan.id",
                        "-e",
                        "frame.len");
        assertEquals(
                List.of(
                        "1700000000.000000001\teth0\t3\t100\t20",
                        "1700000000.000000002\teth1\t\t\t16"),
                seen);
        String facts = String.join("\n", Tools.lines("capinfos", file));
        assertTrue(facts.contains("Name = eth0"), facts);
        assertTrue(facts.contains("Number of stat entries = 1"), facts);
    }
}
