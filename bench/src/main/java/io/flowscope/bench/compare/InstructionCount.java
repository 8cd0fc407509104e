package io.flowscope.bench.compare;

import io.flowscope.bench.pass.FilePasses;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How many instructions a packet takes outside the kernel, ours and those of the limit: the thread
 * that goes over a file again and again is stopped at each of many, when all has long been
 * compiled. That is exact, and the same on a machine with other work on it; what an instruction
 * takes it does not say.
 *
 * @param steps how many instructions were looked at
 * @param packets how many packets those were for
 * @param shares what of them fell on code that the JVM has compiled
 */
public record InstructionCount(long steps, long packets, List<Share> shares) {
    private static final long STEPS = 1_000_000;
    private static final int PASSES = 12;

    /** So much is lines of ours within a pass; what comes between two passes is the JDK's. */
    private static final double OWN = 0.95;

    private static final int TRIES = 20;

    /**
     * The instructions made from one line.
     *
     * @param method what was compiled, as Class.method
     * @param place the line of ours, as Class.method:line, which may have been inlined into the
     *     method; "-" if none was
     * @param jdk whether they are inlined in turn from a method of the JDK that is called there
     * @param instructions how many
     */
    public record Share(String method, String place, boolean jdk, long instructions) {}

    /**
     * Prints both counts for a file.
     *
     * <pre>
     *   InstructionCount FILE MAX_FLOWS [--lines]
     * </pre>
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path root = Path.of(System.getProperty("flowscope.root"), "bench");
        var programs = new CPrograms(root.resolve("src/main/c"), root.resolve("target/c"));
        Path file = Path.of(arguments[0]);
        InstructionCount limit = ofLimit(programs, file, PASSES, STEPS);
        System.out.printf("%6.0f  C, file_read%n", limit.perPacket(limit.steps));
        int maxFlows = Integer.parseInt(arguments[1]);
        InstructionCount ours = ofTracker(programs, file, maxFlows, PASSES, STEPS);
        System.out.printf("%6.0f  flowscope%n", ours.perPacket(ours.steps));
        boolean lines = arguments.length > 2 && arguments[2].equals("--lines");
        ours.print("compiled method", Share::method);
        ours.print("method", share -> share.place.split(":", 2)[0]);
        if (lines) {
            ours.print("line", Share::place);
        }
    }

    private void print(String title, Function<Share, String> by) {
        System.out.printf("%n%6s  %6s  %s%n", "own", "JDK's", title);
        Map<String, List<Share>> groups = shares.stream().collect(Collectors.groupingBy(by));
        groups.entrySet().stream()
                .sorted(Comparator.comparingLong(group -> -sum(group.getValue())))
                .takeWhile(group -> perPacket(sum(group.getValue())) >= 1)
                .forEach(
                        group -> {
                            List<Share> all = group.getValue();
                            List<Share> jdk = all.stream().filter(Share::jdk).toList();
                            System.out.printf(
                                    "%6.0f  %6.0f  %s%n",
                                    perPacket(sum(all) - sum(jdk)),
                                    perPacket(sum(jdk)),
                                    group.getKey());
                        });
    }

    private long own() {
        return sum(shares.stream().filter(share -> !share.place.equals("-")).toList());
    }

    private static long sum(List<Share> shares) {
        return shares.stream().mapToLong(Share::instructions).sum();
    }

    /** The limit in C, after some passes over a file. */
    public static InstructionCount ofLimit(CPrograms programs, Path file, int passes, long steps)
            throws IOException, InterruptedException {
        String reader = programs.compile("file_read").toString();
        return count(
                programs,
                List.of(reader, file.toString(), Integer.toString(Integer.MAX_VALUE)),
                passes,
                List.of(Long.toString(steps)));
    }

    /** Our tracker, after some passes over a file. */
    public static InstructionCount ofTracker(
            CPrograms programs, Path file, int maxFlows, int passes, long steps)
            throws IOException, InterruptedException {
        Path map = Files.createTempFile("flowscope-bench", ".map");
        try {
            List<String> command =
                    new ArrayList<>(
                            Jvm.command(
                                    System.getProperty("java.class.path"),
                                    FilePasses.class.getName(),
                                    file,
                                    Integer.MAX_VALUE,
                                    "read",
                                    maxFlows));
            command.add(1, "-agentpath:" + programs.compileAgent("code_map") + "=" + map);
            command.addAll(1, List.of("-XX:+UnlockDiagnosticVMOptions", "-XX:+DebugNonSafepoints"));
            return count(programs, command, passes, List.of(Long.toString(steps), map.toString()));
        } finally {
            Files.delete(map);
        }
    }

    private static InstructionCount count(
            CPrograms programs, List<String> command, int passes, List<String> rest)
            throws IOException, InterruptedException {
        String stepper = programs.compile("steps").toString();
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (BufferedReader output = process.inputReader()) {
            String line = "";
            for (int i = 0; i < passes; i++) {
                line = output.readLine();
                if (line == null) {
                    throw new IOException(command.getFirst() + " ended");
                }
            }
            // In the middle of the next pass: its beginning is another matter.
            long pass = ProcessRun.numbers(line).getOrDefault("wall_ns", 0L);
            TimeUnit.NANOSECONDS.sleep(pass / 2);
            List<String> stepping = new ArrayList<>(List.of(stepper, busiest(process.pid())));
            stepping.addAll(rest);
            for (int i = 0; i < TRIES; i++) {
                Process counter = new ProcessBuilder(stepping).redirectErrorStream(true).start();
                String said =
                        new String(counter.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                if (counter.waitFor() != 0) {
                    throw new IOException(said.strip());
                }
                InstructionCount count = read(said.lines().toList());
                if (count.shares.isEmpty() || count.own() > OWN * count.steps) {
                    return count;
                }
            }
            throw new IOException("never within a pass");
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    /** The thread that has used the processor most. */
    private static String busiest(long pid) throws IOException {
        String busiest = Long.toString(pid);
        long most = -1;
        try (Stream<Path> threads = Files.list(Path.of("/proc", busiest, "task"))) {
            for (Path thread : threads.toList()) {
                String used = Files.readString(thread.resolve("schedstat"));
                long nanos = Long.parseLong(used.substring(0, used.indexOf(' ')));
                if (nanos > most) {
                    most = nanos;
                    busiest = Objects.toString(thread.getFileName());
                }
            }
        }
        return busiest;
    }

    private static InstructionCount read(List<String> lines) {
        Map<String, Long> totals = ProcessRun.numbers(lines.getFirst());
        List<Share> shares = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            String[] words = line.substring(line.indexOf('=') + 1).split(" ", 4);
            boolean jdk = !words[3].equals("own");
            shares.add(new Share(words[1], words[2], jdk, Long.parseLong(words[0])));
        }
        return new InstructionCount(
                totals.getOrDefault("steps", 0L), totals.getOrDefault("packets", 1L), shares);
    }

    /** So many instructions, of each packet. */
    public double perPacket(long instructions) {
        return (double) instructions / packets;
    }
}
