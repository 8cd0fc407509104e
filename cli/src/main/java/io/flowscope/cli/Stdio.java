package io.flowscope.cli;

import io.flowscope.cli.output.ByteSink;
import io.flowscope.cli.output.OutputFailure;

import org.jspecify.annotations.Nullable;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where a command writes: results to {@link #out}, sentences for people to {@link #err}. Both are
 * UTF-8 whatever the locale, and neither goes through {@link System#out}, which hides failures.
 */
final class Stdio {
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    /** Results. The thread that runs the command writes. */
    final ByteSink out;

    /** Messages and progress; a failure to write them is nobody's business. */
    final PrintWriter err;

    /** Results are shown on a terminal. */
    final boolean outIsTerminal;

    /** Messages are shown on a terminal, so progress may be drawn there. */
    final boolean errIsTerminal;

    /**
     * {@link #out} without its buffer: for a screen that another thread draws while nothing is put
     * there.
     */
    final OutputStream unbuffered;

    private volatile boolean showsTraces;

    /** What was said while a screen is shown, null while none is. */
    private @Nullable HeldMessages held;

    /** Results go to a pipe or a socket, whose reader may go away. */
    private final boolean outIsPipe;

    Stdio(OutputStream out, OutputStream err, boolean outIsTerminal, boolean errIsTerminal) {
        this(out, err, outIsTerminal, errIsTerminal, false);
    }

    private Stdio(
            OutputStream out,
            OutputStream err,
            boolean outIsTerminal,
            boolean errIsTerminal,
            boolean outIsPipe) {
        this.out = new ByteSink(out);
        this.unbuffered = out;
        this.err = new PrintWriter(err, true, StandardCharsets.UTF_8);
        this.outIsTerminal = outIsTerminal;
        this.errIsTerminal = errIsTerminal;
        this.outIsPipe = outIsPipe;
    }

    /** The process's own streams. */
    static Stdio ofProcess() {
        return new Stdio(
                new FileOutputStream(FileDescriptor.out),
                new FileOutputStream(FileDescriptor.err),
                isTerminal(1),
                isTerminal(2),
                isPipe(1));
    }

    /** Colours are wanted: on a terminal, unless the user says otherwise. */
    boolean colors() {
        String noColor = System.getenv("NO_COLOR");
        return outIsTerminal
                && (noColor == null || noColor.isEmpty())
                && !"dumb".equals(System.getenv("TERM"));
    }

    /** A sentence to the person at the screen, with the command's name in front. */
    synchronized void say(String sentence) {
        if (held != null) {
            held.add(sentence);
        } else {
            err.println("flowscope: " + sentence);
        }
    }

    /** What is said from now on is for a screen to show, until {@link #release}. */
    synchronized void hold(HeldMessages messages) {
        held = messages;
    }

    /** The screen is gone: what was said meanwhile is said again, where it stays. */
    synchronized void release() {
        HeldMessages messages = held;
        held = null;
        if (messages != null) {
            messages.all().forEach(this::say);
        }
    }

    /** {@link #sayFailure} shows stack traces from here on. */
    void showTraces() {
        showsTraces = true;
    }

    /** What failed, in a sentence; where, only for those who asked for it. */
    void sayFailure(String sentence, Exception failure) {
        say(showsTraces ? sentence + "\n" + trace(failure) : sentence);
    }

    private static String trace(Exception failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        return text.toString().stripTrailing();
    }

    /** A writer onto {@link #out} for text whose author expects one; flush it when done. */
    PrintWriter outWriter() {
        return new PrintWriter(outStream(), false, StandardCharsets.UTF_8);
    }

    /** {@link #out} as a stream; closing it does nothing. */
    OutputStream outStream() {
        return new SinkStream(out);
    }

    /**
     * The reader of our output went away, as {@code head} does. The system's words for it depend on
     * the locale; but a pipe or socket fails for no other reason, so what the descriptor is
     * decides.
     */
    boolean isClosedPipe(OutputFailure failure) {
        return outIsPipe || String.valueOf(failure.getMessage()).contains("Broken pipe");
    }

    private static boolean isPipe(int descriptor) {
        String target = descriptorTarget(descriptor);
        return target.startsWith("pipe:") || target.startsWith("socket:");
    }

    private static boolean isTerminal(int descriptor) {
        String target = descriptorTarget(descriptor);
        return target.startsWith("/dev/pts/")
                || target.startsWith("/dev/tty")
                || target.equals("/dev/console");
    }

    private static String descriptorTarget(int descriptor) {
        try {
            return Files.readSymbolicLink(DESCRIPTORS.resolve(Integer.toString(descriptor)))
                    .toString();
        } catch (IOException | UnsupportedOperationException e) {
            return "";
        }
    }

    private static final class SinkStream extends OutputStream {
        private final ByteSink sink;

        SinkStream(ByteSink sink) {
            this.sink = sink;
        }

        @Override
        public void write(int b) {
            sink.put(b);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            sink.put(bytes, offset, length);
        }
    }
}
