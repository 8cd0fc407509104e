package io.flowscope.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flowscope.capture.Ending.Outcome;
import io.flowscope.capture.generate.PcapWriter;
import io.flowscope.capture.generate.TrafficGenerator;
import io.flowscope.capture.generate.TrafficSpec;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import java.io.ByteArrayOutputStream;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/** Whatever a file holds: an answer soon, in bounded memory, and every whole packet before. */
@Execution(ExecutionMode.CONCURRENT)
class DamagedCapturesTest {
    private static byte[] pcap() {
        var out = new ByteArrayOutputStream();
        var spec = TrafficSpec.builder().flows(3).packets(20).payload(0, 40).build();
        try (var generator = TrafficGenerator.of(spec);
                var writer = PcapWriter.to(out, PcapWriter.Precision.MICROSECONDS, 1)) {
            generator.forEachBatch(writer);
        }
        return out.toByteArray();
    }

    private static byte[] modified() {
        var file = new CaptureBytes(ByteOrder.BIG_ENDIAN).pcapHeader(0xA1B2CD34, 1);
        for (int i = 0; i < 10; i++) {
            file.int32(i, i, 5, 9, 1).int16(0x800).int16(0).bytes(CaptureBytes.data(5));
        }
        return file.done();
    }

    private static byte[] pcapng() {
        var file = new CaptureBytes(ByteOrder.LITTLE_ENDIAN).section();
        file.describeInterface(1, 0, file.body().option(2, "eth0").endOfOptions());
        for (int i = 0; i < 10; i++) {
            file.enhanced(0, i, 5, CaptureBytes.data(5), file.body().option(1, "x").endOfOptions());
            file.block(3, file.body().int32(5).padded(CaptureBytes.data(5)));
        }
        file.block(5, file.body().int32(0, 0, 9).option(4, new byte[8]).endOfOptions());
        return file.done();
    }

