package io.flowscope.obs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flowscope.obs.resources.AlertThresholds;
import io.flowscope.obs.resources.ControlGroup;
import io.flowscope.obs.resources.ResourceMonitor;
import io.flowscope.obs.teams.TeamTable;
import io.flowscope.obs.teams.Teams;
import io.flowscope.tracker.FlowTracker;
import io.flowscope.tracker.TrackerOptions;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

class TeamsAndResourcesTest {
    private final PrometheusMeterRegistry registry =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final List<AutoCloseable> open = new ArrayList<>();
    @TempDir private Path folder;

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open.reversed()) {
            each.close();
        }
    }

    private FlowMetrics bind(MetricsOptions.Builder options) {
        FlowMetrics metrics = FlowMetrics.bind(registry, options.build());
        open.add(metrics);
        return metrics;
    }

    private FlowTracker tracker(FlowMetrics metrics) {
        FlowTracker tracker =
                new FlowTracker(
                        TrackerOptions.builder()
                                .maxFlows(10_000)
                                .metricsHook(metrics.hook())
                                .build());
        open.add(tracker);
        return tracker;
    }

    private Scrape scrape(FlowMetrics metrics) {
        metrics.refresh();
        return new Scrape(registry.scrape());
    }

    private static String live(String team, String l4) {
        return "flowscope_team_resources{resource_type=" + l4 + ",team=" + team + "}";
    }

    private static String crossing(String from, String to, String l4) {
        return "flowscope_cross_team_access_attempts_total{from_team="
                + from
                + ",resource_type="
                + l4
                + ",to_team="
                + to
                + "}";
    }

    @Test
    void liveFlowsAndCrossingsByTeam() throws IOException {
        Path file = folder.resolve("teams");
        Files.writeString(file, "10.1.0.0/16 shop\n10.2.0.0/16 pay\n2001:db8::/32 pay\n");
        FlowMetrics metrics = bind(MetricsOptions.builder().teams(Teams.read(file)));
        FlowTracker tracker = tracker(metrics);
        Traffic traffic = new Traffic(tracker);
        traffic.udp("10.1.0.1", 1, "10.2.0.1", 2, 1);
        traffic.udp("10.1.0.1", 1, "10.2.0.1", 2, 1);
        traffic.udp("10.1.0.1", 2, "10.1.0.2", 2, 1);
        traffic.ping("10.2.0.1", "10.1.0.9");
        traffic.udp("192.0.2.1", 2, "192.0.2.2", 2, 1);
        traffic.handshake("2001:db8::1", 1, "2001:db8::2", 80, 1, 1);
        traffic.udp("192.0.2.1", 2, "10.1.0.1", 2, 1);

        Scrape scrape = scrape(metrics);
        assertEquals(3, scrape.value(live("shop", "udp")));
        assertEquals(1, scrape.value(live("pay", "udp")));
        assertEquals(1, scrape.value(live("pay", "tcp")));
        assertEquals(1, scrape.value(live("shop", "other")));
        assertEquals(0, scrape.value(live("shop", "tcp")));
        assertEquals(2, scrape.value(live("unknown", "udp")));
        assertEquals(1, scrape.value(crossing("shop", "pay", "udp")));
        assertEquals(1, scrape.value(crossing("pay", "shop", "other")));
        assertFalse(
                scrape.samples.keySet().stream()
                        .anyMatch(s -> s.contains("cross_team") && s.contains("unknown")));

        // Flows leave the team that they were counted for, whatever the table says by then.
        Files.writeString(file, "10.1.0.0/16 storage\n");
        scrape(metrics);
        tracker.finish();
        Scrape after = scrape(metrics);
        assertEquals(0, after.value(live("shop", "udp")));
        assertEquals(0, after.value(live("storage", "udp")));
        assertFalse(after.has(live("unknown", "udp")));
        traffic.udp("10.1.0.1", 1, "10.2.0.1", 2, 1);
        assertEquals(1, scrape(metrics).value(live("storage", "udp")));
    }

    @Test
    void teamsAndPairsStayBounded() {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            lines.add("10.0." + i + ".0/24 team" + i);
        }
        FlowMetrics metrics =
                bind(
                        MetricsOptions.builder()
                                .teams(Teams.of(TeamTable.parse(lines)))
                                .teamNames(50)
                                .teamPairs(100));
        Traffic traffic = new Traffic(tracker(metrics));
        for (int from = 0; from < 60; from++) {
            for (int to = 0; to < 60; to++) {
                traffic.udp("10.0." + from + ".1", 1, "10.0." + to + ".2", 2, 1);
            }
        }
        Scrape scrape = scrape(metrics);
        long pairs = scrape.samples.keySet().stream().filter(s -> s.contains("cross_team")).count();
        assertEquals(101, pairs);
        double sum =
                scrape.samples.entrySet().stream()
                        .filter(s -> s.getKey().contains("cross_team"))
                        .mapToDouble(Map.Entry::getValue)
                        .sum();
        // Ten teams too many share a name, and still are different teams.
        assertEquals(60 * 60 - 60, sum);
        assertTrue(scrape.has(live("other", "udp")));
        assertFalse(scrape.has(live("team50", "udp")));
    }

    @Test
    void resourcesAreGaugesAndWhatIsNotLimitedHasNone() throws IOException {
        Files.writeString(folder.resolve("cgroup.controllers"), "");
        Files.writeString(folder.resolve("memory.max"), "1000\n");
        Files.writeString(folder.resolve("memory.current"), "1200\n");
        Files.writeString(folder.resolve("cpu.max"), "max 100000\n");
        Files.writeString(folder.resolve("cpu.stat"), "usage_usec 77\n");
        FlowMetrics metrics = bind(MetricsOptions.builder());
        ResourceMonitor monitor =
                new ResourceMonitor(
                        Map.of("shop", ControlGroup.at(folder)),
                        AlertThresholds.DEFAULT,
                        (before, now) -> {});
        metrics.resources(monitor);
        Scrape scrape = scrape(metrics);
        String memory = "{namespace=shop,resource_type=memory}";
        String cpu = "{namespace=shop,resource_type=cpu}";
        assertEquals(1000, scrape.value("flowscope_resource_limit_bytes" + memory));
        assertEquals(1200, scrape.value("flowscope_resource_usage_bytes" + memory));
        assertEquals(120, scrape.value("flowscope_resource_utilization_percent" + memory), 1e-9);
        assertEquals(3, scrape.value("flowscope_resource_alert_level" + memory));
        assertEquals(77, scrape.value("flowscope_resource_usage_bytes" + cpu));
        assertFalse(scrape.has("flowscope_resource_limit_bytes" + cpu));
        assertFalse(scrape.has("flowscope_resource_alert_level" + cpu));
        Files.writeString(folder.resolve("memory.max"), "max\n");
        metrics.refresh(System.nanoTime() + 6_000_000_000L);
        Scrape unlimited = new Scrape(registry.scrape());
        assertFalse(unlimited.has("flowscope_resource_limit_bytes" + memory));
        assertFalse(unlimited.has("flowscope_resource_utilization_percent" + memory));
        assertTrue(unlimited.has("flowscope_resource_usage_bytes" + memory));
    }

    @Test
    void flowsBetweenDifferentTeamsWithoutNamesOfTheirOwnCrossFromOtherToOther() {
        List<String> lines = List.of("10.1.0.0/16 a", "10.2.0.0/16 b", "10.3.0.0/16 c");
        FlowMetrics metrics =
                bind(
                        MetricsOptions.builder()
                                .teams(Teams.of(TeamTable.parse(lines)))
                                .teamNames(1)
                                .teamPairs(1));
        FlowTracker tracker = tracker(metrics);
        Traffic traffic = new Traffic(tracker);
        traffic.udp("10.2.0.1", 1, "10.3.0.1", 2, 1);
        traffic.udp("10.2.0.1", 1, "10.2.0.2", 2, 1);
        assertEquals(1, scrape(metrics).value(crossing("other", "other", "udp")));
        // Live flows have an end with others: each counts once, whosoever the ends are.
        assertEquals(2, scrape(metrics).value(live("other", "udp")));

        // The only place is free for a pair with a name; the pair behind it has none.
        traffic.udp("10.1.0.1", 1, "10.2.0.1", 2, 1);
        traffic.udp("10.3.0.1", 1, "10.1.0.1", 2, 1);
        Scrape scrape = scrape(metrics);
        assertEquals(1, scrape.value(crossing("a", "other", "udp")));
        assertEquals(2, scrape.value(crossing("other", "other", "udp")));
        assertEquals(4, scrape.value(live("other", "udp")));
        tracker.finish();
        assertFalse(scrape(metrics).has(live("other", "udp")));
    }

    /** A group with so much memory in use, without a limit if that is null. */
    private ControlGroup memory(String name, String limit, int usage) throws IOException {
        Path group = Files.createDirectories(folder.resolve(name));
        Files.writeString(group.resolve("cgroup.controllers"), "");
        Files.writeString(group.resolve("memory.max"), limit + "\n");
        Files.writeString(group.resolve("memory.current"), usage + "\n");
        return ControlGroup.at(group);
    }

    private static ResourceMonitor monitor(Map<String, ControlGroup> groups) {
        return new ResourceMonitor(groups, AlertThresholds.DEFAULT, (before, now) -> {});
    }

    private static String ofMemory(String what, String namespace) {
        return "flowscope_resource_" + what + "{namespace=" + namespace + ",resource_type=memory}";
    }

    @Test
    void ofSeveralOtherNamespacesTheWorstIsShownInWhateverOrderTheyCome() throws IOException {
        for (boolean unlimitedLast : new boolean[] {true, false}) {
            Map<String, ControlGroup> groups = new LinkedHashMap<>();
            groups.put("first", memory("first", "1000", 10));
            if (!unlimitedLast) {
                groups.put("free", memory("free", "max", 5));
            }
            groups.put("half", memory("half", "1000", 500));
            groups.put("full", memory("full", "1000", 960));
            if (unlimitedLast) {
                groups.put("free", memory("free", "max", 5));
            }
            FlowMetrics metrics = bind(MetricsOptions.builder().namespaces(1));
            metrics.resources(monitor(groups));
            Scrape scrape = scrape(metrics);
            assertEquals(1, scrape.value(ofMemory("utilization_percent", "first")), 1e-9);
            assertEquals(96, scrape.value(ofMemory("utilization_percent", "other")), 1e-9);
            assertEquals(1000, scrape.value(ofMemory("limit_bytes", "other")));
            assertEquals(3, scrape.value(ofMemory("alert_level", "other")));
            assertFalse(scrape.has(ofMemory("usage_bytes", "half")));
            metrics.close();
        }
    }

    @Test
    void monitorsShareNamesAndTheWorseOfOneNamespaceIsShown() throws IOException {
        FlowMetrics metrics = bind(MetricsOptions.builder().namespaces(2));
        metrics.resources(monitor(Map.of("shop", memory("a", "1000", 900))));
        metrics.resources(monitor(Map.of("shop", memory("b", "max", 7))));
        metrics.resources(monitor(Map.of("pay", memory("c", "1000", 100))));
        metrics.resources(monitor(Map.of("more", memory("d", "1000", 200))));
        for (int look = 0; look < 2; look++) {
            Scrape scrape = scrape(metrics);
            assertEquals(90, scrape.value(ofMemory("utilization_percent", "shop")), 1e-9);
            assertEquals(900, scrape.value(ofMemory("usage_bytes", "shop")));
            assertEquals(10, scrape.value(ofMemory("utilization_percent", "pay")), 1e-9);
            assertEquals(20, scrape.value(ofMemory("utilization_percent", "other")), 1e-9);
            assertFalse(scrape.has(ofMemory("usage_bytes", "more")));
        }
    }

    @Test
    void aListenerThatFailsCostsNeitherThePageNorTheOtherMonitors() throws IOException {
        FlowMetrics metrics = bind(MetricsOptions.builder());
        Map<String, ControlGroup> deaf = Map.of("deaf", memory("deaf", "1000", 10));
        metrics.resources(
                new ResourceMonitor(
                        deaf,
                        AlertThresholds.DEFAULT,
                        (before, now) -> {
                            throw new IllegalStateException("not now");
                        }));
        metrics.resources(monitor(Map.of("shop", memory("shop", "1000", 10))));
        memory("deaf", "1000", 960);
        memory("shop", "1000", 500);
        long later = System.nanoTime() + 6_000_000_000L;
        metrics.refresh(later);
        RuntimeException problem = metrics.problem();
        assertTrue(problem != null && "not now".equals(problem.getMessage()), "" + problem);
        Scrape scrape = new Scrape(registry.scrape());
        assertEquals(50, scrape.value(ofMemory("utilization_percent", "shop")), 1e-9);
        assertEquals(1, scrape.value(ofMemory("utilization_percent", "deaf")), 1e-9);
        metrics.refresh(later + 6_000_000_000L);
        Scrape next = new Scrape(registry.scrape());
        assertEquals(96, next.value(ofMemory("utilization_percent", "deaf")), 1e-9);
        assertTrue(metrics.problem() == null);
    }

    @Test
    void aSeriesThatGoesIsGoneFromEveryRegistry() throws IOException {
        PrometheusMeterRegistry second = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        CompositeMeterRegistry both = new CompositeMeterRegistry();
        both.add(registry);
        both.add(second);
        FlowMetrics metrics = FlowMetrics.bind(both, MetricsOptions.defaults());
        open.add(metrics);
        ControlGroup group = memory("goes", "1000", 10);
        metrics.resources(monitor(Map.of("goes", group)));
        String usage = ofMemory("usage_bytes", "goes");
        assertTrue(new Scrape(registry.scrape()).has(usage));
        assertTrue(new Scrape(second.scrape()).has(usage));
        Files.delete(folder.resolve("goes/memory.current"));
        Files.delete(folder.resolve("goes/memory.max"));
        metrics.refresh(System.nanoTime() + 6_000_000_000L);
        assertFalse(new Scrape(registry.scrape()).has(usage));
        assertFalse(new Scrape(second.scrape()).has(usage));
    }
}
