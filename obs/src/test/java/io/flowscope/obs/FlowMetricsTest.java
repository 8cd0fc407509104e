package io.flowscope.obs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flowscope.tracker.AnomalyKind;
import io.flowscope.tracker.EndReason;
import io.flowscope.tracker.FlowHook;
import io.flowscope.tracker.FlowTracker;
import io.flowscope.tracker.TrackerCounters;
import io.flowscope.tracker.TrackerOptions;
import io.flowscope.tracker.Transport;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

class FlowMetricsTest {
    private static final String CLIENT = "10.0.0.1";
    private static final String SERVER = "10.0.0.2";

    private final PrometheusMeterRegistry registry =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open.reversed()) {
            each.close();
        }
    }

    private FlowMetrics bind(MeterRegistry to, MetricsOptions options) {
        FlowMetrics metrics = FlowMetrics.bind(to, options);
        open.add(metrics);
        return metrics;
    }

    private FlowTracker tracker(FlowMetrics metrics) {
        FlowTracker tracker =
                new FlowTracker(
                        TrackerOptions.builder()
                                .maxFlows(1000)
                                .closeLinger(Duration.ZERO)
                                .metricsHook(metrics.hook())
                                .build());
        open.add(tracker);
        return tracker;
    }

    private Scrape scrape(FlowMetrics metrics) {
        metrics.refresh();
        return new Scrape(registry.scrape());
    }

    private static MetricsOptions.Builder local(String... addresses) {
        return MetricsOptions.builder()
                .localAddresses(
                        () ->
                                List.of(addresses).stream()
                                        .map(
                                                a -> {
                                                    try {
                                                        return InetAddress.getByName(a);
                                                    } catch (java.net.UnknownHostException e) {
                                                        throw new IllegalArgumentException(e);
                                                    }
                                                })
                                        .toList());
    }

    @Test
    void valuesEqualTheTrackersOwn() {
        FlowMetrics metrics = bind(registry, MetricsOptions.defaults());
        FlowTracker tracker = tracker(metrics);
        Traffic traffic = new Traffic(tracker);
        traffic.connection(CLIENT, 1, SERVER, 80, 20, 10, 100, 2000);
        traffic.connection(CLIENT, 2, SERVER, 80, 20, 10, 100, 2000);
        traffic.handshake(CLIENT, 3, SERVER, 80, 3, 2);
        traffic.tcp(SERVER, 80, CLIENT, 3, Traffic.RST, 201, 0, 0);
        traffic.udp(CLIENT, 5, SERVER, 53, 40);
        traffic.ping(CLIENT, SERVER);
        traffic.nonsense();
        traffic.handshake("2001:db8::1", 9, "2001:db8::2", 443, 1, 1);
        traffic.tcp("2001:db8::1", 9, "2001:db8::2", 443, Traffic.PSH_ACK, 201, 201, 10);
        traffic.tcp("2001:db8::1", 9, "2001:db8::2", 443, Traffic.PSH_ACK, 101, 201, 10);

        Scrape scrape = scrape(metrics);
        TrackerCounters counters = tracker.counters();
        for (Transport transport : Transport.values()) {
            assertEquals(
                    (double) counters.created(transport),
                    scrape.value("flowscope_flows_created_total{l4=" + transport.label() + "}"));
        }
        for (EndReason reason : EndReason.values()) {
            assertEquals(
                    (double) counters.ended(reason),
                    scrape.value("flowscope_flows_ended_total{reason=" + reason.label() + "}"));
        }
        for (AnomalyKind kind : AnomalyKind.values()) {
            assertEquals(
                    (double) counters.anomalies(kind),
                    scrape.value("flowscope_anomalies_total{kind=" + kind.label() + "}"));
        }
        assertEquals(1, counters.anomalies(AnomalyKind.OOO_SEGMENT));
        assertEquals((double) counters.live(), scrape.value("flowscope_flows_active"));
        assertEquals(3, counters.live());
        assertEquals(1, scrape.value("flowscope_packets_unmatched_total"));
        assertEquals(3, scrape.value("flowscope_flow_packets_count"));
        assertEquals(8 + 8 + 4, scrape.value("flowscope_flow_packets_sum"));
        assertEquals(3, scrape.value("flowscope_flow_packets_bucket{le=10.0}"));
        assertEquals(3, scrape.value("flowscope_flow_duration_seconds_count"));
        assertEquals(3, scrape.value("flowscope_flow_duration_seconds_bucket{le=0.1}"));
        assertEquals(0.065, scrape.value("flowscope_flow_duration_seconds_sum"), 1e-9);
        // A connection's initiator sends five headers of 54 bytes and 100 bytes; the third one two.
        assertEquals(
                2 * (5 * 54 + 100) + 2 * 54, scrape.value("flowscope_bytes_total{side=initiator}"));
        assertEquals(
                scrape.value("flowscope_flow_bytes_sum"),
                scrape.value("flowscope_bytes_total{side=initiator}")
                        + scrape.value("flowscope_bytes_total{side=responder}"));
    }

    @Test
    void roundTripsAndConnectLatenciesAreHistograms() {
        FlowMetrics metrics = bind(registry, MetricsOptions.defaults());
        Traffic traffic = new Traffic(tracker(metrics));
        traffic.handshake(CLIENT, 1, SERVER, 80, 20, 10);
        traffic.handshake(CLIENT, 2, SERVER, 80, 0, 0);
        Scrape scrape = scrape(metrics);
        String labels = "{process_name=unknown,type=NET}";
        assertEquals(2, scrape.value("flowscope_latency_seconds_count" + labels));
        assertEquals(0.020, scrape.value("flowscope_latency_seconds_sum" + labels), 1e-12);
        assertEquals(
                1,
                scrape.value(
                        "flowscope_latency_seconds_bucket{le=0.0128,process_name=unknown,type=NET}"));
        assertEquals(
                2,
                scrape.value(
                        "flowscope_latency_seconds_bucket{le=0.0256,process_name=unknown,type=NET}"));
        assertEquals(2, scrape.value("flowscope_rtt_seconds_count" + labels));
        assertEquals(0.030, scrape.value("flowscope_rtt_seconds_sum" + labels), 1e-12);
        assertEquals(0, scrape.value("flowscope_rtt_latest_seconds" + labels), 1e-12);
        assertEquals("histogram", scrape.types.get("flowscope_rtt_seconds"));
        long buckets =
                scrape.samples.keySet().stream()
                        .filter(s -> s.startsWith("flowscope_rtt_seconds_bucket"))
                        .count();
        assertEquals(21, buckets);
    }

    @Test
    void latestValuesVanishAfterFiveMinutesAndComeBack() {
        FlowMetrics metrics = bind(registry, MetricsOptions.defaults());
        Traffic traffic = new Traffic(tracker(metrics));
        traffic.handshake(CLIENT, 1, SERVER, 80, 20, 10);
        String latest = "flowscope_latency_latest_seconds{process_name=unknown,type=NET}";
        long start = System.nanoTime();
        metrics.refresh(start);
        assertEquals(0.020, new Scrape(registry.scrape()).value(latest), 1e-12);
        metrics.refresh(start + TimeUnit.SECONDS.toNanos(299));
        assertTrue(new Scrape(registry.scrape()).has(latest));
        metrics.refresh(start + TimeUnit.SECONDS.toNanos(300));
        assertFalse(new Scrape(registry.scrape()).has(latest));
        assertTrue(
                new Scrape(registry.scrape())
                        .has("flowscope_latency_seconds_count{process_name=unknown,type=NET}"));
        traffic.handshake(CLIENT, 2, SERVER, 80, 40, 10);
        metrics.refresh(start + TimeUnit.SECONDS.toNanos(301));
        assertEquals(0.040, new Scrape(registry.scrape()).value(latest), 1e-12);
    }

    @Test
    void networkBytesGrowWhileTheFlowLives() {
        FlowMetrics metrics = bind(registry, local(CLIENT, "2001:db8::7").build());
        Traffic traffic = new Traffic(tracker(metrics));
        traffic.udp(CLIENT, 1, SERVER, 2, 100);
        traffic.udp(SERVER, 2, CLIENT, 1, 30);
        String send = "flowscope_network_bytes_total{direction=send,process_name=unknown,type=NET}";
        String recv = "flowscope_network_bytes_total{direction=recv,process_name=unknown,type=NET}";
        assertEquals(100, scrape(metrics).value(send));
        assertEquals(30, scrape(metrics).value(recv));
        traffic.udp(CLIENT, 1, SERVER, 2, 5);
        traffic.udp("192.0.2.1", 1, "192.0.2.2", 2, 1000);
        assertEquals(105, scrape(metrics).value(send), "transit is not counted");
        traffic.udp("127.0.0.1", 1, "127.0.0.2", 2, 7);
        assertEquals(112, scrape(metrics).value(send));
        assertEquals(37, scrape(metrics).value(recv), "on-host traffic counts on each side");
        traffic.udp("2001:db8::7", 1, "2001:db8::8", 2, 3);
        assertEquals(115, scrape(metrics).value(send));
    }

    @Test
    void countersNeverGoBackWhenATrackerCloses() {
        FlowMetrics metrics = bind(registry, local(CLIENT).build());
        FlowTracker first = tracker(metrics);
        new Traffic(first).connection(CLIENT, 1, SERVER, 80, 20, 10, 100, 2000);
        new Traffic(first).handshake(CLIENT, 2, SERVER, 80, 20, 10);
        FlowTracker second = tracker(metrics);
        new Traffic(second).udp(CLIENT, 1, SERVER, 80, 20);
        Scrape before = scrape(metrics);
        first.close();
        Scrape after = scrape(metrics);
        before.samples.forEach(
                (series, value) -> {
                    if (!series.startsWith("flowscope_flows_active")) {
                        assertTrue(after.value(series) >= value, series);
                    }
                });
        assertEquals(1, after.value("flowscope_flows_active"));
        assertEquals(2, after.value("flowscope_flows_created_total{l4=tcp}"));
        assertEquals(1, after.value("flowscope_flows_created_total{l4=udp}"));
        assertEquals(2, after.value("flowscope_flow_duration_seconds_count"));
    }

    @Test
    void whatIsRegisteredIsHeld() {
        FlowMetrics metrics = bind(registry, MetricsOptions.defaults());
        Traffic traffic = new Traffic(tracker(metrics));
        traffic.udp(CLIENT, 1, SERVER, 2, 100);
        for (int i = 0; i < 5; i++) {
            System.gc();
        }
        assertEquals(1, scrape(metrics).value("flowscope_flows_created_total{l4=udp}"));
    }

    @Test
    void everyFamilyIsDescribedAndMaximaAreToo() {
        FlowMetrics metrics = bind(registry, local(CLIENT).build());
        Traffic traffic = new Traffic(tracker(metrics));
        traffic.connection(CLIENT, 1, SERVER, 80, 20, 10, 100, 2000);
        Scrape scrape = scrape(metrics);
        scrape.types.keySet().forEach(t -> assertFalse(scrape.help.get(t).isBlank(), t));
        assertTrue(scrape.help.containsKey("flowscope_flow_duration_seconds_max"));
    }

    @Test
    void thePrefixOfTheSecondHalfIsAChoice() {
        FlowMetrics metrics = bind(registry, local(CLIENT).prefix("podtrace_").build());
        Traffic traffic = new Traffic(tracker(metrics));
        traffic.handshake(CLIENT, 1, SERVER, 80, 20, 10);
        traffic.udp(CLIENT, 1, SERVER, 80, 20);
        Scrape scrape = scrape(metrics);
        assertTrue(scrape.has("podtrace_rtt_seconds_count{process_name=unknown,type=NET}"));
        assertTrue(
                scrape.has(
                        "podtrace_network_bytes_total{direction=send,process_name=unknown,type=NET}"));
        assertTrue(scrape.has("flowscope_flows_active"));
        assertFalse(scrape.types.containsKey("flowscope_rtt_seconds"));
    }

    @Test
    void bucketsTagsAndNamesAreTheRegistrysToFilter() {
        registry.config()
                .commonTags("app", "shop")
                .meterFilter(
                        new MeterFilter() {
                            @Override
                            public DistributionStatisticConfig configure(
                                    Meter.Id id, DistributionStatisticConfig config) {
                                double[] bounds =
                                        switch (id.getName()) {
                                            case "flowscope_flow_bytes" -> new double[] {42};
                                            case "flowscope_rtt_seconds" ->
                                                    new double[] {200_000, 51_200_000};
                                            default -> null;
                                        };
                                return bounds == null
                                        ? config
                                        : DistributionStatisticConfig.builder()
                                                .serviceLevelObjectives(bounds)
                                                .build()
                                                .merge(config);
                            }
                        })
                .meterFilter(MeterFilter.denyNameStartsWith("flowscope_latency_seconds"));
        FlowMetrics metrics = bind(registry, MetricsOptions.defaults());
        Traffic traffic = new Traffic(tracker(metrics));
        traffic.connection(CLIENT, 1, SERVER, 80, 20, 10, 100, 2000);
        Scrape scrape = scrape(metrics);
        assertEquals(0, scrape.value("flowscope_flow_bytes_bucket{app=shop,le=42.0}"));
        assertFalse(scrape.has("flowscope_flow_bytes_bucket{app=shop,le=1500.0}"));
        assertEquals(
                List.of(
                        "flowscope_rtt_seconds_bucket{app=shop,le=+Inf,process_name=unknown,type=NET}",
                        "flowscope_rtt_seconds_bucket{app=shop,le=0.0512,process_name=unknown,type=NET}",
                        "flowscope_rtt_seconds_bucket{app=shop,le=2.0E-4,process_name=unknown,type=NET}"),
                scrape.samples.keySet().stream()
                        .filter(s -> s.startsWith("flowscope_rtt_seconds_bucket"))
                        .sorted()
                        .toList());
        assertFalse(scrape.types.containsKey("flowscope_latency_seconds"));
    }

    @Test
    void otherRegistriesGetCountAndSum() {
        SimpleMeterRegistry simple = new SimpleMeterRegistry();
        FlowMetrics metrics = bind(simple, MetricsOptions.defaults());
        Traffic traffic = new Traffic(tracker(metrics));
        traffic.connection(CLIENT, 1, SERVER, 80, 20, 10, 100, 2000);
        metrics.refresh();
        assertEquals(
                1,
                simple.get("flowscope_flows_ended_total")
                        .tag("reason", "fin")
                        .functionCounter()
                        .count());
        assertEquals(1, simple.get("flowscope_flow_duration_seconds").timer().count());
        assertEquals(
                20,
                simple.get("flowscope_latency_seconds")
                        .functionTimer()
                        .totalTime(TimeUnit.MILLISECONDS),
                1e-9);
    }

    @Test
    void aCompositesRegistriesAreBoundAlsoWhenTheyJoinLater() {
        CompositeMeterRegistry composite = new CompositeMeterRegistry();
        composite.add(registry);
        FlowMetrics metrics = bind(composite, MetricsOptions.defaults());
        Traffic traffic = new Traffic(tracker(metrics));
        traffic.udp(CLIENT, 1, SERVER, 2, 100);
        assertEquals(1, scrape(metrics).value("flowscope_flows_created_total{l4=udp}"));
        PrometheusMeterRegistry late = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        composite.add(late);
        metrics.refresh();
        assertEquals(1, new Scrape(late.scrape()).value("flowscope_flows_created_total{l4=udp}"));
        composite.remove(registry);
        assertTrue(scrape(metrics).samples.isEmpty(), "what has left is let go");
    }

    @Test
    void closingTakesEverythingOut() {
        FlowMetrics metrics = bind(registry, local(CLIENT).build());
        FlowTracker tracker = tracker(metrics);
        new Traffic(tracker).connection(CLIENT, 1, SERVER, 80, 20, 10, 100, 2000);
        metrics.captureSource("eth0", () -> new CaptureNumbers(1, 2, 3));
        assertFalse(scrape(metrics).samples.isEmpty());
        metrics.close();
        assertEquals("", registry.scrape());
        new Traffic(tracker).connection(CLIENT, 2, SERVER, 80, 20, 10, 100, 2000);
        FlowMetrics again = bind(registry, local(CLIENT).build());
        assertEquals(0, scrape(again).value("flowscope_flows_created_total{l4=tcp}"));
    }

    @Test
    void aRegistryIsBoundOnce() {
        MetricsOptions options = MetricsOptions.defaults();
        FlowMetrics metrics = bind(registry, options);
        assertEquals(metrics, FlowMetrics.bind(registry, MetricsOptions.defaults()));
        assertThrows(
                IllegalStateException.class,
                () -> FlowMetrics.bind(registry, MetricsOptions.builder().processes(3).build()));
    }

    @Test
    void aHookServesOneTracker() {
        FlowMetrics metrics = bind(registry, MetricsOptions.defaults());
        FlowHook hook = metrics.hook();
        TrackerOptions options = TrackerOptions.builder().maxFlows(10).metricsHook(hook).build();
        open.add(new FlowTracker(options));
        assertThrows(IllegalStateException.class, () -> new FlowTracker(options));
    }

    @Test
    void trackersWithoutAHookReportToTheGlobalRegistry() {
        Metrics.addRegistry(registry);
        FlowMetrics global = FlowMetrics.of(Metrics.globalRegistry);
        open.add(global);
        String flows = "flowscope_flows_created_total{l4=udp}";
        double before =
                scrape(global).value(flows); // other tests' trackers may have reported there
        try (FlowTracker tracker = new FlowTracker(TrackerOptions.builder().maxFlows(10).build())) {
            new Traffic(tracker).udp(CLIENT, 1, SERVER, 2, 100);
            assertEquals(before + 1, scrape(global).value(flows));
        } finally {
            Metrics.removeRegistry(registry);
        }
    }

    @Test
    void sourcesOfPacketsAreReportedAndKeepTheirLastNumbers() throws Exception {
        FlowMetrics metrics = bind(registry, MetricsOptions.builder().sources(2).build());
        long[] numbers = {100, 25, 3};
        AutoCloseable source =
                metrics.captureSource(
                        "eth0", () -> new CaptureNumbers(numbers[0], numbers[1], numbers[2]));
        metrics.captureSource("eth1", () -> new CaptureNumbers(0, 0, 0));
        metrics.captureSource("eth2", () -> new CaptureNumbers(7, 0, 0));
        metrics.captureSource("eth3", () -> new CaptureNumbers(8, 0, 0));
        metrics.captureSource(
                "eth0",
                () -> {
                    throw new IllegalStateException("closed");
                });
        Scrape scrape = scrape(metrics);
        assertEquals(100, scrape.value("flowscope_capture_packets_total{source=eth0}"));
        assertEquals(25, scrape.value("flowscope_capture_drops_total{source=eth0}"));
        assertEquals(3, scrape.value("flowscope_capture_freezes_total{source=eth0}"));
        assertEquals(0.25, scrape.value("flowscope_capture_drop_ratio{source=eth0}"));
        assertEquals(0, scrape.value("flowscope_capture_drop_ratio{source=eth1}"));
        assertEquals(15, scrape.value("flowscope_capture_packets_total{source=other}"));
        numbers[0] = 200;
        source.close();
        numbers[0] = 0;
        assertEquals(200, scrape(metrics).value("flowscope_capture_packets_total{source=eth0}"));
    }

    @Test
    void everyMistakeInTheOptionsIsNamedAtOnce() {
        IllegalArgumentException e =
                assertThrows(
                        IllegalArgumentException.class,
                        () ->
                                MetricsOptions.builder()
                                        .prefix("9")
                                        .processes(0)
                                        .sources(-1)
                                        .build());
        for (String name : List.of("prefix:", "processes:", "sources:")) {
            assertTrue(e.getMessage().contains(name), e.getMessage());
        }
        assertNotNull(MetricsOptions.defaults());
    }

    @Test
    void aFunctionThatFailsLeavesThePageAndItsLastAnswerInForce() throws Exception {
        AtomicBoolean fails = new AtomicBoolean();
        List<InetAddress> own = List.of(InetAddress.getByName(CLIENT));
        FlowMetrics metrics =
                bind(
                        registry,
                        MetricsOptions.builder()
                                .localAddresses(
                                        () -> {
                                            if (fails.get()) {
                                                throw new IllegalStateException("no list");
                                            }
                                            return own;
                                        })
                                .build());
        fails.set(true);
        String page = new String(new PrometheusPage(registry, metrics).apply("").body());
        assertTrue(page.contains("flowscope_flows_active 0"), page);
        assertTrue(metrics.addresses().contains(4, 0, 0x0a000001), "the last good ones");
        RuntimeException problem = metrics.problem();
        assertNotNull(problem);
        assertEquals("no list", problem.getMessage());
        fails.set(false);
        metrics.refresh();
        assertNull(metrics.problem());
    }
}
