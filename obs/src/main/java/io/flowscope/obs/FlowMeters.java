package io.flowscope.obs;

import io.flowscope.tracker.AnomalyKind;
import io.flowscope.tracker.EndReason;
import io.flowscope.tracker.Side;
import io.flowscope.tracker.TrackerCounters;
import io.flowscope.tracker.Transport;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.noop.NoopDistributionSummary;
import io.micrometer.core.instrument.noop.NoopTimer;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/** What is counted of flows, in one registry: made once, each meter held. */
final class FlowMeters implements FlowEndQueue.Meters {
    private static final double[] FLOW_BYTES = {1500, 64_000, 1e6, 1e7, 1e8};

    private final @Nullable Timer duration;
    private final @Nullable DistributionSummary packets;
    private final @Nullable DistributionSummary bytes;
    private final @Nullable DistributionSummary initiatorsHighWatermark;
    private final @Nullable DistributionSummary respondersHighWatermark;
    private final boolean fed;
    private final OwnHistograms own;

    /**
     * Registers all.
     *
     * @param counts whether histograms that trackers count themselves can be shown by this registry
     */
    FlowMeters(Leaf leaf, TrackerTotals totals, boolean counts) {
        counters(leaf, totals);
        sides(leaf, totals);
        MeterRegistry registry = leaf.registry();
        Timer ofDuration = duration(registry);
        DistributionSummary ofPackets = packets(registry);
        DistributionSummary ofBytes = bytes(registry);
        DistributionSummary initiators = highWatermark(registry, Side.INITIATOR);
        DistributionSummary responders = highWatermark(registry, Side.RESPONDER);
        own =
                counts
                        ? new OwnHistograms(
                                OwnHistogram.of(ofDuration),
                                OwnHistogram.of(ofPackets),
                                OwnHistogram.of(ofBytes),
                                OwnHistogram.of(initiators),
                                OwnHistogram.of(responders))
                        : new OwnHistograms(null, null, null, null, null);
        duration = fed(leaf, ofDuration, own.duration());
        packets = fed(leaf, ofPackets, own.packets());
        bytes = fed(leaf, ofBytes, own.bytes());
        initiatorsHighWatermark = fed(leaf, initiators, own.initiatorsHighWatermark());
        respondersHighWatermark = fed(leaf, responders, own.respondersHighWatermark());
        fed =
                Stream.of(
                                duration,
                                packets,
                                bytes,
                                initiatorsHighWatermark,
                                respondersHighWatermark)
                        .anyMatch(Objects::nonNull);
    }

    /** A meter that stays in the registry and is told every sample, or null. */
    private static <M extends Meter> @Nullable M fed(
            Leaf leaf, M meter, @Nullable OwnHistogram instead) {
        if (instead != null) {
            leaf.registry().remove(meter);
            return null;
        }
        leaf.held(meter);
        boolean denied = meter instanceof NoopTimer || meter instanceof NoopDistributionSummary;
        return denied ? null : meter;
    }

    /** Whether a meter of this registry has to be told every sample. */
    boolean isFed() {
        return fed;
    }

    /** The histograms that trackers count themselves. */
    OwnHistograms own() {
        return own;
    }

    static Timer duration(MeterRegistry registry) {
        return Timer.builder(MetricNames.FLOW_DURATION)
                .description("Time from a flow's first packet to its last")
                .serviceLevelObjectives(
                        Duration.ofMillis(100),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(60),
                        Duration.ofSeconds(300),
                        Duration.ofSeconds(3600))
                .register(registry);
    }

    static DistributionSummary packets(MeterRegistry registry) {
        return DistributionSummary.builder(MetricNames.FLOW_PACKETS)
                .description("Packets of a flow, both sides")
                .serviceLevelObjectives(1, 10, 100, 1e3, 1e4, 1e5)
                .register(registry);
    }

