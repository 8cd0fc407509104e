package io.flowscope.obs;

import io.flowscope.tracker.LatencyHistogram;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.CountAtBucket;
import io.micrometer.core.instrument.noop.NoopTimer;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * Latencies that trackers have counted into buckets themselves, as Prometheus histograms:
 * Micrometer has no meter for that. The registry's filters are respected all the same, because a
 * timer of the same name is registered for a moment and looked at: one that is denied is left out,
 * tags that are added are added, and of our buckets those are shown that the timer has.
 */
final class PrometheusHistograms implements MultiCollector, AutoCloseable {
    private final PrometheusRegistry registry;
    private final List<Shape> shapes;

    /** A family as the registry's filters want it. */
    private record Shape(LatencyFamily family, String name, List<Tag> extra, BitSet shown) {}

    private PrometheusHistograms(PrometheusRegistry registry, List<Shape> shapes) {
        this.registry = registry;
        this.shapes = shapes;
    }

    static AutoCloseable register(MeterRegistry of, List<LatencyFamily> families) {
        List<Shape> shapes = new ArrayList<>();
        for (LatencyFamily family : families) {
            Timer timer =
                    Timer.builder(family.histogram())
                            .description(family.description())
                            .tag(MetricNames.TYPE, "unknown")
                            .tag(MetricNames.PROCESS_NAME, "unknown")
                            .serviceLevelObjectives(bounds())
                            .register(of);
            if (!(timer instanceof NoopTimer)) {
                shapes.add(shape(of, family, timer));
            }
            of.remove(timer);
        }
        PrometheusRegistry registry = ((PrometheusMeterRegistry) of).getPrometheusRegistry();
        PrometheusHistograms histograms = new PrometheusHistograms(registry, shapes);
        registry.register(histograms);
        return histograms;
    }

    private static Duration[] bounds() {
        Duration[] bounds = new Duration[LatencyHistogram.BUCKETS];
        Arrays.setAll(bounds, i -> Duration.ofNanos(LatencyHistogram.boundNanos(i)));
        return bounds;
    }

    private static Shape shape(MeterRegistry of, LatencyFamily family, Timer timer) {
        BitSet shown = new BitSet(LatencyHistogram.BUCKETS);
        for (CountAtBucket bucket : timer.takeSnapshot().histogramCounts()) {
            for (int i = 0; i < LatencyHistogram.BUCKETS; i++) {
                if (Math.round(bucket.bucket()) == LatencyHistogram.boundNanos(i)) {
                    shown.set(i);
                }
            }
        }
        List<Tag> extra =
                timer.getId().getConventionTags(of.config().namingConvention()).stream()
                        .filter(t -> !t.getKey().equals(MetricNames.TYPE))
                        .filter(t -> !t.getKey().equals(MetricNames.PROCESS_NAME))
                        .toList();
        String name = timer.getId().getConventionName(of.config().namingConvention());
        return new Shape(family, name, extra, shown);
    }

    @Override
    public MetricSnapshots collect() {
        List<MetricSnapshot> snapshots = new ArrayList<>();
        for (Shape shape : shapes) {
            HistogramSnapshot.Builder family =
                    HistogramSnapshot.builder()
                            .name(shape.name())
                            .help(shape.family().description());
            boolean any = false;
            for (LatencySeries series : shape.family().series().get()) {
                family.dataPoint(point(shape, series));
                any = true;
            }
            if (any) {
                snapshots.add(family.build());
            }
        }
        return new MetricSnapshots(snapshots);
    }

    private static HistogramSnapshot.HistogramDataPointSnapshot point(
            Shape shape, LatencySeries series) {
        Labels labels =
                Labels.of(
                        MetricNames.TYPE,
                        series.type(),
                        MetricNames.PROCESS_NAME,
                        series.process());
        for (Tag tag : shape.extra()) {
            labels = labels.add(tag.getKey(), tag.getValue());
        }
        return HistogramSnapshot.HistogramDataPointSnapshot.builder()
                .classicHistogramBuckets(buckets(shape.shown(), series.values()))
                .sum(series.values().sumNanos / 1e9)
                .labels(labels)
                .build();
    }

    private static ClassicHistogramBuckets buckets(BitSet shown, Latencies values) {
        ClassicHistogramBuckets.Builder buckets = ClassicHistogramBuckets.builder();
        long sinceLast = 0;
        for (int i = 0; i < LatencyHistogram.BUCKETS; i++) {
            sinceLast += values.buckets[i];
            if (shown.get(i)) {
                buckets.bucket(LatencyHistogram.boundNanos(i) / 1e9, sinceLast);
                sinceLast = 0;
            }
        }
        return buckets.bucket(Double.POSITIVE_INFINITY, sinceLast + values.beyond()).build();
    }

    @Override
    public void close() {
        registry.unregister(this);
    }
}
