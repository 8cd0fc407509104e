package io.flowscope.obs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flowscope.tracker.FlowTracker;
import io.flowscope.tracker.Side;
import io.flowscope.tracker.TrackerOptions;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Histograms that trackers count themselves are those that the registry's own meters would be. */
class OwnHistogramsTest {
    private static final String OURS = ".*flowscope_(flow_|reassembler_).*";
    private static final List<String> TYPES =
            List.of(
                    "text/plain; version=0.0.4; charset=utf-8",
                    "application/openmetrics-text; version=1.0.0; charset=utf-8");

    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open.reversed()) {
            each.close();
        }
    }

    private static PrometheusMeterRegistry registry(MeterFilter... filters) {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        for (MeterFilter filter : filters) {
            registry.config().meterFilter(filter);
        }
        return registry;
    }

    private FlowMetrics bind(MeterRegistry registry) {
        FlowMetrics metrics = FlowMetrics.bind(registry, MetricsOptions.defaults());
        open.add(metrics);
        return metrics;
    }

    private FlowTracker tracker(FlowMetrics metrics) {
        TrackerOptions options =
                TrackerOptions.builder()
                        .maxFlows(100)
                        .closeLinger(Duration.ZERO)
                        .metricsHook(metrics.hook())
                        .build();
        FlowTracker tracker = new FlowTracker(options);
        open.add(tracker);
        return tracker;
    }

    private static List<String> lines(PrometheusMeterRegistry registry, String type) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            registry.scrape(bytes, type);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toString(java.nio.charset.StandardCharsets.UTF_8)
                .lines()
                .filter(l -> l.matches(OURS))
                .collect(Collectors.toList());
    }

    /** Feeds the same to our histograms and to a registry's own meters; both pages. */
    private void compare(long seed, MeterFilter... filters) {
        PrometheusMeterRegistry theirs = registry(filters);
        FlowscopeNaming.install(theirs, "flowscope_");
        var duration = FlowMeters.duration(theirs);
        var packets = FlowMeters.packets(theirs);
        var bytes = FlowMeters.bytes(theirs);
        var initiators = FlowMeters.highWatermark(theirs, Side.INITIATOR);
        var responders = FlowMeters.highWatermark(theirs, Side.RESPONDER);

        TrackerTotals totals = new TrackerTotals();
        PrometheusMeterRegistry registry = registry(filters);
        FlowscopeNaming.install(registry, "flowscope_");
        try (Leaf leaf = new Leaf(registry)) {
            leaf.bind(totals, List.of());
            FlowMeters meters = leaf.flows();
            FlowBuckets first = meters.own().open();
            FlowBuckets second = meters.own().open();
            for (String type : TYPES) {
                assertEquals(lines(theirs, type), lines(registry, type), "before any flow");
            }
            Random random = new Random(seed);
            for (int i = 0; i < 2000; i++) {
                // Bounds themselves and what is next to them are as likely as anything else.
                long nanos = near(random, 100_000_000L);
                long flowPackets = near(random, 1);
                long flowBytes = near(random, random.nextBoolean() ? 1500 : 64_000);
                int side = random.nextInt(2);
                for (var to : List.of(random.nextBoolean() ? first : second, meters)) {
                    to.flow(nanos, flowPackets, flowBytes);
                    to.highWatermark(side, flowBytes);
                }
                duration.record(nanos, TimeUnit.NANOSECONDS);
                packets.record((double) flowPackets);
                bytes.record((double) flowBytes);
                (side == 0 ? initiators : responders).record((double) flowBytes);
                if (i == 1000) {
                    meters.own().close(first);
                    first = meters.own().open();
                }
            }
            for (String type : TYPES) {
                List<String> expected = lines(theirs, type);
                assertTrue(expected.size() > 20, expected + " to compare");
                assertEquals(expected, lines(registry, type));
            }
        }
        assertEquals(List.of(), lines(registry, TYPES.getFirst()), "all gone");
    }

    private static long near(Random random, long first) {
        long value = first;
        for (int i = random.nextInt(7); i > 0; i--) {
            value *= 10;
        }
        return value + random.nextInt(3) - 1;
    }

    @Test
    void aPageIsWhatTheRegistrysOwnMetersMakeOfIt() {
        for (long seed = 1; seed <= 3; seed++) {
            compare(seed);
        }
    }

    private static MeterFilter shape(String meter, DistributionStatisticConfig.Builder shape) {
        return new MeterFilter() {
            @Override
            public DistributionStatisticConfig configure(
                    Meter.Id id, DistributionStatisticConfig config) {
                return id.getName().equals(meter) ? shape.build().merge(config) : config;
            }
        };
    }

    @Test
    void aRegistrysFiltersAreObeyed() {
        compare(
                4,
                shape(
                        MetricNames.FLOW_BYTES,
                        DistributionStatisticConfig.builder()
                                .serviceLevelObjectives(42, 1500.5, 64_000)),
                shape(
                        MetricNames.FLOW_DURATION,
                        DistributionStatisticConfig.builder()
                                .serviceLevelObjectives(2e9)
                                .expiry(Duration.ofMinutes(9))),
                MeterFilter.deny(id -> id.getName().equals(MetricNames.FLOW_PACKETS)),
                MeterFilter.commonTags(List.of(io.micrometer.core.instrument.Tag.of("b", "c"))));
    }

    @Test
    void whatBucketsCannotShowIsLeftToTheRegistrysOwnMeter() {
        MeterFilter percentiles =
                shape(
                        MetricNames.FLOW_PACKETS,
                        DistributionStatisticConfig.builder().percentiles(0.5));
        MeterFilter many =
                shape(
                        MetricNames.FLOW_BYTES,
                        DistributionStatisticConfig.builder().percentilesHistogram(true));
        MeterFilter none =
                shape(
                        MetricNames.FLOW_DURATION,
                        DistributionStatisticConfig.builder().serviceLevelObjectives());
        compare(5, percentiles, many, none);
    }

    @Test
    void trackersCountForEachRegistryFromWhenItJoined() {
        PrometheusMeterRegistry first = registry();
        CompositeMeterRegistry composite = new CompositeMeterRegistry();
        composite.add(first);
        FlowMetrics metrics = bind(composite);
        FlowTracker one = tracker(metrics);
        new Traffic(one).connection("10.0.0.1", 1, "10.0.0.2", 80, 20, 10, 100, 2000);
        PrometheusMeterRegistry second = registry();
        SimpleMeterRegistry third = new SimpleMeterRegistry();
        composite.add(second);
        composite.add(third);
        metrics.refresh();
        FlowTracker two = tracker(metrics);
        new Traffic(one).connection("10.0.0.1", 2, "10.0.0.2", 80, 20, 10, 100, 2000);
        new Traffic(two).connection("10.0.0.1", 1, "10.0.0.2", 80, 20, 10, 100, 2000);
        one.close();
        metrics.refresh();
        assertEquals(3, flows(first));
        assertEquals(2, flows(second));
        assertEquals(2, third.get(MetricNames.FLOW_PACKETS).summary().count());
        composite.remove(first);
        metrics.refresh();
        new Traffic(two).connection("10.0.0.1", 2, "10.0.0.2", 80, 20, 10, 100, 2000);
        metrics.refresh();
        assertEquals(3, flows(second));
        assertEquals(3, third.get(MetricNames.FLOW_PACKETS).summary().count());
        assertFalse(new Scrape(first.scrape()).has("flowscope_flow_packets_count"));
    }

    private static double flows(PrometheusMeterRegistry registry) {
        return new Scrape(registry.scrape()).value("flowscope_flow_packets_count");
    }

    @Test
    void aMaximumIsHandedOverOnceWhileOneThreadCountsAndAnotherAsks() throws Exception {
        Buckets buckets = new Buckets(new long[] {10, 100});
        int samples = 200_000;
        Thread counting =
                Thread.ofPlatform()
                        .start(
                                () -> {
                                    for (int i = 1; i <= samples; i++) {
                                        buckets.record(i);
                                    }
                                });
        long most = -1;
        while (counting.isAlive()) {
            long taken = buckets.takeMost();
            assertTrue(taken < 0 || taken > most, taken + " after " + most);
            most = Math.max(most, taken);
        }
        assertEquals(samples, Math.max(most, buckets.takeMost()));
        assertTrue(buckets.takeMost() < 0);
        long[] sums = new long[4];
        buckets.addTo(sums);
        assertEquals(
                List.of(10L, 90L, samples - 100L, samples * (samples + 1L) / 2),
                java.util.Arrays.stream(sums).boxed().toList());
    }
}
