package io.flowscope.cli;

import io.flowscope.capture.CaptureException;
import io.flowscope.capture.CaptureWriter;
import io.flowscope.cli.output.OutputFailure;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.util.concurrent.Callable;

/** Writes what an interface sees to files. */
@Command(
        name = "capture",
        description = {
            "Write the packets of a network interface to a capture file, or to a series of files.",
            "Ends when interrupted, after --duration or after --count packets."
        })
final class CaptureCommand implements Callable<Integer> {
    private final Stdio stdio;
    private final Interruption interruption;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin private final LiveOptions live = new LiveOptions();

    @Mixin private final FilterOption filter = new FilterOption();

    @Mixin private final WriterOptions writing = new WriterOptions();

    @Option(names = "--count", paramLabel = "N", description = "End after so many packets.")
    private long count = Long.MAX_VALUE;

    @Mixin private final SummaryOption summaryOption = new SummaryOption();

    CaptureCommand(Stdio stdio, Interruption interruption) {
        this.stdio = stdio;
        this.interruption = interruption;
    }

    @Override
    public Integer call() {
        if (count < 1) {
            throw new ParameterException(spec.commandLine(), "--count: 1 or more, was " + count);
        }
        writing.check();
        try (LiveSource source = live.open(filter.expression(), stdio)) {
            interruption.onInterrupt(source::stop);
            CaptureWriter writer = writing.open(LiveOptions.interfaceNames(), stdio);
            Recording recording =
                    new Recording(
                            source,
                            writer,
                            count,
                            writing.isStandardOutput() ? stdio.out : null,
                            stdio);
            RuntimeException failure = null;
            try {
                recording.run();
            } catch (CaptureException | OutputFailure e) {
                failure = e;
            }
            recording.report(summaryOption.style(), writing.target(), failure == null);
            if (failure != null) {
                throw failure;
            }
        }
        return ExitCode.DONE;
    }
}