    static DistributionSummary bytes(MeterRegistry registry) {
        return DistributionSummary.builder(MetricNames.FLOW_BYTES)
                .description("Bytes of a flow on the wire, both sides")
                .serviceLevelObjectives(FLOW_BYTES)
                .register(registry);
    }

    static DistributionSummary highWatermark(MeterRegistry registry, Side side) {
        return DistributionSummary.builder(MetricNames.REASSEMBLER_HIGH_WATERMARK)
                .description("Most bytes held at a time to reassemble a stream")
                .tag(MetricNames.SIDE, Labels.of(side))
                .serviceLevelObjectives(FLOW_BYTES)
                .register(registry);
    }

    private static int number(Side side) {
        return side == Side.INITIATOR ? 0 : 1;
    }

    private static void counters(Leaf leaf, TrackerTotals totals) {
        for (Transport transport : Transport.values()) {
            count(
                    leaf,
                    totals,
                    MetricNames.FLOWS_CREATED,
                    "Flows that have started",
                    c -> c.created(transport),
                    MetricNames.L4,
                    Labels.of(transport));
        }
        for (EndReason reason : EndReason.values()) {
            count(
                    leaf,
                    totals,
                    MetricNames.FLOWS_ENDED,
                    "Flows that have ended, by why",
                    c -> c.ended(reason),
                    MetricNames.REASON,
                    Labels.of(reason));
        }
        for (AnomalyKind kind : AnomalyKind.values()) {
            count(
                    leaf,
                    totals,
                    MetricNames.ANOMALIES,
                    "What was not as it should be with a flow",
                    c -> c.anomalies(kind),
                    MetricNames.KIND,
                    Labels.of(kind));
        }
        count(
                leaf,
                totals,
                MetricNames.PACKETS_UNMATCHED,
                "Packets that belong to no flow",
                TrackerCounters::unmatched);
        leaf.gauge(MetricNames.FLOWS_ACTIVE, "Flows in the table", totals::live);
    }

    private static void count(
            Leaf leaf,
            TrackerTotals totals,
            String name,
            String description,
            ToLongFunction<TrackerCounters> counter,
            String... tags) {
        leaf.counter(name, description, () -> totals.count(counter), tags);
    }

    private static void sides(Leaf leaf, TrackerTotals totals) {
        for (Side side : Side.values()) {
            int number = number(side);
            side(
                    leaf,
                    totals,
                    MetricNames.BYTES,
                    "Bytes on the wire of flows that have ended",
                    MetricsHook.BYTES + number,
                    side);
            side(
                    leaf,
                    totals,
                    MetricNames.REASSEMBLY_DROPPED_OOO,
                    "Segments of streams that have ended, dropped because of where they lie",
                    MetricsHook.DROPPED_OUT_OF_ORDER + number,
                    side);
            side(
                    leaf,
                    totals,
                    MetricNames.REASSEMBLY_DROPPED_OVERSIZE,
                    "Bytes dropped from streams that have ended because a buffer was full",
                    MetricsHook.DROPPED_OVERSIZE + number,
                    side);
        }
    }

    private static void side(
            Leaf leaf,
            TrackerTotals totals,
            String name,
            String description,
            int place,
            Side side) {
        leaf.counter(
                name,
                description,
                () -> totals.hookCount(place),
                MetricNames.SIDE,
                Labels.of(side));
    }

    @Override
    public void flow(long durationNanos, long flowPackets, long flowBytes) {
        if (duration != null) {
            duration.record(durationNanos, TimeUnit.NANOSECONDS);
        }
        record(packets, flowPackets);
        record(bytes, flowBytes);
    }

    @Override
    public void highWatermark(int side, long held) {
        record(side == 0 ? initiatorsHighWatermark : respondersHighWatermark, held);
    }

    private static void record(@Nullable DistributionSummary into, long sample) {
        if (into != null) {
            into.record((double) sample);
        }
    }
}
