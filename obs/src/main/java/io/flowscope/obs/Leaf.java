package io.flowscope.obs;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * One registry that keeps meters itself, and all of ours in it. Registries hold what function
 * meters read from weakly; here it is held strongly until {@link #close}.
 */
final class Leaf implements AutoCloseable {
    private static final String SIMPLE_PROMETHEUS =
            "io.micrometer.prometheusmetrics.PrometheusMeterRegistry";

    private final MeterRegistry registry;
    private final List<Meter> meters = new ArrayList<>();
    private final List<Object> sources = new ArrayList<>();
    private final Map<Object, Meter> comingAndGoing = new HashMap<>();
    private final List<AutoCloseable> ends = new ArrayList<>();
    private boolean hasHistograms;
    private @Nullable FlowMeters flows;

    Leaf(MeterRegistry registry) {
        this.registry = registry;
    }

    MeterRegistry registry() {
        return registry;
    }

    /** Binds what is there from the beginning. */
    void bind(TrackerTotals totals, List<LatencyFamily> families) {
        boolean counts = isPrometheus(registry.getClass());
        FlowMeters bound = new FlowMeters(this, totals, counts);
        flows = bound;
        if (counts) {
            hasHistograms = true;
            ends.add(PrometheusHistograms.register(registry, families));
            totals.add(bound.own());
            ends.add(() -> totals.remove(bound.own()));
            ends.add(PrometheusFlows.register(registry, bound.own()));
        }
    }

    /** Whether it is one, asked so that nothing of Prometheus is loaded where it is not there. */
    private static boolean isPrometheus(Class<?> type) {
        for (Class<?> at = type; at != null; at = at.getSuperclass()) {
            if (at.getName().equals(SIMPLE_PROMETHEUS)) {
                return true;
            }
        }
        return false;
    }

    @Nullable FlowMeters flows() {
        return flows;
    }

    <M extends Meter> M held(M meter) {
        meters.add(meter);
        return meter;
    }

    void counter(String name, String description, LongSupplier value, String... tags) {
        sources.add(value);
        held(
                FunctionCounter.builder(name, value, LongSupplier::getAsLong)
                        .description(description)
                        .tags(tags)
                        .register(registry));
    }

    void gauge(String name, String description, Supplier<Number> value, String... tags) {
        held(gauge(name, description, tags, value));
    }

    private Gauge gauge(String name, String description, String[] tags, Supplier<Number> value) {
        return Gauge.builder(name, value).description(description).tags(tags).register(registry);
    }

    /** A gauge that is there or not; made, kept or removed accordingly. */
    void gaugeIf(
            boolean present,
            String name,
            String description,
            Supplier<Number> value,
            String... tags) {
        Object key = List.of(name, List.of(tags));
        if (present) {
            comingAndGoing.computeIfAbsent(key, k -> gauge(name, description, tags, value));
        } else {
            Meter gone = comingAndGoing.remove(key);
            if (gone != null) {
                registry.remove(gone);
            }
        }
    }

    /** A counter that begins to be there. */
    void counterOnce(String name, String description, LongSupplier value, String... tags) {
        Object key = List.of(name, List.of(tags));
        if (!comingAndGoing.containsKey(key)) {
            sources.add(value);
            comingAndGoing.put(
                    key,
                    FunctionCounter.builder(name, value, LongSupplier::getAsLong)
                            .description(description)
                            .tags(tags)
                            .register(registry));
        }
    }

    /** Count and sum of latencies, where the registry has no histograms of its own making. */
    void timerOnce(LatencyFamily family, LatencySeriesState state) {
        if (hasHistograms) {
            return;
        }
        String[] tags = state.tags();
        comingAndGoing.computeIfAbsent(
                List.of(family.histogram(), List.of(tags)),
                k ->
                        FunctionTimer.builder(
                                        family.histogram(),
                                        state,
                                        s -> s.values().count,
                                        s -> s.values().sumNanos,
                                        TimeUnit.NANOSECONDS)
                                .description(family.description())
                                .tags(tags)
                                .register(registry));
    }

    /** Takes everything of ours out of the registry. */
    @Override
    public void close() {
        meters.forEach(registry::remove);
        comingAndGoing.values().forEach(registry::remove);
        meters.clear();
        comingAndGoing.clear();
        sources.clear();
        for (AutoCloseable each : ends) {
            try {
                each.close();
            } catch (Exception e) {
                throw new IllegalStateException("closing what does not fail", e);
            }
        }
    }
}
