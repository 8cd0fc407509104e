package io.flowscope.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flowscope.capture.generate.PcapWriter;
import io.flowscope.capture.generate.TrafficGenerator;
import io.flowscope.capture.generate.TrafficSpec;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A file that gets shorter while it is read; in JVMs of their own, which must survive it. */
@Tag("slow")
class ShrinkingFileTest {
    @TempDir Path folder;

    /** What the JVM of its own does: reads, and shortens the file after some packets. */
    static final class Victim {
        private Victim() {}

        public static void main(String[] arguments) {
            Path file = Path.of(arguments[0]);
            boolean mapped = arguments[1].equals("mapped");
            boolean copies = arguments[2].equals("copy");
            int warmUps = Integer.parseInt(arguments[3]);
            var options = CaptureFileOptions.builder().mapped(mapped).build();
            byte[] copy = new byte[4_096];
            long[] sum = {0};
            for (int pass = 0; pass <= warmUps; pass++) {
                boolean last = pass == warmUps;
                long[] seen = {0};
                try (CaptureFile capture = CaptureFile.open(file, options)) {
                    try {
                        capture.forEach(
                                (memory, offset, captured, length, time) -> {
                                    if (last && ++seen[0] == 1_000) {
                                        shorten(file);
                                    }
                                    if (copies) {
                                        MemorySegment.copy(
                                                memory,
                                                ValueLayout.JAVA_BYTE,
                                                offset,
                                                copy,
                                                0,
                                                Math.min(captured, copy.length));
                                        sum[0] += copy[0];
                                    } else {
                                        for (int i = 0; i < captured; i++) {
                                            sum[0] += memory.get(ValueLayout.JAVA_BYTE, offset + i);
                                        }
                                    }
                                });
                    } catch (CaptureException e) {
                        System.out.println("told: " + e.getMessage());
                    }
                    if (last) {
                        System.out.println("ended: " + capture.ending().outcome());
                    }
                }
            }
            System.out.println("alive");
        }

        private static void shorten(Path file) {
            try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.truncate(5_000);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private List<String> run(String access, String touch, int warmUps, String... flags)
            throws Exception {
        Path file = folder.resolve("shrinks.pcap");
        var spec = TrafficSpec.builder().flows(10).packets(60_000).payload(500, 1_400).build();
        try (var generator = TrafficGenerator.of(spec);
                var writer = PcapWriter.to(file, PcapWriter.Precision.NANOSECONDS, 1)) {
            generator.forEachBatch(writer);
        }
        var command = new java.util.ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(flags));
        command.add("-XX:ErrorFile=" + folder.resolve("hs_err"));
        command.add("-XX:-CreateCoredumpOnCrash");
        command.add("--enable-native-access=ALL-UNNAMED");
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.add(Victim.class.getName());
        command.addAll(List.of(file.toString(), access, touch, String.valueOf(warmUps)));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        assertEquals(0, process.exitValue(), text);
        List<String> lines = text.lines().toList();
        assertEquals("alive", lines.getLast(), text);
        return lines;
    }

    @Test
    void readByPiecesItIsTruncatedAndNothingElse() throws Exception {
        List<String> lines = run("read", "get", 0);
        assertEquals("ended: TRUNCATED", lines.get(lines.size() - 2));
    }

    @Test
    void mappedItIsToldAndTheJvmSurvives() throws Exception {
        for (String touch : List.of("get", "copy")) {
            for (int warmUps : new int[] {0, 20}) {
                List<String> lines = run("mapped", touch, warmUps);
                assertTrue(
                        lines.getFirst().contains("shortened while it was mapped"),
                        lines::toString);
                assertEquals("ended: DAMAGED", lines.get(lines.size() - 2));
            }
            run("mapped", touch, 0, "-Xint");
            run("mapped", touch, 20, "-XX:TieredStopAtLevel=1");
        }
    }
}
