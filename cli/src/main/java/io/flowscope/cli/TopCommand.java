package io.flowscope.cli;

import io.flowscope.cli.top.Face;
import io.flowscope.cli.top.Frames;
import io.flowscope.cli.top.Screen;
import io.flowscope.cli.top.ScreenOptions;
import io.flowscope.cli.top.Terminal;
import io.flowscope.cli.top.TopSort;
import io.flowscope.cli.top.Watch;
import io.flowscope.cli.watch.Observation;
import io.flowscope.obs.FlowMetrics;
import io.flowscope.obs.MetricsOptions;
import io.flowscope.tracker.EventKind;
import io.flowscope.tracker.TrackerOptions;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;

/** Tracks, and shows on a terminal how it goes. */
@Command(
        name = "top",
        description = {
            "Watch an interface, or what capture files come to, on a live screen: rates, drops,"
                    + " round trips and the flows with most of what they are sorted by.",
            "Files are read at full speed, their rates are by the packets' own time, and the"
                    + " screen stays until q. Keys: q leaves, ? shows the others."
        })
final class TopCommand implements Callable<Integer> {
    private static final Duration SHORTEST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofHours(24);
    private static final int BATCH_ROWS = 20;
    private static final int BATCH_WIDTH = 132;

    private final Stdio stdio;
    private final Interruption interruption;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin private final SourceOptions source = new SourceOptions();
    @Mixin private final TrackingOptions tracking = new TrackingOptions();

    @Option(
            names = "--sort",
            paramLabel = "KEY",
            defaultValue = "rate",
            description =
                    "Which flows come first at the beginning: ${COMPLETION-CANDIDATES}; default"
                            + " ${DEFAULT-VALUE}. Keys change it.")
    private TopSort sort = TopSort.RATE;

    @Option(
            names = "--interval",
            paramLabel = "TIME",
            defaultValue = "1s",
            converter = DurationConverter.class,
            description = "From one frame to the next; default ${DEFAULT-VALUE}.")
    private Duration interval = Duration.ofSeconds(1);

    @Option(
            names = "--top",
            paramLabel = "N",
            description =
                    "At most so many flows. A screen shows as many as it has room for, --batch "
                            + BATCH_ROWS
                            + ".")
    private @Nullable Integer top;

    @Option(
            names = {"-b", "--batch"},
            description =
                    "Print frames one below the other, without a terminal's help: one per interval,"
                            + " and one at the end.")
    private boolean batch;

    @Option(
            names = "--count",
            paramLabel = "N",
            description = "With --batch: end after so many frames.")
    private @Nullable Long count;

    @Mixin private final SummaryOption summaryOption = new SummaryOption();

    TopCommand(Stdio stdio, Interruption interruption) {
        this.stdio = stdio;
        this.interruption = interruption;
    }

    @Override
    public Integer call() throws Exception {
        ScreenOptions shown = screenOptions();
        TrackerOptions options = tracking.trackerOptions(Set.of(EventKind.ENDED));
        Inputs inputs = source.inputs(stdio, interruption);
        Terminal terminal = batch ? null : terminal();
        boolean live = source.interfaceName() != null;
        ObservationGates.open(false, false);
        try (FlowMetrics metrics =
                        FlowMetrics.bind(new SimpleMeterRegistry(), MetricsOptions.defaults());
                Observation observation =
                        new Observation(source.title(), live, metrics, Watch.board())) {
            ObservedRun run =
                    new ObservedRun(
                            options, metrics, observation, tracking.workers(), false, stdio);
            boolean complete =
                    terminal == null
                            ? print(inputs, run, shown)
                            : show(inputs, run, shown, terminal);
            run.printSummary(summaryOption.style());
            return complete ? ExitCode.DONE : ExitCode.FAILED;
        }
    }

    private boolean print(Inputs inputs, ObservedRun run, ScreenOptions shown) {
        Watch watch = new Watch(run.observation());
        long frames = count == null ? 0 : count;
        Frames face =
                new Frames(
                        stdio.unbuffered, watch, shown, batchWidth(), frames, interruption::leave);
        boolean complete;
        try (face) {
            complete = run.readAll(before(face::show, inputs));
        }
        throwFailure(face);
        return complete;
    }

    private boolean show(Inputs inputs, ObservedRun run, ScreenOptions shown, Terminal terminal)
            throws InterruptedException {
        HeldMessages said = new HeldMessages();
        Watch watch = new Watch(run.observation());
        Screen face = new Screen(terminal, watch, shown, said::latest, interruption::leave);
        boolean complete;
        try (face) {
            complete = run.readAll(before(() -> stdio.hold(said), before(face::show, inputs)));
            if (face.isShown() && !interruption.isInterrupted()) {
                CountDownLatch leaving = new CountDownLatch(1);
                interruption.onInterrupt(leaving::countDown);
                leaving.await();
            }
        } finally {
            stdio.release();
        }
        throwFailure(face);
        return complete;
    }

    /** Inputs before each of which, once it is open, something is done. */
    private static Inputs before(Runnable action, Inputs inputs) {
        return reader ->
                inputs.readAll(
                        (name, packets) -> {
                            action.run();
                            reader.read(name, packets);
                        });
    }

    private static void throwFailure(Face face) {
        RuntimeException failure = face.failure();
        if (failure != null) {
            throw failure;
        }
    }

    private Terminal terminal() {
        Terminal terminal = Terminal.of(stdio.unbuffered);
        if (!stdio.outIsTerminal || terminal == null || "dumb".equals(System.getenv("TERM"))) {
            throw wrong("standard output is no terminal with a screen; --batch prints frames");
        }
        return terminal;
    }

    private ScreenOptions screenOptions() {
        if (interval.compareTo(SHORTEST) < 0 || interval.compareTo(LONGEST) > 0) {
            throw wrong("--interval: 100ms to 24h, was " + interval.toMillis() + "ms");
        }
        if (top != null && top < 1) {
            throw wrong("--top: 1 or more, was " + top);
        }
        if (count != null && !batch) {
            throw wrong("--count needs --batch");
        }
        if (count != null && count < 1) {
            throw wrong("--count: 1 or more, was " + count);
        }
        int rows = top != null ? top : batch ? BATCH_ROWS : Integer.MAX_VALUE;
        boolean unicode = "UTF-8".equals(System.getProperty("native.encoding"));
        return new ScreenOptions(sort, rows, interval.toNanos(), stdio.colors(), unicode);
    }

    private ParameterException wrong(String sentence) {
        return new ParameterException(spec.commandLine(), sentence);
    }

    /** As the shell says, if it does. */
    private static int batchWidth() {
        String columns = System.getenv().getOrDefault("COLUMNS", "");
        return columns.matches("[1-9][0-9]{0,3}") ? Integer.parseInt(columns) : BATCH_WIDTH;
    }
}
