package io.flowscope.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flowscope.capture.Ending.Outcome;
import io.flowscope.capture.generate.PcapWriter;
import io.flowscope.capture.generate.TrafficGenerator;
import io.flowscope.capture.generate.TrafficSpec;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

@Execution(ExecutionMode.CONCURRENT)
class CompressedCapturesTest {
    private static byte[] plain;
    private static List<Packet> packets;

    @TempDir Path folder;

    @BeforeAll
    static void generate() {
        var out = new ByteArrayOutputStream();
        var spec = TrafficSpec.builder().flows(50).packets(20_000).build();
        try (var generator = TrafficGenerator.of(spec);
                var writer = PcapWriter.to(out, PcapWriter.Precision.NANOSECONDS, 1)) {
            generator.forEachBatch(writer);
        }
        plain = out.toByteArray();
        packets = Packet.of(CaptureBytes.open(plain));
    }

    private static byte[] gzip(byte[] bytes) throws Exception {
        var out = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }

    private Path zstd(byte[] bytes, String... options) throws Exception {
        Needs.tool("zstd");
        Path file = Files.write(folder.resolve("plain"), bytes);
        Path compressed = folder.resolve("plain.zst");
        List<String> command = new ArrayList<>(List.of("zstd", "-q", "-f"));
        command.addAll(Arrays.asList(options));
        command.addAll(List.of(file.toString(), "-o", compressed.toString()));
        Tools.lines(command.toArray(new String[0]));
        return compressed;
    }

    @Test
    void gzipIsReadFromAFileAndAStream() throws Exception {
        byte[] compressed = gzip(plain);
        assertEquals(packets, Packet.of(CaptureBytes.open(compressed)));
        Path file = Files.write(folder.resolve("a.gz"), compressed);
        var mapped = CaptureFileOptions.builder().mapped(true).build();
        try (CaptureFile capture = CaptureFile.open(file, mapped)) {
            assertEquals(packets, Packet.of(capture));
            assertEquals(Outcome.COMPLETE, capture.ending().outcome());
        }
    }

    @Test
    void severalMembersAndPaddingAreOneFile() throws Exception {
        var out = new ByteArrayOutputStream();
        for (int at = 0; at < plain.length; at += 300_000) {
            out.write(gzip(Arrays.copyOfRange(plain, at, Math.min(at + 300_000, plain.length))));
        }
        out.write(gzip(new byte[0]));
        out.write(new byte[1_000]);
        try (CaptureFile capture = CaptureBytes.open(out.toByteArray())) {
            assertEquals(packets, Packet.of(capture));
            assertEquals(Outcome.COMPLETE, capture.ending().outcome());
            assertEquals(List.of(), capture.warnings());
        }
    }

    @Test
    void aMemberWithEveryOptionalFieldIsRead() throws Exception {
        byte[] member = gzip(plain);
        var out = new ByteArrayOutputStream();
        out.write(new byte[] {0x1F, (byte) 0x8B, 8, 2 | 4 | 8 | 16, 0, 0, 0, 0, 0, 3});
        out.write(new byte[] {3, 0, 'a', 'b', 'c', 'n', 'a', 'm', 'e', 0, 'h', 'i', 0, 7, 7});
        out.write(member, 10, member.length - 10);
        assertEquals(packets, Packet.of(CaptureBytes.open(out.toByteArray())));
    }

    @Test
    void whatFollowsTheGzipDataIsIgnoredAndNoted() throws Exception {
        var out = new ByteArrayOutputStream();
        out.write(gzip(plain));
        out.write("garbage".getBytes(StandardCharsets.US_ASCII));
        try (CaptureFile capture = CaptureBytes.open(out.toByteArray())) {
            assertEquals(packets, Packet.of(capture));
            assertEquals(1, capture.warnings().size());
        }
    }

    @Test
    void aWrongChecksumIsDamage() throws Exception {
        byte[] compressed = gzip(plain);
        compressed[compressed.length - 6] ^= 1;
        try (CaptureFile capture = CaptureBytes.open(compressed)) {
            List<Packet> got = new ArrayList<>();
            var damage =
                    assertThrows(
                            CaptureException.class, () -> capture.forEachBatch(Packet.into(got)));
            assertTrue(damage.getMessage().contains("checksum differs"), damage.getMessage());
            assertEquals(Outcome.DAMAGED, capture.ending().outcome());
            assertEquals(packets, got);
        }
    }

    @Test
    void withoutTheGzipTrailerEveryPacketIsThere() throws Exception {
        byte[] compressed = gzip(plain);
        for (int missing = 1; missing <= 8; missing++) {
            byte[] cut = Arrays.copyOf(compressed, compressed.length - missing);
            try (CaptureFile capture = CaptureBytes.open(cut)) {
                assertEquals(packets, Packet.of(capture), missing + " bytes missing");
                assertEquals(Outcome.TRUNCATED, capture.ending().outcome());
                String detail = capture.ending().detail();
                assertTrue(detail.endsWith("its compressed data ends early"), detail);
            }
        }
    }

    @Test
    void aSmallGzipFileWithoutItsTrailerIsNotEmpty() throws Exception {
        byte[] small = Arrays.copyOf(plain, 24 + 16 + packets.getFirst().captured());
        byte[] compressed = gzip(small);
        Path cut = folder.resolve("cut.gz");
        for (int missing = 1; missing <= 8; missing++) {
            Files.write(cut, Arrays.copyOf(compressed, compressed.length - missing));
            try (CaptureFile capture = CaptureFile.open(cut)) {
                assertEquals(packets.subList(0, 1), Packet.of(capture));
                assertEquals(Outcome.TRUNCATED, capture.ending().outcome());
            }
        }
        Files.write(cut, Arrays.copyOf(compressed, 10));
        var thrown = assertThrows(CaptureException.class, () -> CaptureFile.open(cut));
        assertTrue(thrown.getMessage().endsWith("ends inside its file header"));
    }

