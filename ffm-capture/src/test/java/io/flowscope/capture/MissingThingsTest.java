package io.flowscope.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flowscope.capture.CaptureWriterOptions.Compression;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What is missing is named, with what to do about it. */
@Tag("slow")
@Timeout(60)
class MissingThingsTest {
    @TempDir Path folder;

    /** Tries what needs libzstd. */
    static final class Zstandard {
        private Zstandard() {}

        public static void main(String[] arguments) {
            var zstd = CaptureWriterOptions.builder().compression(Compression.ZSTD).build();
            say(() -> CaptureWriter.open(Path.of(arguments[0]), zstd).close());
            say(() -> CaptureFile.open(Path.of(arguments[1])).close());
            var plain = CaptureWriterOptions.builder().build();
            say(() -> CaptureWriter.open(Path.of(arguments[0]), plain).close());
            say(() -> CaptureFile.open(Path.of(arguments[0])).close());
        }
    }

    /** Tries what needs the right to open packet sockets. */
    static final class Rights {
        private Rights() {}

        public static void main(String[] arguments) {
            say(() -> RingCapture.open(RingOptions.of("lo", RingProfile.LOW_MEMORY)).close());
            say(() -> Workers.open(RingOptions.of("lo", RingProfile.LOW_MEMORY), 2).close());
            say(() -> Injector.open(InjectorOptions.of("lo")).close());
            say(RingCapture::ensureAvailable);
            say(() -> System.out.print(Interfaces.list().isEmpty() ? "none " : ""));
            System.out.println(RingCapture.isAvailable());
        }
    }

    private static void say(Runnable attempt) {
        try {
            attempt.run();
            System.out.println("fine");
        } catch (CaptureException told) {
            System.out.println(told.getMessage());
        }
    }

    @Test
    void withoutLibzstdTheRestWorksAndZstdSaysWhatToInstall() throws Exception {
        Path compressed = folder.resolve("some.pcap.zst");
        Files.write(compressed, new byte[] {0x28, (byte) 0xB5, 0x2F, (byte) 0xFD, 0, 0, 0, 0});
        Path written = folder.resolve("written.pcapng");
        String said =
                new OwnJvm()
                        .with("-Dflowscope.libzstd=nonexistent")
                        .run(Zstandard.class, written.toString(), compressed.toString());
        String cause =
                "libzstd was not found (tried nonexistent): install the package libzstd1 (Debian,"
                        + " Ubuntu), libzstd (Fedora) or zstd-libs (Alpine), or name its file with"
                        + " -Dflowscope.libzstd=<path>";
        assertEquals(
                List.of(
                        "zstd cannot be written: " + cause,
                        compressed + " is compressed by zstd: " + cause,
                        "fine",
                        "fine"),
                said.lines().toList());
    }

    @Test
    void withoutTheRightToCaptureTheCapabilityIsNamed() throws Exception {
        Needs.root();
        Needs.tool("setpriv");
        String said =
                new OwnJvm()
                        .under("setpriv", "--bounding-set=-net_raw", "--inh-caps=-all")
                        .run(Rights.class);
        List<String> lines = said.lines().toList();
        assertEquals(6, lines.size(), said);
        for (String line : lines.subList(0, 4)) {
            assertTrue(line.startsWith("socket(AF_PACKET) for "), said);
            assertTrue(line.contains(" failed: EPERM; run as root, or grant CAP_NET_RAW"), said);
            assertTrue(line.contains("--cap-add=NET_RAW"), said);
            assertTrue(line.contains("setcap cap_net_raw+ep"), said);
        }
        assertEquals(List.of("fine", "false"), lines.subList(4, 6));
    }
}
