package io.flowscope.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A command that captures, in a process of its own; what it prints is read as it comes. */
final class Live implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 60;

    private final Process process;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Thread outReader;
    private final Thread errReader;

    private Live(Process process) {
        this.process = process;
        outReader = reader(process.getInputStream(), out);
        errReader = reader(process.getErrorStream(), err);
    }

    /** Returns at once. */
    static Live begin(List<String> command) throws IOException {
        return new Live(new ProcessBuilder(command).start());
    }

    /** Returns when packets are captured. */
    static Live start(List<String> command) throws IOException {
        Live live = begin(command);
        live.await(live.err, "capturing from");
        return live;
    }

    private static Thread reader(InputStream from, ByteArrayOutputStream to) {
        return Thread.ofPlatform()
                .start(
                        () -> {
                            try {
                                from.transferTo(to);
                            } catch (IOException e) {
                                throw new UncheckedIOException(e);
                            }
                        });
    }

    /** Waits until standard output has a text. */
    void awaitOutput(String text) {
        await(out, text);
    }

    private void await(ByteArrayOutputStream where, String text) {
        long begin = System.nanoTime();
        while (!where.toString(StandardCharsets.UTF_8).contains(text)) {
            boolean inTime = System.nanoTime() - begin < TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
            assertTrue(process.isAlive() && inTime, () -> "no '" + text + "' in " + out + err);
            try {
                TimeUnit.MILLISECONDS.sleep(10);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    /** Presses Ctrl-C when all that was captured is dealt with, and waits for the end. */
    Run interrupt() throws IOException, InterruptedException {
        Quiet.await(process);
        return interruptAtWork();
    }

    /** Presses Ctrl-C and waits for the end. */
    Run interruptAtWork() throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
        return end();
    }

    /** Waits for the end. */
    Run end() throws InterruptedException {
        assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), () -> "runs on: " + err);
        outReader.join();
        errReader.join();
        return new Run(
                process.exitValue(),
                out.toString(StandardCharsets.UTF_8),
                err.toString(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
