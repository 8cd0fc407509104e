package io.flowscope.obs;

import io.flowscope.tracker.AnomalyKind;
import io.flowscope.tracker.EndReason;
import io.flowscope.tracker.Side;
import io.flowscope.tracker.TrackerCounters;
import io.flowscope.tracker.Transport;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Timer;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;

/** What is counted of flows, in one registry: made once, each meter held. */
final class FlowMeters implements FlowEndQueue.Meters {
    private static final double[] FLOW_BYTES = {1500, 64_000, 1e6, 1e7, 1e8};

    private final Timer duration;
    private final DistributionSummary packets;
    private final DistributionSummary bytes;
    private final DistributionSummary[] highWatermark = new DistributionSummary[2];

    FlowMeters(Leaf leaf, TrackerTotals totals) {
        counters(leaf, totals);
        sides(leaf, totals);
        duration =
                leaf.held(
                        Timer.builder(MetricNames.FLOW_DURATION)
                                .description("Time from a flow's first packet to its last")
                                .serviceLevelObjectives(
                                        Duration.ofMillis(100),
                                        Duration.ofSeconds(1),
                                        Duration.ofSeconds(10),
                                        Duration.ofSeconds(60),
                                        Duration.ofSeconds(300),
                                        Duration.ofSeconds(3600))
                                .register(leaf.registry()));
        packets =
                leaf.held(
                        DistributionSummary.builder(MetricNames.FLOW_PACKETS)
                                .description("Packets of a flow, both sides")
                                .serviceLevelObjectives(1, 10, 100, 1e3, 1e4, 1e5)
                                .register(leaf.registry()));
        bytes =
                leaf.held(
                        DistributionSummary.builder(MetricNames.FLOW_BYTES)
                                .description("Bytes of a flow on the wire, both sides")
                                .serviceLevelObjectives(FLOW_BYTES)
                                .register(leaf.registry()));
        for (Side side : Side.values()) {
            highWatermark[number(side)] =
                    leaf.held(
                            DistributionSummary.builder(MetricNames.REASSEMBLER_HIGH_WATERMARK)
                                    .description("Most bytes held at a time to reassemble a stream")
                                    .tag(MetricNames.SIDE, Labels.of(side))
                                    .serviceLevelObjectives(FLOW_BYTES)
                                    .register(leaf.registry()));
        }
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
        duration.record(durationNanos, TimeUnit.NANOSECONDS);
        packets.record((double) flowPackets);
        bytes.record((double) flowBytes);
    }

    @Override
    public void highWatermark(int side, long held) {
        highWatermark[side].record((double) held);
    }
}
