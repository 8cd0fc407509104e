package io.flowscope.obs;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.config.NamingConvention;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What trackers count themselves of flows that have ended, on a Prometheus page: each histogram and
 * its maximum, exactly as the registry would show them for its own meters.
 */
final class PrometheusFlows implements MultiCollector, AutoCloseable {
    private final PrometheusRegistry registry;
    private final NamingConvention naming;

    /** By name as it is shown. */
    private final Map<String, List<OwnHistogram>> families = new LinkedHashMap<>();

    private PrometheusFlows(MeterRegistry of, OwnHistograms histograms) {
        registry = ((PrometheusMeterRegistry) of).getPrometheusRegistry();
        naming = of.config().namingConvention();
        for (OwnHistogram histogram : histograms.all()) {
            String name = histogram.meter().getId().getConventionName(naming);
            families.computeIfAbsent(name, n -> new ArrayList<>()).add(histogram);
        }
    }

    static AutoCloseable register(MeterRegistry of, OwnHistograms histograms) {
        PrometheusFlows flows = new PrometheusFlows(of, histograms);
        flows.registry.register(flows);
        return flows;
    }

    @Override
    public MetricSnapshots collect() {
        List<MetricSnapshot> snapshots = new ArrayList<>();
        families.forEach(
                (name, histograms) -> {
                    Meter first = histograms.getFirst().meter();
                    String help = Objects.requireNonNull(first.getId().getDescription());
                    HistogramSnapshot.Builder points =
                            HistogramSnapshot.builder().name(name).help(help);
                    GaugeSnapshot.Builder maxima =
                            GaugeSnapshot.builder().name(name + "_max").help(help);
                    for (OwnHistogram each : histograms) {
                        Labels labels = labels(each);
                        points.dataPoint(point(each, labels));
                        maxima.dataPoint(
                                GaugeDataPointSnapshot.builder()
                                        .value(each.max())
                                        .labels(labels)
                                        .build());
                    }
                    snapshots.add(points.build());
                    snapshots.add(maxima.build());
                });
        return new MetricSnapshots(snapshots);
    }

    private Labels labels(OwnHistogram of) {
        Labels labels = Labels.EMPTY;
        for (Tag tag : of.meter().getId().getConventionTags(naming)) {
            labels = labels.add(tag.getKey(), tag.getValue());
        }
        return labels;
    }

    private static HistogramDataPointSnapshot point(OwnHistogram of, Labels labels) {
        long[] sums = of.sums();
        double[] bounds = of.bounds();
        ClassicHistogramBuckets.Builder buckets = ClassicHistogramBuckets.builder();
        for (int i = 0; i < bounds.length; i++) {
            buckets.bucket(bounds[i], sums[i]);
        }
        buckets.bucket(Double.POSITIVE_INFINITY, sums[bounds.length]);
        return HistogramDataPointSnapshot.builder()
                .classicHistogramBuckets(buckets.build())
                .sum(of.inUnits(sums[bounds.length + 1]))
                .labels(labels)
                .build();
    }

    @Override
    public void close() {
        registry.unregister(this);
    }
}