    @Test
    void everyByteInFrontOfADeflateErrorIsHandedOver() throws Exception {
        // One member whose data goes on with a block of the type that does not exist.
        var out = new ByteArrayOutputStream();
        out.write(new byte[] {0x1F, (byte) 0x8B, 8, 0, 0, 0, 0, 0, 0, 3});
        var deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
        deflater.setInput(plain);
        byte[] data = new byte[plain.length];
        int length = deflater.deflate(data, 0, data.length, Deflater.SYNC_FLUSH);
        deflater.end();
        out.write(data, 0, length);
        out.write(new byte[] {(byte) 0xFF, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF});
        try (CaptureFile capture = CaptureBytes.open(out.toByteArray())) {
            var got = new ArrayList<Packet>();
            assertThrows(CaptureException.class, () -> capture.forEachBatch(Packet.into(got)));
            assertEquals(Outcome.DAMAGED, capture.ending().outcome());
            assertEquals(packets, got);
        }
    }

    @Test
    void zstdIsReadAndItsTailMayBeMissing() throws Exception {
        Path compressed = zstd(plain);
        try (CaptureFile capture = CaptureFile.open(compressed)) {
            assertEquals(packets, Packet.of(capture));
            assertEquals(Outcome.COMPLETE, capture.ending().outcome());
        }
        byte[] bytes = Files.readAllBytes(compressed);
        byte[] twice = Arrays.copyOf(bytes, bytes.length * 2);
        try (CaptureFile capture = CaptureBytes.open(Arrays.copyOf(twice, bytes.length - 1_000))) {
            List<Packet> got = Packet.of(capture);
            assertEquals(Outcome.TRUNCATED, capture.ending().outcome());
            assertEquals(packets.subList(0, got.size()), got);
            assertTrue(got.size() > 10_000);
        }
    }

    @Test
    void severalZstdFramesAreOneFile() throws Exception {
        var out = new ByteArrayOutputStream();
        for (int at = 0; at < plain.length; at += 700_000) {
            byte[] piece = Arrays.copyOfRange(plain, at, Math.min(at + 700_000, plain.length));
            out.write(Files.readAllBytes(zstd(piece)));
        }
        try (CaptureFile capture = CaptureBytes.open(out.toByteArray())) {
            assertEquals(packets, Packet.of(capture));
        }
    }

    @Test
    void damagedZstdIsDamage() throws Exception {
        byte[] bytes = Files.readAllBytes(zstd(plain, "--check"));
        bytes[bytes.length / 2] ^= 0x55;
        try (CaptureFile capture = CaptureBytes.open(bytes)) {
            var got = new ArrayList<Packet>();
            assertThrows(CaptureException.class, () -> capture.forEachBatch(Packet.into(got)));
            assertEquals(Outcome.DAMAGED, capture.ending().outcome());
        }
    }

    @Test
    void aWrongChecksumOfZstdCostsNoPacket() throws Exception {
        byte[] bytes = Files.readAllBytes(zstd(plain, "--check"));
        bytes[bytes.length - 1] ^= 1;
        try (CaptureFile capture = CaptureBytes.open(bytes)) {
            var got = new ArrayList<Packet>();
            assertThrows(CaptureException.class, () -> capture.forEachBatch(Packet.into(got)));
            assertEquals(Outcome.DAMAGED, capture.ending().outcome());
            assertEquals(packets, got);
        }
    }

    @Test
    void zstdWithoutTheEndOfItsChecksumHasEveryPacket() throws Exception {
        byte[] bytes = Files.readAllBytes(zstd(plain, "--check"));
        for (int missing = 1; missing <= 4; missing++) {
            byte[] cut = Arrays.copyOf(bytes, bytes.length - missing);
            try (CaptureFile capture = CaptureBytes.open(cut)) {
                assertEquals(packets, Packet.of(capture), missing + " bytes missing");
                assertEquals(Outcome.TRUNCATED, capture.ending().outcome());
            }
        }
    }

    @Test
    void everyBlockBeforeADamagedOneOfZstdIsHandedOver() throws Exception {
        Needs.tool("zstd");
        int blockBytes = 128 << 10;
        // A frame of raw blocks, the last of which has the type that does not exist.
        var out = new ByteArrayOutputStream();
        out.write(new byte[] {0x28, (byte) 0xB5, 0x2F, (byte) 0xFD, 0, 0x38});
        for (int block = 0; block < 5; block++) {
            int header = blockBytes << 3;
            out.write(new byte[] {(byte) header, (byte) (header >> 8), (byte) (header >> 16)});
            out.write(plain, block * blockBytes, blockBytes);
        }
        out.write(new byte[] {(byte) 0xFF, (byte) 0xFF, (byte) 0xFF});
        Path file = Files.write(folder.resolve("damaged.zst"), out.toByteArray());
        List<Packet> whole = Packet.of(CaptureBytes.open(Arrays.copyOf(plain, 5 * blockBytes)));
        try (CaptureFile capture = CaptureFile.open(file)) {
            var got = new ArrayList<Packet>();
            assertThrows(CaptureException.class, () -> capture.forEachBatch(Packet.into(got)));
            assertEquals(Outcome.DAMAGED, capture.ending().outcome());
            assertEquals(whole.size(), got.size());
            assertEquals(whole, got);
        }
    }
}
