package io.flowscope.cli;

import io.flowscope.capture.PacketSource;
import io.flowscope.cli.streams.NdjsonStreams;
import io.flowscope.cli.streams.StreamOutput;
import io.flowscope.cli.streams.TableStreams;
import io.flowscope.tracker.FlowListener;
import io.flowscope.tracker.ShardedTracker.Setup;
import io.flowscope.tracker.TrackerOptions;
import io.flowscope.tracker.key.FragmentOptions;
import io.flowscope.tracker.stream.OverlapPolicy;
import io.flowscope.tracker.stream.StreamHasher;
import io.flowscope.tracker.stream.StreamOptions;
import io.flowscope.tracker.stream.StreamSummary;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Consumer;

/** Puts TCP streams together, hashes them and writes them to files. */
@Command(
        name = "streams",
        description = {
            "Put the TCP streams of captures together: a line for each direction, with its length,"
                    + " its SHA-256, and what is missing.",
            "As a table, the longest ones; as ndjson every one, as it ends."
        })
final class StreamsCommand implements Callable<Integer> {
    private static final int MAX_OPEN_FILES = 256;

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
            defaultValue = "20",
            paramLabel = "N",
            description =
                    "A table shows the N longest streams; 0 is all. Default ${DEFAULT-VALUE}.")
    private long top = 20;

    @Option(
            names = "--extract",
            paramLabel = "DIR",
            description =
                    "Write every stream that has any bytes to a file of its own in this folder.")
    private @Nullable Path folder;

    @Option(
            names = "--overlap",
            defaultValue = "first",
            paramLabel = "POLICY",
            description =
                    "Which copy counts where segments overlap with different bytes:"
                            + " ${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}.")
    private Overlap overlap = Overlap.first;

    @Mixin private final SummaryOption summaryOption = new SummaryOption();

    private int inputs;

    StreamsCommand(Stdio stdio, Interruption interruption) {
        this.stdio = stdio;
        this.interruption = interruption;
    }

    /** Named as they are typed. */
    enum Overlap {
        first(OverlapPolicy.FIRST),
        last(OverlapPolicy.LAST),
        linux(OverlapPolicy.LINUX),
        windows(OverlapPolicy.WINDOWS);

        private final OverlapPolicy policy;

        Overlap(OverlapPolicy policy) {
            this.policy = policy;
        }
    }

    @Override
    public Integer call() {
        if (top < 0) {
            throw new ParameterException(spec.commandLine(), "--top: 0 or more, was " + top);
        }
        if (folder != null && tracking.workers() > 1) {
            throw new ParameterException(
                    spec.commandLine(), "--extract numbers flows, which takes one worker");
        }
        StreamOptions.Builder streams = StreamOptions.builder().overlap(overlap.policy);
        if (!tracking.timeouts()) {
            streams.noTimeouts();
        }
        TrackerOptions options =
                tracking.trackerOptions(Set.of()).toBuilder()
                        .streamOptions(streams.build())
                        .fragments(FragmentOptions.DEFAULT.reassembling(Tracking.FRAGMENT_BYTES))
                        .build();
        Inputs packets = source.inputs(stdio, interruption);
        TableStreams table =
                format == ListFormat.table
                        ? new TableStreams(stdio.out, source.severalInputs(), stdio.colors(), top)
                        : null;
        StreamOutput output = table != null ? table : new NdjsonStreams(stdio.out);
        Tracking run = new Tracking(tracking.workers(), stdio);
        boolean complete = packets.readAll((name, from) -> track(run, name, from, options, output));
        run.end(
                output::end,
                () -> table != null ? table.leftOut() : 0,
                "streams",
                summaryOption.style());
        return complete ? ExitCode.DONE : ExitCode.FAILED;
    }

    private void track(
            Tracking run,
            @Nullable String name,
            PacketSource packets,
            TrackerOptions options,
            StreamOutput output) {
        inputs++;
        List<StreamHasher> hashers = new ArrayList<>();
        try {
            run.<StreamSummary>track(
                    name,
                    packets,
                    stream -> output.write(name, stream),
                    to -> {
                        StreamHasher hasher = hasher(name, to);
                        hashers.add(hasher);
                        return new Setup(
                                options.toBuilder().streams(hasher).build(), FlowListener.NONE);
                    });
        } catch (UncheckedIOException e) {
            throw notWritten(Objects.requireNonNull(e.getCause()));
        } finally {
            hashers.forEach(this::close);
        }
    }

    private void close(StreamHasher hasher) {
        try {
            hasher.close();
        } catch (IOException e) {
            throw notWritten(e);
        }
    }

    /** Of several inputs each has a folder of its own, because the numbers of flows are its own. */
    private StreamHasher hasher(@Nullable String name, Consumer<StreamSummary> results) {
        if (folder == null) {
            return new StreamHasher(results);
        }
        Path own = folder;
        if (name != null) {
            Path last = Path.of(name).getFileName();
            own = folder.resolve(inputs + "-" + (last == null ? "input" : last.toString()));
        }
        try {
            return new StreamHasher(results, own, MAX_OPEN_FILES);
        } catch (IOException e) {
            throw notWritten(e);
        }
    }

    private CommandFailure notWritten(IOException e) {
        return new CommandFailure(
                FileProblem.sentence("write streams to", String.valueOf(folder), e), e);
    }
}