    private static byte[] gzip(byte[] plain) throws Exception {
        var out = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(out)) {
            gzip.write(plain);
        }
        return out.toByteArray();
    }

    /** What was read, and how it ended. */
    private record Read(List<Packet> packets, Outcome outcome, String message) {}

    private static Read read(byte[] bytes) {
        List<Packet> packets = new ArrayList<>();
        try (CaptureFile capture = CaptureBytes.open(bytes)) {
            String message = "";
            try {
                capture.forEachBatch(Packet.into(packets));
            } catch (CaptureException e) {
                message = String.valueOf(e.getMessage());
            }
            return new Read(packets, capture.ending().outcome(), message);
        }
    }

    @Test
    @Tag("slow")
    void aFileCutAnywhereGivesEveryWholePacket() throws Exception {
        for (byte[] whole : List.of(pcap(), modified(), pcapng())) {
            Read all = read(whole);
            assertEquals(Outcome.COMPLETE, all.outcome());
            int last = 0;
            for (int length = 0; length < whole.length; length++) {
                Read cut = read(Arrays.copyOf(whole, length));
                int packets = cut.packets().size();
                assertEquals(all.packets().subList(0, packets), cut.packets());
                assertTrue(packets >= last, "cut at " + length);
                last = packets;
                // Cut between two records nothing is missing that could be known of.
                assertTrue(cut.outcome() != Outcome.DAMAGED, "cut at " + length);
                boolean cutInHeader = cut.outcome() == Outcome.UNREAD;
                assertEquals(cutInHeader, !cut.message().isEmpty(), cut.message());
            }
            assertTrue(all.packets().size() - last <= 1);
        }
    }

    @Test
    @Tag("slow")
    void aCompressedFileCutAnywhereGivesWhatCanBeDecompressed() throws Exception {
        byte[] plain = pcap();
        byte[] whole = gzip(plain);
        Read all = read(whole);
        assertEquals(Outcome.COMPLETE, all.outcome());
        for (int length = 18; length < whole.length; length++) {
            Read cut = read(Arrays.copyOf(whole, length));
            assertEquals(all.packets().subList(0, cut.packets().size()), cut.packets());
            assertTrue(
                    cut.outcome() == Outcome.TRUNCATED || cut.outcome() == Outcome.UNREAD,
                    "cut at " + length + ": " + cut.outcome());
        }
    }

    @Test
    void randomlyChangedFilesNeverDoAnythingElseThanEnd() throws Exception {
        changeAtRandom(42, 400);
    }

    @Test
    @Tag("slow")
    void manyRandomlyChangedFilesNeverDoAnythingElseThanEnd() throws Exception {
        changeAtRandom(43, 4_000);
    }

    private static void changeAtRandom(long seed, int rounds) throws Exception {
        var random = new Random(seed);
        List<byte[]> seeds = List.of(pcap(), modified(), pcapng(), gzip(pcapng()));
        assertTimeoutPreemptively(
                Duration.ofSeconds(60 + rounds / 10),
                () -> {
                    for (int round = 0; round < rounds; round++) {
                        byte[] bytes = seeds.get(round % seeds.size()).clone();
                        int changes = 1 + random.nextInt(8);
                        for (int i = 0; i < changes; i++) {
                            int at = random.nextInt(bytes.length);
                            bytes[at] =
                                    switch (random.nextInt(4)) {
                                        case 0 -> 0;
                                        case 1 -> -1;
                                        case 2 -> (byte) (bytes[at] ^ 1 << random.nextInt(8));
                                        default -> (byte) random.nextInt();
                                    };
                        }
                        Read read = read(bytes);
                        assertEquals(
                                read.outcome() == Outcome.DAMAGED
                                        || read.outcome() == Outcome.UNREAD,
                                !read.message().isEmpty());
                    }
                });
    }

    @Test
    void filesThatCrashedOthersAreRead() throws Exception {
        List<Path> files;
        try (Stream<Path> list = Files.list(Needs.captures().resolve("damaged"))) {
            files = list.filter(file -> !file.toString().endsWith(".tsv")).sorted().toList();
        }
        for (Path file : files) {
            Read read =
                    assertTimeoutPreemptively(
                            Duration.ofSeconds(60), () -> read(Files.readAllBytes(file)));
            assertTrue(
                    read.outcome() == Outcome.COMPLETE
                            || read.outcome() == Outcome.TRUNCATED
                            || !read.message().isEmpty(),
                    file::toString);
        }
    }

    @Test
    @Tag("slow")
    void aLengthThatOnlyClaimsToBeLargeTakesNoMemory() {
        var file = new CaptureBytes(ByteOrder.LITTLE_ENDIAN).pcapHeader(0xA1B2C3D4, 231);
        file.int32(0, 0, 100 << 20, 100 << 20).bytes(CaptureBytes.data(100));
        long before = residentKibibytes();
        for (int i = 0; i < 20; i++) {
            assertEquals(Outcome.TRUNCATED, read(file.done()).outcome());
        }
        long grown = residentKibibytes() - before;
        assertTrue(grown < 60 << 10, "grew by " + grown + " KiB");
    }

    private static long residentKibibytes() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElseThrow();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void whatIsNoCaptureIsNamed() {
        assertTrue(read(new byte[0]).message().endsWith("is empty"));
        assertTrue(read(new byte[] {1, 2, 3}).message().contains("begins with 01 02 03"));
        assertTrue(
                read("hello world".getBytes(StandardCharsets.US_ASCII))
                        .message()
                        .contains("68 65 6C 6C 6F"));
        byte[] snoop = "snoop\0\0\0".getBytes(StandardCharsets.US_ASCII);
        assertTrue(read(snoop).message().contains("snoop file: convert it with editcap"));
        byte[] header = Arrays.copyOf(pcap(), 23);
        assertTrue(read(header).message().endsWith("ends inside its file header"));
    }
}
