package io.flowscope.cli;

import io.flowscope.capture.CaptureWriter;
import io.flowscope.capture.CaptureWriterOptions;
import io.flowscope.capture.CaptureWriterOptions.Compression;
import io.flowscope.capture.CaptureWriterOptions.Layout;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.time.Duration;
import java.util.Locale;
import java.util.function.IntFunction;

/** Which files packets are written to, as the user says it. */
final class WriterOptions {
    private static final String STANDARD_OUTPUT = "-";

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(
            names = {"-w", "--write"},
            required = true,
            paramLabel = "FILE",
            description =
                    "The file to write; - is standard output. With a limit per file,"
                            + " \"x.pcapng\" makes x-00000.pcapng, x-00001.pcapng and so on.")
    private String file = "";

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description =
                    "${COMPLETION-CANDIDATES}. By the file's name: .pcap is pcap with nanoseconds,"
                            + " everything else pcapng; .gz and .zst behind it compress. pcap-us is"
                            + " for programs that know microseconds only.")
    private @Nullable Format format;

    @Option(
            names = "--file-size",
            paramLabel = "SIZE",
            converter = SizeConverter.class,
            description = "Begin another file before one gets larger, as 100MB.")
    private long fileBytes;

    @Option(
            names = "--file-time",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "Begin another file when one spans this time, as 10m.")
    private @Nullable Duration fileTime;

    @Option(
            names = "--file-count",
            paramLabel = "N",
            description = "Begin another file after so many packets.")
    private long filePackets;

    @Option(
            names = "--files",
            paramLabel = "N",
            description = "Keep the last N files only; older ones are deleted.")
    private int files;

    /** Named as they are typed. */
    enum Format {
        pcap(Layout.PCAP_NANOSECONDS, "pcap"),
        pcap_us(Layout.PCAP_MICROSECONDS, "pcap-us"),
        pcapng(Layout.PCAPNG, "pcapng");

        private final Layout layout;
        private final String typed;

        Format(Layout layout, String typed) {
            this.layout = layout;
            this.typed = typed;
        }

        @Override
        public String toString() {
            return typed;
        }
    }

    /** Ends the command as wrong usage if the options do not go together. */
    void check() {
        if (isStandardOutput() && (fileBytes != 0 || fileTime != null || filePackets != 0)) {
            throw new ParameterException(
                    spec.commandLine(), "standard output cannot be split into files");
        }
        options(number -> "");
    }

    /** Packets go to whoever reads the command's output. */
    boolean isStandardOutput() {
        return file.equals(STANDARD_OUTPUT);
    }

    /** The target in a sentence. */
    String target() {
        return isStandardOutput() ? "standard output" : file;
    }

    /**
     * Opens the first file.
     *
     * @param interfaceNames by the interfaces' numbers
     */
    CaptureWriter open(IntFunction<String> interfaceNames, Stdio stdio) {
        CaptureWriterOptions options = options(interfaceNames);
        if (isStandardOutput()) {
            return CaptureWriter.to(stdio.outStream(), target(), options);
        }
        return CaptureWriter.open(FileProblem.path("write", file), options);
    }

    private CaptureWriterOptions options(IntFunction<String> interfaceNames) {
        String name = file.toLowerCase(Locale.ROOT);
        try {
            CaptureWriterOptions.Builder builder =
                    CaptureWriterOptions.builder()
                            .layout(layout(name))
                            .compression(compression(name))
                            .rotateBytes(fileBytes)
                            .rotateNanos(fileTime == null ? 0 : fileTime.toNanos())
                            .rotatePackets(filePackets)
                            .ringFiles(files)
                            .application("flowscope " + RootCommand.Version.number())
                            .interfaceNames(interfaceNames);
            // Who reads along wants to see a packet when it comes.
            return (isStandardOutput() ? builder.flushNanos(0) : builder).build();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), asTyped(e.getMessage()), e);
        }
    }

    private Layout layout(String name) {
        if (format != null) {
            return format.layout;
        }
        return withoutCompression(name).endsWith(".pcap") ? Layout.PCAP_NANOSECONDS : Layout.PCAPNG;
    }

    /** What the end of a file's name, in lower case, says of its compression. */
    static Compression compression(String name) {
        return name.endsWith(".gz")
                ? Compression.GZIP
                : name.endsWith(".zst") ? Compression.ZSTD : Compression.NONE;
    }

    /** A file's name, in lower case, without the ending that says how it is compressed. */
    static String withoutCompression(String name) {
        return name.replaceFirst("\\.(gz|zst)$", "");
    }

    private static String asTyped(@Nullable String message) {
        return String.valueOf(message)
                .replace("rotateBytes", "--file-size")
                .replace("rotateNanos", "--file-time")
                .replace("rotatePackets", "--file-count")
                .replace("ringFiles", "--files");
    }
}
