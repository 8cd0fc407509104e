package io.flowscope.capture;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flowscope.capture.CaptureWriterOptions.Compression;
import io.flowscope.capture.generate.PcapWriter;
import io.flowscope.capture.generate.TrafficGenerator;
import io.flowscope.capture.generate.TrafficSpec;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.management.ObjectName;

/** What was opened and closed leaves no memory behind, in a JVM that keeps account of it. */
@Tag("slow")
@Timeout(120)
class MemoryLeakTest {
    private static final int WARM_UPS = 20;
    private static final int ROUNDS = 60;

    @TempDir Path folder;

    /** Opens and closes everything many times, and prints how much memory that has left, in KiB. */
    static final class Account {
        private Account() {}

        public static void main(String[] arguments) throws Exception {
            Path folder = Path.of(arguments[0]);
            Path source = folder.resolve("source");
            // Once, and not in each round: its memory goes only when the garbage is collected.
            var spec = TrafficSpec.builder().flows(2).packets(50).build();
            try (var generator = TrafficGenerator.of(spec);
                    var writer = PcapWriter.to(source, PcapWriter.Precision.NANOSECONDS, 1)) {
                generator.forEachBatch(writer);
            }
            long before = 0;
            long mappedBefore = 0;
            for (int i = 0; i < WARM_UPS + ROUNDS; i++) {
                if (i == WARM_UPS) {
                    before = allocatedKib();
                    mappedBefore = mappedKib();
                }
                round(folder, source);
            }
            System.out.println((allocatedKib() - before) + " " + (mappedKib() - mappedBefore));
        }

        private static void round(Path folder, Path source) {
            for (Compression compression : Compression.values()) {
                Path file = folder.resolve("file-" + compression);
                var options = CaptureWriterOptions.builder().compression(compression).build();
                try (var original = CaptureFile.open(source);
                        var writer = CaptureWriter.open(file, options)) {
                    original.forEachBatch(writer);
                }
                boolean mapped = compression == Compression.NONE;
                var reading = CaptureFileOptions.builder().mapped(mapped).build();
                try (CaptureFile capture = CaptureFile.open(file, reading)) {
                    capture.forEachBatch((memory, descriptors, count) -> {});
                }
            }
            try (var arena = PageArena.ofShared()) {
                arena.allocate(4 << 20);
            }
            var ring = RingOptions.builder("lo").blockBytes(4096).blockCount(2).filter("udp");
            try (RingCapture capture = RingCapture.open(ring.build());
                    Injector injector = Injector.open(InjectorOptions.of("lo"))) {
                capture.stop();
                capture.forEachBatch((memory, descriptors, count) -> {});
                injector.stop();
            }
        }

        /** What was allocated natively on behalf of Java code. */
        private static long allocatedKib() throws Exception {
            Object report =
                    ManagementFactory.getPlatformMBeanServer()
                            .invoke(
                                    new ObjectName("com.sun.management:type=DiagnosticCommand"),
                                    "vmNativeMemory",
                                    new Object[] {new String[] {"summary", "scale=KB"}},
                                    new String[] {String[].class.getName()});
            Matcher other =
                    Pattern.compile("Other \\(reserved=([0-9]+)KB").matcher(report.toString());
            if (!other.find()) {
                throw new AssertionError("no such category: " + report);
            }
            return Long.parseLong(other.group(1));
        }

        /** What is mapped by files and sockets. */
        private static long mappedKib() throws Exception {
            long bytes = 0;
            for (String line : Files.readAllLines(Path.of("/proc/self/maps"))) {
                if (line.contains("socket:") || line.contains("file-")) {
                    String[] range = line.substring(0, line.indexOf(' ')).split("-", -1);
                    bytes +=
                            Long.parseUnsignedLong(range[1], 16)
                                    - Long.parseUnsignedLong(range[0], 16);
                }
            }
            return bytes >> 10;
        }
    }

    @Test
    void openingAndClosingLeavesNothingBehind() throws Exception {
        Needs.root();
        String said =
                new OwnJvm()
                        .with("-XX:NativeMemoryTracking=summary")
                        .run(Account.class, folder.toString());
        assertTrue(said.strip().matches("-?[0-9]+ 0"), said);
        long left = Long.parseLong(said.strip().split(" ", -1)[0]);
        assertTrue(left < ROUNDS, left + " KiB left by " + ROUNDS + " rounds");
    }
}
