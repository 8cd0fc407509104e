package io.flowscope.cli;

import io.flowscope.capture.CaptureException;
import io.flowscope.capture.CaptureFile;
import io.flowscope.capture.CaptureFileOptions;
import io.flowscope.capture.FilteredSource;
import io.flowscope.capture.Injector;
import io.flowscope.capture.InjectorOptions;
import io.flowscope.capture.InjectorStatistics;
import io.flowscope.capture.PacketSource;
import io.flowscope.capture.ReplayOptions;
import io.flowscope.cli.output.HumanText;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.util.concurrent.Callable;
import java.util.function.Supplier;

/** Sends a capture onto an interface. */
@Command(
        name = "replay",
        description = {
            "Send the packets of a capture file onto a network interface, with the pauses they were"
                    + " captured with.",
            "With --pps and no --speed there are no pauses but those that the rate needs."
        })
final class ReplayCommand implements Callable<Integer> {
    private final Stdio stdio;
    private final Interruption interruption;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "The capture file; - is standard input.")
    private String file = "";

    @Option(
            names = {"-i", "--interface"},
            required = true,
            paramLabel = "IFACE",
            description = "The interface to send on.")
    private String interfaceName = "";

    @Mixin private final FilterOption filter = new FilterOption();

    @Option(
            names = "--speed",
            paramLabel = "FACTOR",
            description = "2 is twice as fast; 0 is without pauses; 1 unless --pps is given.")
    private @Nullable Double speed;

    @Option(names = "--pps", paramLabel = "N", description = "At most so many packets per second.")
    private double packetsPerSecond;

    @Option(
            names = "--loop",
            paramLabel = "N",
            description = "Send the file so often; 0 is until interrupted; once unless given.")
    private long loops = 1;

    @Mixin private final SummaryOption summaryOption = new SummaryOption();

    private @Nullable CaptureFile opened;

    ReplayCommand(Stdio stdio, Interruption interruption) {
        this.stdio = stdio;
        this.interruption = interruption;
    }

    @Override
    public Integer call() {
        if (file.equals(FileInputs.STANDARD_INPUT) && loops != 1) {
            throw new ParameterException(
                    spec.commandLine(), "standard input can be read only once");
        }
        ReplayOptions replay;
        InjectorOptions sending;
        try {
            double factor = speed != null ? speed : packetsPerSecond > 0 ? 0 : 1;
            replay = new ReplayOptions(factor, loops);
            sending = InjectorOptions.of(interfaceName).withPacketsPerSecond(packetsPerSecond);
        } catch (IllegalArgumentException e) {
            String typed = String.valueOf(e.getMessage());
            throw new ParameterException(
                    spec.commandLine(),
                    "--"
                            + typed.replace("maxPacketsPerSecond", "pps")
                                    .replace("loops", "loop")
                                    .replace("interfaceName", "interface"),
                    e);
        }
        // What the file says against being read is said before anything is sent.
        LiveOptions.requireSender(interfaceName);
        Supplier<PacketSource> first = ahead(source());
        try (Injector injector = Injector.open(sending)) {
            interruption.onInterrupt(injector::stop);
            return send(injector, first, replay);
        } finally {
            if (opened != null) {
                opened.close();
            }
        }
    }

    private int send(Injector injector, Supplier<PacketSource> sources, ReplayOptions replay) {
        injector.notes().forEach(note -> stdio.say("note: " + note));
        long began = System.nanoTime();
        CaptureException failure = null;
        try {
            injector.replay(sources, replay);
        } catch (CaptureException e) {
            failure = e;
        }
        warn();
        InjectorStatistics statistics = injector.statistics();
        report(statistics, (System.nanoTime() - began) / 1e9);
        if (failure != null) {
            throw failure;
        }
        if (statistics.packets() == 0 && statistics.otherLink() > 0) {
            throw new CommandFailure(
                    "nothing was sent: the file's packets are of another link type than "
                            + interfaceName);
        }
        return statistics.refused() == 0 ? ExitCode.DONE : ExitCode.FAILED;
    }

    /** The source that is open already the first time, others after that. */
    private Supplier<PacketSource> ahead(PacketSource ready) {
        return new Supplier<>() {
            private @Nullable PacketSource next = ready;

            @Override
            public PacketSource get() {
                PacketSource now = next;
                next = null;
                return now != null ? now : source();
            }
        };
    }

    private PacketSource source() {
        CaptureFile capture =
                file.equals(FileInputs.STANDARD_INPUT)
                        ? CaptureFile.standardInput(CaptureFileOptions.standard())
                        : CaptureFile.open(FileProblem.path("read", file));
        opened = capture;
        if (filter.expression().isEmpty() || capture.linkType() < 0) {
            return capture;
        }
        try {
            return new FilteredSource(capture, filter.expression());
        } catch (CaptureException wrong) {
            capture.close();
            throw wrong;
        }
    }

    private void warn() {
        CaptureFile last = opened;
        if (last != null && last.ending().isTruncated()) {
            stdio.say("warning: " + last.ending().detail());
        }
    }

    private void report(InjectorStatistics sent, double seconds) {
        new SummaryLine()
                .number(
                        "packets",
                        sent.packets(),
                        HumanText.count(sent.packets()) + " packets sent on " + interfaceName)
                .number("bytes", sent.bytes(), HumanText.bytes(sent.bytes()))
                .unlessZero("refused", sent.refused(), "refused by the kernel")
                .unlessZero("too_long", sent.tooLong(), "too long for the interface")
                .unlessZero("other_link", sent.otherLink(), "of another link type")
                .unlessZero("truncated", sent.truncated(), "sent although not whole")
                .print(stdio, summaryOption.style(), sent.packets(), seconds);
    }
}
