package io.flowscope.bench.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * One finished run of a program.
 *
 * @param userNanos its CPU time outside the kernel, children included
 * @param systemNanos its CPU time inside
 * @param wallNanos how long it took
 * @param mostResidentBytes the most memory it had
 * @param passes the lines about its passes, in order, as numbers by name
 * @param allocatedBytes what it says it allocated while packets came; -1 if it does not say
 */
public record ProcessRun(
        long userNanos,
        long systemNanos,
        long wallNanos,
        long mostResidentBytes,
        List<Map<String, Long>> passes,
        long allocatedBytes) {
    private static final long PATIENCE_MINUTES = 30;

    /**
     * Runs a program to its end.
     *
     * @param measure the program {@code measure}
     * @param cpu the only CPU it may use, -1 for any
     * @throws IOException if it fails; the message has the end of its output
     */
    public static ProcessRun of(Path measure, int cpu, List<String> command)
            throws IOException, InterruptedException {
        Path used = Files.createTempFile("flowscope-bench", ".used");
        Path output = Files.createTempFile("flowscope-bench", ".out");
        try {
            List<String> all = new ArrayList<>();
            all.add(measure.toString());
            all.add(Integer.toString(cpu));
            all.add(used.toString());
            all.addAll(command);
            Process process =
                    new ProcessBuilder(all)
                            .redirectErrorStream(true)
                            .redirectInput(Path.of("/dev/null").toFile())
                            .redirectOutput(output.toFile())
                            .start();
            boolean ended = process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES);
            if (!ended) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
            Map<String, Long> usage = numbers(Files.readString(used));
            if (!ended || usage.getOrDefault("status", -1L) != 0) {
                throw new IOException(
                        String.join(" ", command) + " failed: " + end(Files.readString(output)));
            }
            return read(
                    usage,
                    Files.readAllLines(output, java.nio.charset.StandardCharsets.ISO_8859_1));
        } finally {
            Files.delete(used);
            Files.delete(output);
        }
    }

    private static String end(String text) {
        return text.substring(Math.max(0, text.length() - 500)).strip();
    }

    private static ProcessRun read(Map<String, Long> usage, List<String> lines) {
        List<Map<String, Long>> passes = new ArrayList<>();
        long allocated = -1;
        for (String line : lines) {
            if (line.startsWith("pass=")) {
                passes.add(numbers(line));
            } else if (line.startsWith("allocated_bytes=")) {
                allocated = Long.parseLong(line.substring(line.indexOf('=') + 1));
            }
        }
        return new ProcessRun(
                usage.getOrDefault("user_ns", 0L),
                usage.getOrDefault("system_ns", 0L),
                usage.getOrDefault("wall_ns", 0L),
                usage.getOrDefault("most_resident_bytes", 0L),
                passes,
                allocated);
    }

    /** Reads {@code name=number name=number …}. */
    public static Map<String, Long> numbers(String line) {
        Map<String, Long> numbers = new HashMap<>();
        for (String word : line.strip().split(" ", -1)) {
            int equals = word.indexOf('=');
            if (equals > 0) {
                numbers.put(word.substring(0, equals), Long.parseLong(word.substring(equals + 1)));
            }
        }
        return numbers;
    }

    /** All its CPU time. */
    long cpuNanos() {
        return userNanos + systemNanos;
    }
}
