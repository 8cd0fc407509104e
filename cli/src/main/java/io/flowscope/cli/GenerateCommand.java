package io.flowscope.cli;

import io.flowscope.capture.CaptureWriter;
import io.flowscope.capture.CaptureWriterOptions;
import io.flowscope.capture.CaptureWriterOptions.Layout;
import io.flowscope.capture.generate.TrafficGenerator;
import io.flowscope.capture.generate.TrafficSpec;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

/** Writes a capture of made-up traffic. */
@Command(
        name = "generate",
        description = {
            "Write a synthetic capture, the same for the same options on every machine.",
            "With no option but --seed: a few hundred packets of an office network. With any other:"
                    + " as many flows and packets as asked for."
        })
final class GenerateCommand implements Callable<Integer> {
    private final Stdio stdio;
    private final Interruption interruption;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(
            names = {"-w", "--write"},
            required = true,
            paramLabel = "FILE",
            description =
                    "The file to write; - is standard output. By its name: .pcapng is pcapng,"
                            + " everything else pcap with microseconds; .gz and .zst behind it"
                            + " compress.")
    private String file = "";

    @Option(names = "--seed", paramLabel = "N", description = "Another seed, another capture; 1.")
    private long seed = 1;

    @Option(names = "--flows", paramLabel = "N", description = "Flows in all; 1000.")
    private @Nullable Integer flows;

    @Option(
            names = "--packets",
            paramLabel = "N",
            description = "Packets that the flows send in all; 100 per flow.")
    private @Nullable Long packets;

    @Option(
            names = "--concurrent",
            paramLabel = "N",
            description = "Flows under way at a time; all of them.")
    private @Nullable Integer concurrent;

    @Option(
            names = "--payload",
            paramLabel = "BYTES",
            converter = Range.Converter.class,
            description = "Payload of a data packet, as 1460 or 64-256; 64-256.")
    private @Nullable Range payload;

    @Option(
            names = "--loss",
            paramLabel = "SHARE",
            converter = ShareConverter.class,
            description = "Packets that are missing, as 0.01 or 1%%; none.")
    private @Nullable Double loss;

    @Option(
            names = "--reorder",
            paramLabel = "SHARE",
            converter = ShareConverter.class,
            description = "Packets that come one to four places late; none.")
    private @Nullable Double reorder;

    @Option(
            names = "--duplicate",
            paramLabel = "SHARE",
            converter = ShareConverter.class,
            description = "Packets that are captured twice; none.")
    private @Nullable Double duplicate;

    @Option(
            names = "--retransmit",
            paramLabel = "SHARE",
            converter = ShareConverter.class,
            description = "TCP data packets that are sent again; none.")
    private @Nullable Double retransmit;

    @Option(
            names = "--udp",
            paramLabel = "SHARE",
            converter = ShareConverter.class,
            description = "Flows of UDP; 10%%.")
    private @Nullable Double udp;

    @Option(
            names = "--ipv6",
            paramLabel = "SHARE",
            converter = ShareConverter.class,
            description = "Flows over IPv6; none.")
    private @Nullable Double ipv6;

    GenerateCommand(Stdio stdio, Interruption interruption) {
        this.stdio = stdio;
        this.interruption = interruption;
    }

    @Override
    public Integer call() {
        long packetsWritten;
        try (TrafficGenerator generator = generator();
                CaptureWriter writer = writer()) {
            interruption.onInterrupt(generator::stop);
            generator.forEachBatch(writer);
            packetsWritten = generator.statistics().packets();
        }
        stdio.out.flush();
        stdio.say("wrote " + packetsWritten + " packets to " + target());
        return ExitCode.DONE;
    }

    private TrafficGenerator generator() {
        boolean office =
                flows == null
                        && packets == null
                        && concurrent == null
                        && payload == null
                        && loss == null
                        && reorder == null
                        && duplicate == null
                        && retransmit == null
                        && udp == null
                        && ipv6 == null;
        if (office) {
            return TrafficGenerator.mix(seed);
        }
        try {
            return TrafficGenerator.of(spec());
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), asTyped(e.getMessage()), e);
        }
    }

    /** The complaints about a specification, under the names of the options. */
    private String asTyped(@Nullable String message) {
        // What follows from the number of flows is wrong only where that number is.
        boolean derived = concurrent == null || concurrent >= 1;
        return Arrays.stream(String.valueOf(message).split("; "))
                .filter(complaint -> !(derived && complaint.startsWith("concurrentFlows")))
                .filter(complaint -> !(packets == null && complaint.startsWith("packets")))
                .map(GenerateCommand::withOptions)
                .collect(Collectors.joining("; "));
    }

    private static String withOptions(String complaint) {
        return complaint
                .replace("from 0 to payloadMost", "from less to more")
                .replaceAll("\\bpayload(Least|Most)\\b", "--payload")
                .replaceAll("\\bconcurrentFlows\\b", "--concurrent")
                .replaceAll("\\b(flows|packets)\\b", "--$1");
    }

    private TrafficSpec spec() {
        int flowCount = flows != null ? flows : 1_000;
        TrafficSpec.Builder builder =
                TrafficSpec.builder()
                        .seed(seed)
                        .flows(flowCount)
                        .packets(packets != null ? packets : 100L * flowCount)
                        .lossShare(orNone(loss))
                        .reorderShare(orNone(reorder))
                        .duplicateShare(orNone(duplicate))
                        .retransmissionShare(orNone(retransmit))
                        .ipv6Share(orNone(ipv6));
        if (concurrent != null) {
            builder.concurrentFlows(concurrent);
        }
        if (payload != null) {
            builder.payload(payload.least(), payload.most());
        }
        if (udp != null) {
            builder.udpShare(udp);
        }
        return builder.build();
    }

    private static double orNone(@Nullable Double share) {
        return share == null ? 0 : share;
    }

    private CaptureWriter writer() {
        String name = file.toLowerCase(Locale.ROOT);
        CaptureWriterOptions options =
                CaptureWriterOptions.builder()
                        .layout(
                                WriterOptions.withoutCompression(name).endsWith(".pcapng")
                                        ? Layout.PCAPNG
                                        : Layout.PCAP_MICROSECONDS)
                        .compression(WriterOptions.compression(name))
                        // Nobody follows a clock that is made up.
                        .flushNanos(Long.MAX_VALUE)
                        .build();
        return file.equals("-")
                ? CaptureWriter.to(stdio.outStream(), target(), options)
                : CaptureWriter.open(FileProblem.path("write", file), options);
    }

    private String target() {
        return file.equals("-") ? "standard output" : file;
    }
}
