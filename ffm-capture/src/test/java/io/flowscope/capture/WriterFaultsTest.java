package io.flowscope.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flowscope.capture.CaptureWriterOptions.Compression;
import io.flowscope.capture.CaptureWriterOptions.Layout;
import io.flowscope.capture.generate.TrafficGenerator;
import io.flowscope.capture.generate.TrafficSpec;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What is left of a file when its writer is killed or its disk is full. */
@Tag("slow")
@Timeout(120)
class WriterFaultsTest {
    @TempDir Path folder;

    /** Writes for ever, and says after each batch how many packets are safe. */
    static final class Endless {
        private Endless() {}

        public static void main(String[] arguments) {
            var options =
                    CaptureWriterOptions.builder()
                            .layout(Layout.valueOf(arguments[1]))
                            .compression(Compression.valueOf(arguments[2]))
                            .flushNanos(0)
                            .build();
            try (var writer = CaptureWriter.open(Path.of(arguments[0]), options);
                    var generator = TrafficGenerator.of(traffic(100_000_000))) {
                generator.forEachBatch(
                        (memory, descriptors, count) -> {
                            writer.write(memory, descriptors, count);
                            System.out.println(writer.packets());
                        });
            }
        }
    }

    private static TrafficSpec traffic(long packets) {
        return TrafficSpec.builder().flows(10).packets(packets).build();
    }

    @Test
    void aKilledWriterLeavesAReadableFile() throws Exception {
        for (Layout layout : Layout.values()) {
            for (Compression compression : Compression.values()) {
                String what = layout + " " + compression;
                Path file = folder.resolve(layout + "-" + compression);
                long safe = killedAfter(5_000, file, layout, compression);
                try (CaptureFile capture = CaptureFile.open(file)) {
                    long read = capture.forEachBatch((memory, descriptors, count) -> {});
                    assertTrue(read >= safe, what + ": " + read + " of " + safe);
                    assertNotEquals(Ending.Outcome.DAMAGED, capture.ending().outcome(), what);
                }
            }
        }
    }

    /** How many packets the writer said were safe when it was killed. */
    private static long killedAfter(long packets, Path file, Layout layout, Compression compression)
            throws Exception {
        Process process =
                new OwnJvm()
                        .start(Endless.class, file.toString(), layout.name(), compression.name());
        long safe = 0;
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            while (safe < packets) {
                String line = lines.readLine();
                assertTrue(line != null && line.matches("[0-9]+"), line);
                safe = Long.parseLong(line);
            }
            process.destroyForcibly();
            assertEquals(128 + 9, process.waitFor());
        }
        return safe;
    }

    @Test
    void aFullDiskIsSaidAndWhatWasWrittenCanBeRead() throws Exception {
        Needs.root();
        Needs.tool("mount");
        Path disk = Files.createDirectory(folder.resolve("disk"));
        TestNetwork.run("mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", disk.toString());
        try {
            for (Layout layout : Layout.values()) {
                for (Compression compression : List.of(Compression.NONE, Compression.GZIP)) {
                    Path file = disk.resolve("full");
                    long written = fill(file, layout, compression);
                    try (CaptureFile capture = CaptureFile.open(file)) {
                        long read = capture.forEachBatch((memory, descriptors, count) -> {});
                        assertTrue(read > 0 && read <= written, read + " of " + written);
                        assertNotEquals(Ending.Outcome.DAMAGED, capture.ending().outcome());
                    }
                    Files.delete(file);
                }
            }
        } finally {
            TestNetwork.run("umount", disk.toString());
        }
    }

    private static long fill(Path file, Layout layout, Compression compression) {
        var options =
                CaptureWriterOptions.builder()
                        .layout(layout)
                        .compression(compression)
                        .bufferBytes(1 << 16)
                        .build();
        try (var writer = CaptureWriter.open(file, options);
                var generator = TrafficGenerator.of(traffic(10_000_000))) {
            CaptureException full =
                    assertThrows(
                            CaptureException.class,
                            () -> generator.forEachBatch(writer),
                            "never full");
            assertTrue(String.valueOf(full.getMessage()).contains(file.toString()));
            assertTrue(
                    String.valueOf(full.getMessage()).contains("No space left on device"),
                    full.getMessage());
            assertSame(full, assertThrows(CaptureException.class, writer::flush));
            return writer.packets();
        }
    }
}
