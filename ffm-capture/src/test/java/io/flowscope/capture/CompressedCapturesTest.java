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

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;

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
            assertEquals(packets.subList(0, got.size()), got);
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
}
