package io.flowscope.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * What a run of the command left behind.
 *
 * @param code its exit code
 * @param out what went to standard output
 * @param err what went to standard error
 */
record Run(int code, String out, String err) {
    private static final int PATIENCE_SECONDS = 60;
    private static final long SIGINT_BIT = 1L << 1;

    /** Within this JVM. */
    static Run of(Object... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Run run = into(out, args);
        return new Run(run.code, out.toString(StandardCharsets.UTF_8), run.err);
    }

    /** Within this JVM, with a standard output of the test's. */
    static Run into(OutputStream out, Object... args) {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Stdio stdio = new Stdio(out, err, false, false);
        int code = Flowscope.run(stdio, new Interruption(), strings(args));
        return new Run(code, "", err.toString(StandardCharsets.UTF_8));
    }

    /** The command line of a JVM of its own. */
    static List<String> forked(Object... args) {
        List<String> line = new ArrayList<>();
        if (ignoresInterrupts()) {
            line.addAll(List.of("env", "--default-signal=INT"));
        }
        line.add(System.getProperty("java.home") + "/bin/java");
        line.add("-XX:+UseSerialGC");
        line.add("-XX:TieredStopAtLevel=1");
        line.add("--enable-native-access=ALL-UNNAMED");
        line.add("-cp");
        line.add(System.getProperty("java.class.path"));
        line.add(Flowscope.class.getName());
        line.addAll(List.of(strings(args)));
        return line;
    }

    /**
     * Whether Ctrl-C means nothing to this process, as where a shell started the build in the
     * background: that is inherited, and a test that presses it would wait for ever.
     */
    private static boolean ignoresInterrupts() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
            String mask = lines.filter(l -> l.startsWith("SigIgn:")).findFirst().orElseThrow();
            return (Long.parseUnsignedLong(mask.substring(7).strip(), 16) & SIGINT_BIT) != 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The command in a JVM of its own, between other words of a shell's line. */
    static Run shell(String before, List<String> command, String after)
            throws IOException, InterruptedException {
        String quoted = String.join(" ", command.stream().map(w -> "'" + w + "'").toList());
        return process(new ProcessBuilder("sh", "-c", before + " " + quoted + " " + after));
    }

    /** A process to its end. */
    static Run process(ProcessBuilder builder) throws IOException, InterruptedException {
        return end(builder.start());
    }

    /** What a started process leaves behind; its standard error is read after its output. */
    static Run end(Process process) throws IOException, InterruptedException {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Thread reader =
                new Thread(
                        () -> {
                            try {
                                process.getErrorStream().transferTo(err);
                            } catch (IOException e) {
                                throw new java.io.UncheckedIOException(e);
                            }
                        });
        reader.start();
        byte[] out = process.getInputStream().readAllBytes();
        reader.join();
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("still running after " + PATIENCE_SECONDS + " s");
        }
        return new Run(
                process.exitValue(),
                new String(out, StandardCharsets.UTF_8),
                err.toString(StandardCharsets.UTF_8));
    }

    private static String[] strings(Object... args) {
        String[] strings = new String[args.length];
        for (int i = 0; i < args.length; i++) {
            strings[i] = args[i].toString();
        }
        return strings;
    }
}
