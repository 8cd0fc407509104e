package io.flowscope.cli;

import io.flowscope.capture.CaptureException;
import io.flowscope.capture.PacketSource;
import io.flowscope.cli.flows.CsvFlows;
import io.flowscope.cli.flows.FlowOutput;
import io.flowscope.cli.flows.FlowRow;
import io.flowscope.cli.flows.NdjsonFlows;
import io.flowscope.cli.flows.Services;
import io.flowscope.cli.flows.SortKey;
import io.flowscope.cli.flows.SortedOutput;
import io.flowscope.cli.flows.TableFlows;
import io.flowscope.cli.flows.ZeekFlows;
import io.flowscope.cli.flows.ZeekJsonFlows;
import io.flowscope.tracker.EndReason;
import io.flowscope.tracker.EventKind;
import io.flowscope.tracker.FlowListener;
import io.flowscope.tracker.FlowTracker;
import io.flowscope.tracker.FlowView;
import io.flowscope.tracker.Side;
import io.flowscope.tracker.TrackerOptions;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.util.Set;
import java.util.concurrent.Callable;

/** Prints the flows of captures. */
@Command(
        name = "flows",
        description = {
            "Print the flows of capture files or of an interface: who talked to whom, how much, how"
                    + " long, how it ended.",
            "As a table, the flows with the most bytes; in all other formats every flow, as it"
                    + " ends."
        })
final class FlowsCommand implements Callable<Integer> {
    private static final long TABLE_ROWS = 20;

    private final Stdio stdio;
    private final Interruption interruption;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin private final SourceOptions source = new SourceOptions();
    @Mixin private final TrackingOptions tracking = new TrackingOptions();

    @Option(
            names = "--format",
            defaultValue = "table",
            paramLabel = "FORMAT",
            description = "${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}.")
    private Format format = Format.table;

    @Option(
            names = "--sort",
            paramLabel = "KEY",
            description =
                    "${COMPLETION-CANDIDATES}. Holds all flows in memory, or as many as --top says."
                            + " A table is sorted by bytes anyway.")
    private @Nullable SortKey sort;

    @Option(
            names = "--top",
            paramLabel = "N",
            description =
                    "Only the first N in order, by bytes unless --sort says otherwise; 0 is"
                            + " all. A table shows 20.")
    private @Nullable Long top;

    @Option(
            names = "--summary",
            defaultValue = "text",
            paramLabel = "STYLE",
            description =
                    "The line on standard error at the end: ${COMPLETION-CANDIDATES}; default"
                            + " ${DEFAULT-VALUE}.")
    private Summary.Style summaryStyle = Summary.Style.text;

    private final FlowRow row = new FlowRow();
    private long rows;

    FlowsCommand(Stdio stdio, Interruption interruption) {
        this.stdio = stdio;
        this.interruption = interruption;
    }

    /** Named as they are typed. */
    enum Format {
        table,
        ndjson,
        csv,
        zeek,
        zeek_json {
            @Override
            public String toString() {
                return "zeek-json";
            }
        }
    }

    @Override
    public Integer call() {
        boolean services = format == Format.zeek || format == Format.zeek_json;
        TrackerOptions options =
                services
                        ? Services.recognised(
                                tracking.trackerOptions(Set.of(EventKind.ENDED, EventKind.MESSAGE)))
                        : tracking.trackerOptions(Set.of(EventKind.ENDED));
        Inputs inputs = source.inputs(stdio, interruption);
        SortedOutput sorted = sorted();
        FlowOutput output = sorted != null ? sorted : plain();
        Summary summary = new Summary();
        Run run = new Run(options, output, summary);
        boolean complete = inputs.readAll(run::track);
        if (run.begun) {
            output.end();
            stdio.out.flush();
            if (sorted != null && sorted.leftOut() > 0 && format == Format.table) {
                stdio.say(sorted.leftOut() + " more flows; --top 0 shows all");
            }
            summary.print(stdio, summaryStyle);
        }
        return complete ? ExitCode.DONE : ExitCode.FAILED;
    }

    private FlowOutput plain() {
        boolean withFile = source.severalInputs();
        return switch (format) {
            case table -> new TableFlows(stdio.out, withFile, stdio.colors());
            case ndjson -> new NdjsonFlows(stdio.out);
            case csv -> new CsvFlows(stdio.out, withFile);
            case zeek -> new ZeekFlows(stdio.out, withFile);
            case zeek_json -> new ZeekJsonFlows(stdio.out);
        };
    }

    private @Nullable SortedOutput sorted() {
        boolean wanted = format == Format.table || sort != null || top != null;
        if (!wanted) {
            return null;
        }
        if (top != null && top < 0) {
            throw new ParameterException(spec.commandLine(), "--top: 0 or more, was " + top);
        }
        long limit = top != null ? top : format == Format.table ? TABLE_ROWS : 0;
        return new SortedOutput(plain(), sort != null ? sort : SortKey.BYTES, limit);
    }

    /** One tracker per input; all write to one output. */
    private final class Run {
        private final TrackerOptions options;
        private final FlowOutput output;
        private final Summary summary;
        private boolean begun;

        Run(TrackerOptions options, FlowOutput output, Summary summary) {
            this.options = options;
            this.output = output;
            this.summary = summary;
        }

        void track(@Nullable String name, PacketSource packets) {
            if (!begun) {
                begun = true;
                output.begin();
            }
            FlowListener writer =
                    new FlowListener() {
                        @Override
                        public void onEnded(FlowView flow, EndReason reason) {
                            output.write(row.fill(flow, reason, name, rows++));
                        }

                        @Override
                        public void onMessage(
                                FlowView flow, Side side, long timestampNanos, Object message) {
                            Services.attach(flow, message);
                        }
                    };
            try (FlowTracker tracker = new FlowTracker(options, writer)) {
                CaptureException damage = Tracking.track(packets, tracker, stdio);
                summary.add(tracker.counters(), packets.statistics());
                if (damage != null) {
                    throw damage;
                }
                Tracking.checkLinkTypes(name, tracker.counters());
            }
        }
    }
}
