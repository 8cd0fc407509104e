package io.flowscope.cli;

import io.flowscope.cli.sessions.NdjsonSessions;
import io.flowscope.cli.sessions.SessionOutput;
import io.flowscope.cli.sessions.SessionRow;
import io.flowscope.cli.sessions.TableSessions;
import io.flowscope.tracker.EventKind;
import io.flowscope.tracker.FlowListener;
import io.flowscope.tracker.FlowView;
import io.flowscope.tracker.ShardedTracker.Setup;
import io.flowscope.tracker.Side;
import io.flowscope.tracker.TrackerOptions;
import io.flowscope.tracker.key.FragmentOptions;
import io.flowscope.tracker.session.SessionOptions;
import io.flowscope.tracker.session.http.HttpOptions;
import io.flowscope.tracker.session.http.HttpProtocol;
import io.flowscope.tracker.stream.StreamOptions;

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

/** Prints what DNS, HTTP and TLS say. */
@Command(
        name = "sessions",
        description = {
            "Print what was asked and what was answered: DNS look-ups, HTTP exchanges, TLS"
                    + " handshakes, also those of QUIC.",
            "As a table, the first ones; as ndjson every one, as it is complete."
        })
final class SessionsCommand implements Callable<Integer> {
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
    private ListFormat format = ListFormat.table;

    @Option(
            names = "--top",
            defaultValue = "100",
            paramLabel = "N",
            description = "A table shows the first N messages; 0 is all. Default ${DEFAULT-VALUE}.")
    private long top = 100;

    @Mixin private final SummaryOption summaryOption = new SummaryOption();

    SessionsCommand(Stdio stdio, Interruption interruption) {
        this.stdio = stdio;
        this.interruption = interruption;
    }

    @Override
    public Integer call() {
        if (top < 0) {
            throw new ParameterException(spec.commandLine(), "--top: 0 or more, was " + top);
        }
        TrackerOptions options = options();
        Inputs packets = source.inputs(stdio, interruption);
        TableSessions table =
                format == ListFormat.table
                        ? new TableSessions(stdio.out, source.severalInputs(), stdio.colors(), top)
                        : null;
        SessionOutput output = table != null ? table : new NdjsonSessions(stdio.out);
        Tracking run = new Tracking(tracking.workers(), stdio);
        boolean complete =
                packets.readAll(
                        (name, from) ->
                                run.<SessionRow>track(
                                        name,
                                        from,
                                        output::write,
                                        to -> new Setup(options, writer(name, to))));
        run.end(
                output::end,
                () -> table != null ? table.leftOut() : 0,
                "messages",
                summaryOption.style());
        return complete ? ExitCode.DONE : ExitCode.FAILED;
    }

    /** Bodies are hashed and not kept. */
    private TrackerOptions options() {
        HttpOptions http = HttpOptions.builder().hashBodies(true).keepBodyBytes(0).build();
        StreamOptions.Builder streams = StreamOptions.builder();
        if (!tracking.timeouts()) {
            streams.noTimeouts();
        }
        return tracking.trackerOptions(Set.of(EventKind.MESSAGE)).toBuilder()
                .sessions(SessionOptions.builder().protocol(new HttpProtocol(http)).build())
                .streamOptions(streams.build())
                .fragments(FragmentOptions.DEFAULT.reassembling(Tracking.FRAGMENT_BYTES))
                .build();
    }

    private static FlowListener writer(@Nullable String name, Consumer<SessionRow> to) {
        return new FlowListener() {
            @Override
            public void onMessage(FlowView flow, Side side, long timestampNanos, Object message) {
                SessionRow row = SessionRow.of(name, flow, timestampNanos, message);
                if (row != null) {
                    to.accept(row);
                }
            }
        };
    }
}
