package io.flowscope.obs;

import io.flowscope.tracker.LatencyKind;
import io.flowscope.tracker.TrackerCounters;
import io.flowscope.tracker.TrackerMeasurements;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * The sums of all trackers that report here. What a tracker had counted when it was closed is kept,
 * so that no counter ever goes back; the tracker itself is not.
 */
final class TrackerTotals {
    private final List<MetricsHook> hooks = new ArrayList<>();
    private final Map<LatencyKind, Map<Integer, Latencies>> latenciesBefore =
            new EnumMap<>(LatencyKind.class);
    private final Map<Integer, long[]> bytesBefore = new HashMap<>();
    private final long[] hookCountsBefore = new long[MetricsHook.COUNTS];
    private final List<OwnHistograms> histograms = new ArrayList<>();
    private @Nullable TrackerCounters countersBefore;

    synchronized void attach(MetricsHook hook) {
        hooks.add(hook);
        histograms.forEach(hook::count);
    }

    /** All trackers count for these as well, from now on. */
    synchronized void add(OwnHistograms joined) {
        histograms.add(joined);
        hooks.forEach(h -> h.count(joined));
    }

    /** They count for these no more. */
    synchronized void remove(OwnHistograms left) {
        histograms.remove(left);
        hooks.forEach(h -> h.countNoMore(left));
    }

    /** Takes over what a tracker that is closing has counted. */
    synchronized void detach(MetricsHook hook, int owners) {
        if (!hooks.remove(hook)) {
            return;
        }
        histograms.forEach(hook::countNoMore);
        TrackerMeasurements measurements = hook.measurements();
        TrackerCounters counters = measurements.counters();
        countersBefore = countersBefore == null ? counters : countersBefore.plus(counters);
        for (int i = 0; i < hookCountsBefore.length; i++) {
            hookCountsBefore[i] += hook.count(i);
        }
        for (int owner = 0; owner < owners; owner++) {
            long sent = measurements.sentBytes(owner);
            long received = measurements.receivedBytes(owner);
            if ((sent | received) != 0) {
                long[] sum = bytesBefore.computeIfAbsent(owner, o -> new long[2]);
                sum[0] += sent;
                sum[1] += received;
            }
            for (LatencyKind kind : LatencyKind.values()) {
                if (measurements.latencies(kind, owner) != null) {
                    latenciesBefore
                            .computeIfAbsent(kind, k -> new HashMap<>())
                            .computeIfAbsent(owner, o -> new Latencies())
                            .add(measurements.latencies(kind, owner));
                }
            }
        }
    }

    /** A counter's sum. */
    synchronized long count(ToLongFunction<TrackerCounters> counter) {
        long sum = countersBefore == null ? 0 : counter.applyAsLong(countersBefore);
        for (MetricsHook hook : hooks) {
            sum += counter.applyAsLong(hook.measurements().counters());
        }
        return sum;
    }

    /** Live flows, of open trackers only. */
    synchronized long live() {
        long sum = 0;
        for (MetricsHook hook : hooks) {
            sum += hook.measurements().counters().live();
        }
        return sum;
    }

    /** The sum of what the hooks themselves count at a place. */
    synchronized long hookCount(int place) {
        long sum = hookCountsBefore[place];
        for (MetricsHook hook : hooks) {
            sum += hook.count(place);
        }
        return sum;
    }

    /** Live flows of a team, of open trackers only. */
    synchronized long teamFlows(int team, int transport) {
        long sum = 0;
        for (MetricsHook hook : hooks) {
            sum += hook.teamFlows(team, transport);
        }
        return sum;
    }

    /** Payload bytes of an owner. */
    synchronized long bytes(int owner, boolean sent) {
        long[] before = bytesBefore.get(owner);
        long sum = before == null ? 0 : before[sent ? 0 : 1];
        for (MetricsHook hook : hooks) {
            TrackerMeasurements of = hook.measurements();
            sum += sent ? of.sentBytes(owner) : of.receivedBytes(owner);
        }
        return sum;
    }

    /** Latencies of an owner. */
    synchronized Latencies latencies(LatencyKind kind, int owner) {
        Map<Integer, Latencies> before = latenciesBefore.get(kind);
        Latencies sum = new Latencies().add(before == null ? null : before.get(owner));
        for (MetricsHook hook : hooks) {
            sum.add(hook.measurements().latencies(kind, owner));
        }
        return sum;
    }

    /** Hands over the flows that have ended since the last time. */
    void drain(FlowEndQueue.Meters to) {
        List<MetricsHook> all;
        synchronized (this) {
            all = List.copyOf(hooks);
            histograms.forEach(OwnHistograms::drain);
        }
        for (MetricsHook hook : all) {
            hook.drain(to);
        }
    }
}
