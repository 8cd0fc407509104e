package io.flowscope.cli;

import io.flowscope.cli.flows.CsvFlows;
import io.flowscope.cli.flows.FlowNotes;
import io.flowscope.cli.flows.FlowOutput;
import io.flowscope.cli.flows.FlowRow;
import io.flowscope.cli.flows.IpfixFlows;
import io.flowscope.cli.flows.NdjsonFlows;
import io.flowscope.cli.flows.ParquetFlows;
import io.flowscope.cli.flows.SortKey;
import io.flowscope.cli.flows.SortedOutput;
import io.flowscope.cli.flows.TableFlows;
import io.flowscope.cli.flows.ZeekFlows;
import io.flowscope.cli.flows.ZeekJsonFlows;
import io.flowscope.tracker.EndReason;
import io.flowscope.tracker.EventKind;
import io.flowscope.tracker.FlowListener;
import io.flowscope.tracker.FlowView;
import io.flowscope.tracker.ShardedTracker.Setup;
import io.flowscope.tracker.Side;
import io.flowscope.tracker.TrackerOptions;
import io.flowscope.tracker.packet.PacketCursor;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Consumer;

/** Prints the flows of captures. */
@Command(
        name = "flows",
        description = {
            "Print the flows of capture files or of an interface: who talked to whom, how much, how"
                    + " long, how it ended.",
            "As a table, the flows with the most bytes; in all other formats every flow, as it"
                    + " ends. ipfix and parquet are binary, for a file or a pipe."
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

    @Mixin private final SummaryOption summaryOption = new SummaryOption();

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
        },
        ipfix,
        parquet;

        /** Whether a terminal has no use for it. */
        boolean isBinary() {
            return this == ipfix || this == parquet;
        }
    }

    @Override
    public Integer call() {
        if (format.isBinary() && stdio.outIsTerminal) {
            throw new ParameterException(
                    spec.commandLine(),
                    "a terminal cannot show " + format + "; send it to a file with > FILE");
        }
        TrackerOptions options = trackerOptions();
        Inputs inputs = source.inputs(stdio, interruption);
        SortedOutput sorted = sorted();
        FlowOutput output = sorted != null ? sorted : plain();
        Tracking run = new Tracking(tracking.workers(), stdio, output::settle);
        boolean complete =
                inputs.readAll(
                        (name, packets) -> {
                            if (!run.begun()) {
                                output.begin();
                            }
                            run.<FlowRow>track(
                                    name,
                                    packets,
                                    row -> output.write(row.numbered(rows++)),
                                    to -> new Setup(options, writer(name, to)));
                        });
        run.end(
                output::end,
                () -> sorted != null && format == Format.table ? sorted.leftOut() : 0,
                "flows",
                summaryOption.style());
        return complete ? ExitCode.DONE : ExitCode.FAILED;
    }

    /** Notes are taken for the formats that tell more than a flow's record does. */
    private TrackerOptions trackerOptions() {
        return switch (format) {
            case zeek, zeek_json ->
                    FlowNotes.recognised(
                            tracking.trackerOptions(
                                    Set.of(EventKind.ENDED, EventKind.MESSAGE, EventKind.PACKET)));
            case ipfix -> tracking.trackerOptions(Set.of(EventKind.ENDED, EventKind.PACKET));
            case table, ndjson, csv, parquet -> tracking.trackerOptions(Set.of(EventKind.ENDED));
        };
    }

    /** Makes rows of ended flows: always in the same object if they are written at once. */
    private FlowListener writer(@Nullable String name, Consumer<FlowRow> to) {
        boolean atOnce = tracking.workers() == 1;
        FlowRow only = new FlowRow();
        return new FlowListener() {
            @Override
            public void onEnded(FlowView flow, EndReason reason) {
                to.accept((atOnce ? only : new FlowRow()).fill(flow, reason, name));
            }

            @Override
            public void onMessage(FlowView flow, Side side, long timestampNanos, Object message) {
                FlowNotes.message(flow, message);
            }

            @Override
            public void onPacket(FlowView flow, Side side, PacketCursor packet) {
                FlowNotes.packet(flow, side, packet);
            }
        };
    }

    private FlowOutput plain() {
        boolean withFile = source.severalInputs();
        return switch (format) {
            case table -> new TableFlows(stdio.out, withFile, stdio.colors());
            case ndjson -> new NdjsonFlows(stdio.out);
            case csv -> new CsvFlows(stdio.out, withFile);
            case zeek -> new ZeekFlows(stdio.out, withFile);
            case zeek_json -> new ZeekJsonFlows(stdio.out);
            case ipfix -> new IpfixFlows(stdio.out);
            case parquet ->
                    new ParquetFlows(
                            stdio.out,
                            withFile,
                            "flowscope version " + RootCommand.Version.number());
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
}
