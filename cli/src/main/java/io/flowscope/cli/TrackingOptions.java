package io.flowscope.cli;

import io.flowscope.capture.PageArena;
import io.flowscope.tracker.EventKind;
import io.flowscope.tracker.TrackerOptions;
import io.flowscope.tracker.packet.DecoderOptions;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.lang.foreign.Arena;
import java.util.Set;

/** How flows are told apart and when they end, as the user says it. */
final class TrackingOptions {
    /** Below it, clearing the table's memory takes less time than the first native call. */
    private static final int LARGE_TABLE = 300_000;

    private static final int MOST_WORKERS = 256;

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(
            names = "--layer",
            defaultValue = "innermost",
            paramLabel = "LAYER",
            description =
                    "Whose headers make a flow where packets are tunnelled:"
                            + " ${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}.")
    private Layer layer = Layer.innermost;

    @Option(
            names = "--no-timeouts",
            description =
                    "No flow ends because it is idle, and no hole in a stream is given up because"
                            + " of its age.")
    private boolean noTimeouts;

    @Option(
            names = "--idle",
            paramLabel = "TIMES",
            converter = IdleTimes.Converter.class,
            description =
                    "How long flows may be idle, all or some of tcp, udp and other; default"
                            + " tcp=300s,udp=60s,other=30s.")
    private IdleTimes idle = IdleTimes.DEFAULT;

    @Option(
            names = "--max-flows",
            paramLabel = "N",
            defaultValue = "100000",
            description =
                    "Most flows at a time; beyond, the one that was idle longest is ended. Memory"
                            + " grows with it. Default ${DEFAULT-VALUE}.")
    private int maxFlows = 100_000;

    @Option(
            names = "--workers",
            paramLabel = "N",
            defaultValue = "1",
            description =
                    "Share the flows of an input among N threads. The results are the same, in an"
                            + " order that is always the same. Default ${DEFAULT-VALUE}.")
    private int workers = 1;

    /** Named as they are typed. */
    enum Layer {
        innermost,
        outermost
    }

    /** Whether time may end a flow, or the wait for missing bytes. */
    boolean timeouts() {
        return !noTimeouts;
    }

    /** How many threads share the flows of an input. */
    int workers() {
        if (workers < 1 || workers > MOST_WORKERS) {
            throw new ParameterException(
                    spec.commandLine(), "--workers: 1 to " + MOST_WORKERS + ", was " + workers);
        }
        return workers;
    }

    /** The options of each worker's tracker, for a command that hears of these events only. */
    TrackerOptions trackerOptions(Set<EventKind> events) {
        int flows = Math.ceilDiv(maxFlows, workers());
        try {
            TrackerOptions.Builder builder =
                    TrackerOptions.builder()
                            .decoder(
                                    DecoderOptions.builder()
                                            .outermost(layer == Layer.outermost)
                                            .build())
                            .maxFlows(flows)
                            .arena(flows > LARGE_TABLE ? PageArena::ofShared : Arena::ofShared)
                            .tcpIdle(idle.tcp())
                            .udpIdle(idle.udp())
                            .otherIdle(idle.other())
                            .events(events);
            return (noTimeouts ? builder.noTimeouts() : builder).build();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }
}
