package io.flowscope.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * A command on a terminal of its own, which script(1) makes. Its output begins with the terminal's
 * name and modes, and ends with the command's exit code and the modes that it has left.
 */
final class Pty implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 60;
    private static final String TOP = "\u001b[H";

    private final Process process;
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private final Thread reader;
    private final OutputStream keys;

    private Pty(Process process) {
        this.process = process;
        keys = process.getOutputStream();
        reader = Thread.ofPlatform().start(this::read);
    }

    /**
     * Starts a command.
     *
     * @param around what runs the terminal, such as a network namespace's; empty for nothing
     * @param before words of a shell's line before the command
     */
    static Pty start(List<String> around, String before, List<String> command) throws IOException {
        Needs.tool("script");
        Needs.tool("stty");
        String quoted = String.join(" ", command.stream().map(w -> "'" + w + "'").toList());
        // The shell survives Ctrl-C to tell how the command has ended.
        String line =
                "trap : INT; stty rows 24 cols 80; tty; stty -g; "
                        + before
                        + " "
                        + quoted
                        + "; c=$?; echo; echo \"code $c\"; stty -g";
        List<String> all = new ArrayList<>(around);
        all.addAll(List.of("script", "-q", "-f", "-c", line, "/dev/null"));
        ProcessBuilder builder = new ProcessBuilder(all).redirectErrorStream(true);
        builder.environment().put("TERM", "xterm");
        builder.environment().put("LC_ALL", "C.UTF-8");
        builder.environment().put("SHELL", "/bin/sh");
        return new Pty(builder.start());
    }

    private void read() {
        try {
            process.getInputStream().transferTo(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All that was written so far. */
    String output() {
        return output.toString(StandardCharsets.UTF_8);
    }

    /** Waits until what is on the screen is as it should be. */
    void await(String what, Predicate<List<String>> screen) {
        long begin = System.nanoTime();
        while (!screen.test(screen())) {
            boolean inTime = System.nanoTime() - begin < TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
            assertTrue(process.isAlive() && inTime, () -> "no " + what + " in " + output());
            try {
                TimeUnit.MILLISECONDS.sleep(10);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    /** Waits until some line of the screen has a text. */
    void await(String text) {
        await("'" + text + "'", lines -> lines.stream().anyMatch(line -> line.contains(text)));
    }

    /** The lines of the last frame that is there as a whole, empty before the first. */
    private List<String> screen() {
        String all = output();
        int end = all.lastIndexOf(TOP);
        // The last one may still be on its way, unless the command waits behind it.
        String last = end < 0 ? "" : all.substring(end + TOP.length());
        String text = last.replaceAll("\u001b\\[[?0-9;]*[a-zA-Z]", "").replace("\r", "");
        return List.of(text.split("\n", -1));
    }

    /** Presses keys. */
    void type(String text) throws IOException {
        keys.write(text.getBytes(StandardCharsets.UTF_8));
        keys.flush();
    }

    /** Makes the terminal another size, as its window does. */
    void resize(int columns, int rows) throws IOException, InterruptedException {
        String name = output().lines().findFirst().orElseThrow().strip();
        Run run =
                Run.process(
                        new ProcessBuilder(
                                "stty",
                                "-F",
                                name,
                                "cols",
                                Integer.toString(columns),
                                "rows",
                                Integer.toString(rows)));
        assertTrue(run.code() == 0, run.err());
    }

    /** The process that is the command's JVM. */
    ProcessHandle jvm() {
        return process.descendants()
                .filter(p -> p.info().command().orElse("").endsWith("/java"))
                .findFirst()
                .orElseThrow();
    }

    /** Waits for the end: the exit code of the command, and what came before it. */
    Run end() throws InterruptedException {
        assertTrue(
                process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), () -> "runs on: " + output());
        reader.join();
        List<String> lines = output().lines().map(String::strip).toList();
        String modes = lines.get(1);
        assertTrue(modes.matches("[0-9a-f:]+"), modes);
        assertTrue(modes.equals(lines.getLast()), () -> "other modes are left: " + output());
        String code = lines.get(lines.size() - 2);
        assertTrue(code.startsWith("code "), this::output);
        return new Run(Integer.parseInt(code.substring(5)), output(), "");
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
