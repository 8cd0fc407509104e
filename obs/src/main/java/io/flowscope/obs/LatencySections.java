package io.flowscope.obs;

import io.flowscope.obs.jfr.JvmLatencies;
import io.flowscope.tracker.LatencyKind;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** All families of latencies, and which of their series still move. */
final class LatencySections implements Section {
    private final String prefix;
    private final TrackerTotals totals;
    private final LabelLimiter processes;
    private final List<LatencyFamily> families;
    private final Map<List<String>, LatencySeriesState> states = new HashMap<>();
    private final Map<LatencySeriesState, Boolean> shown = new HashMap<>();
    private volatile @Nullable JvmLatencies jvm;
    private volatile String jvmName = "";

    LatencySections(String prefix, TrackerTotals totals, LabelLimiter processes) {
        this.prefix = prefix;
        this.totals = totals;
        this.processes = processes;
        families =
                List.of(
                        network(
                                MetricNames.RTT,
                                MetricNames.RTT_LATEST,
                                "TCP round trips",
                                LatencyKind.ROUND_TRIP),
                        network(
                                MetricNames.LATENCY,
                                MetricNames.LATENCY_LATEST,
                                "From SYN to SYN-ACK",
                                LatencyKind.CONNECT),
                        network(
                                MetricNames.DNS_LATENCY,
                                MetricNames.DNS_LATENCY_LATEST,
                                "From DNS query to response",
                                LatencyKind.DNS),
                        host(
                                MetricNames.FS_LATENCY,
                                MetricNames.FS_LATENCY_LATEST,
                                "File operations of this JVM",
                                JvmLatencies.FILES),
                        host(
                                MetricNames.CPU_BLOCK,
                                MetricNames.CPU_BLOCK_LATEST,
                                "Waiting threads of this JVM",
                                JvmLatencies.WAITING));
    }

    private LatencyFamily network(
            String histogram, String latest, String description, LatencyKind kind) {
        String type = kind == LatencyKind.DNS ? "DNS" : "NET";
        return new LatencyFamily(
                prefix + histogram, prefix + latest, description, () -> ofOwners(type, kind));
    }

    private List<LatencySeries> ofOwners(String type, LatencyKind kind) {
        List<LatencySeries> series = new ArrayList<>();
        int owners = processes.size();
        for (int owner = 0; owner < owners; owner++) {
            Latencies values = totals.latencies(kind, owner);
            if (values.count != 0) {
                series.add(new LatencySeries(type, processes.label(owner), values));
            }
        }
        return series;
    }

    private LatencyFamily host(
            String histogram, String latest, String description, List<JvmLatencies.Kind> kinds) {
        return new LatencyFamily(
                prefix + histogram, prefix + latest, description, () -> ofKinds(kinds));
    }

    private List<LatencySeries> ofKinds(List<JvmLatencies.Kind> kinds) {
        List<LatencySeries> series = new ArrayList<>();
        JvmLatencies of = jvm;
        if (of == null) {
            return series;
        }
        for (JvmLatencies.Kind kind : kinds) {
            Latencies values = new Latencies().add(of.latencies(kind));
            if (values.count != 0) {
                series.add(new LatencySeries(kind.label(), jvmName, values));
            }
        }
        return series;
    }

    /** From here on this JVM's latencies are there as well. */
    void add(JvmLatencies latencies, String processName) {
        jvmName = processName;
        jvm = latencies;
    }

    List<LatencyFamily> families() {
        return families;
    }

    /** Looks which series have moved since the last time. */
    void update(long nowNanos) {
        for (LatencyFamily family : families) {
            for (LatencySeries series : family.series().get()) {
                LatencySeriesState state =
                        states.computeIfAbsent(
                                List.of(family.histogram(), series.type(), series.process()),
                                k -> new LatencySeriesState(series.type(), series.process()));
                shown.put(state, state.update(series.values(), nowNanos));
            }
        }
    }

    @Override
    public void refresh(Leaf leaf) {
        for (LatencyFamily family : families) {
            states.forEach(
                    (key, state) -> {
                        if (key.get(0).equals(family.histogram())) {
                            leaf.timerOnce(family, state);
                            leaf.gaugeIf(
                                    shown.getOrDefault(state, false),
                                    family.latest(),
                                    family.latestDescription(),
                                    state::latestSeconds,
                                    state.tags());
                        }
                    });
        }
    }
}
