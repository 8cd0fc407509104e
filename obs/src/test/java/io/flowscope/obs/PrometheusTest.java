package io.flowscope.obs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flowscope.obs.server.MetricsServer;
import io.flowscope.obs.server.MetricsServerOptions;
import io.flowscope.tracker.AnomalyKind;
import io.flowscope.tracker.EndReason;
import io.flowscope.tracker.TrackerCounters;
import io.flowscope.tracker.Transport;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A real Prometheus scrapes a server with everything in it: names, labels, values, dashboards. */
@Tag("slow")
class PrometheusTest {
    private static final Path OPS =
            Path.of(System.getProperty("flowscope.root", "..")).resolve("obs/ops");

    @TempDir private Path folder;

    /** What the vocabulary says: every name as it is scraped, and its labels. */
    private static Map<String, Set<String>> vocabulary() {
        Map<String, Set<String>> labels = new TreeMap<>();
        labels.put("flowscope_flows_created_total", Set.of("l4"));
        labels.put("flowscope_flows_ended_total", Set.of("reason"));
        labels.put("flowscope_flows_active", Set.of());
        labels.put("flowscope_packets_unmatched_total", Set.of());
        labels.put("flowscope_bytes_total", Set.of("side"));
        histogram(labels, "flowscope_flow_duration_seconds");
        histogram(labels, "flowscope_flow_packets");
        histogram(labels, "flowscope_flow_bytes");
        labels.put("flowscope_anomalies_total", Set.of("kind"));
        labels.put("flowscope_reassembly_dropped_ooo_total", Set.of("side"));
        labels.put("flowscope_reassembly_bytes_dropped_oversize_total", Set.of("side"));
        histogram(labels, "flowscope_reassembler_high_watermark_bytes", "side");
        labels.put("flowscope_capture_packets_total", Set.of("source"));
        labels.put("flowscope_capture_drops_total", Set.of("source"));
        labels.put("flowscope_capture_freezes_total", Set.of("source"));
        labels.put("flowscope_capture_drop_ratio", Set.of("source"));
        for (String name :
                List.of(
                        "rtt_seconds",
                        "latency_seconds",
                        "dns_latency_seconds_histogram",
                        "fs_latency_seconds_histogram",
                        "cpu_block_seconds_histogram")) {
            histogram(labels, "flowscope_" + name, "type", "process_name");
        }
        for (String name :
                List.of(
                        "rtt_latest_seconds",
                        "latency_latest_seconds",
                        "dns_latency_seconds_gauge",
                        "fs_latency_seconds_gauge",
                        "cpu_block_seconds_gauge")) {
            labels.put("flowscope_" + name, Set.of("type", "process_name"));
        }
        labels.put("flowscope_network_bytes_total", Set.of("type", "process_name", "direction"));
        labels.put("flowscope_filesystem_bytes_total", Set.of("type", "process_name", "operation"));
        for (String name :
                List.of("limit_bytes", "usage_bytes", "utilization_percent", "alert_level")) {
            labels.put("flowscope_resource_" + name, Set.of("resource_type", "namespace"));
        }
        labels.put("flowscope_team_resources", Set.of("team", "resource_type"));
        labels.put(
                "flowscope_cross_team_access_attempts_total",
                Set.of("from_team", "to_team", "resource_type"));
        labels.put("flowscope_process_lookups_total", Set.of("outcome"));
        return labels;
    }

    private static void histogram(Map<String, Set<String>> to, String name, String... labels) {
        Set<String> own = Set.of(labels);
        Set<String> bucket = new TreeSet<>(own);
        bucket.add("le");
        to.put(name + "_bucket", bucket);
        to.put(name + "_count", own);
        to.put(name + "_sum", own);
        if (!name.matches(".*(rtt|latency|block)_seconds.*")) {
            to.put(name + "_max", own);
        }
    }

    @Test
    void everyNameLabelValueExpressionAndRuleArrives() throws Exception {
        String prometheus = Needs.tool("prometheus");
        try (Showcase showcase = new Showcase(Files.createDirectory(folder.resolve("host")));
                MetricsServer server =
                        MetricsServer.start(
                                MetricsServerOptions.builder().address("127.0.0.1:0").build(),
                                showcase.page(),
                                () -> true);
                PrometheusServer scraper =
                        new PrometheusServer(
                                prometheus,
                                folder,
                                "127.0.0.1:" + server.address().getPort(),
                                List.of(
                                        OPS.resolve("rules/recording.yml"),
                                        OPS.resolve("rules/alerting.yml")))) {
            for (int i = 0; i < 12; i++) {
                showcase.talk();
                Thread.sleep(1000);
            }
            // On a busy machine a scrape may come late or fail: then a later one will do.
            eventually(() -> labels(scraper), showcase);
            eventually(() -> expressions(scraper), showcase);
            eventually(() -> rules(scraper), showcase);
            scraper.awaitScrapes(2);
            values(scraper, showcase.tracker().counters());
        }
    }

    /** Says what is wrong. */
    private interface Check {
        List<String> wrong() throws Exception;
    }

    /** Until nothing is wrong, with more traffic in between, for half a minute. */
    private static void eventually(Check check, Showcase showcase) throws Exception {
        List<String> wrong = check.wrong();
        for (int second = 0; second < 30 && !wrong.isEmpty(); second++) {
            showcase.talk();
            Thread.sleep(1000);
            wrong = check.wrong();
        }
        assertEquals(List.of(), wrong);
    }

    private static List<String> labels(PrometheusServer scraper) throws Exception {
        List<String> wrong = new ArrayList<>();
        Set<String> names = new TreeSet<>();
        for (Object name : (List<?>) scraper.api("label/__name__/values")) {
            if (((String) name).matches("flowscope_.*")) {
                names.add((String) name);
            }
        }
        Map<String, Set<String>> expected = vocabulary();
        if (!expected.keySet().equals(names)) {
            wrong.add("names: " + names + ", not " + expected.keySet());
        }
        for (Map.Entry<String, Set<String>> metric : expected.entrySet()) {
            for (Object series : scraper.query(metric.getKey())) {
                Set<String> labels = new TreeSet<>();
                ((Map<?, ?>) ((Map<?, ?>) series).get("metric"))
                        .keySet()
                        .forEach(k -> labels.add((String) k));
                labels.removeAll(Set.of("__name__", "job", "instance"));
                if (!labels.equals(metric.getValue())) {
                    wrong.add(metric.getKey() + " has the labels " + labels);
                }
            }
        }
        return wrong;
    }

    private static void values(PrometheusServer scraper, TrackerCounters counters)
            throws Exception {
        for (Transport transport : Transport.values()) {
            assertEquals(
                    (double) counters.created(transport),
                    scraper.value(
                            "flowscope_flows_created_total{l4=\"" + transport.label() + "\"}"));
        }
        for (EndReason reason : EndReason.values()) {
            assertEquals(
                    (double) counters.ended(reason),
                    scraper.value(
                            "flowscope_flows_ended_total{reason=\"" + reason.label() + "\"}"));
        }
        for (AnomalyKind kind : AnomalyKind.values()) {
            assertEquals(
                    (double) counters.anomalies(kind),
                    scraper.value("flowscope_anomalies_total{kind=\"" + kind.label() + "\"}"));
        }
        assertEquals((double) counters.live(), scraper.value("flowscope_flows_active"));
        assertEquals(
                (double) counters.unmatched(), scraper.value("flowscope_packets_unmatched_total"));
        assertEquals(
                (double) counters.ended(), scraper.value("flowscope_flow_duration_seconds_count"));
        assertEquals(
                scraper.value("sum(flowscope_bytes_total)"),
                scraper.value("flowscope_flow_bytes_sum"));
    }

    private static List<String> expressions(PrometheusServer scraper) throws Exception {
        List<String> wrong = new ArrayList<>();
        List<String> all = new ArrayList<>();
        collect(Json.parse(Files.readString(OPS.resolve("dashboards/flowscope.json"))), all);
        assertTrue(all.size() > 35, all.size() + " expressions in the dashboard");
        int inDashboard = all.size();
        all.addAll(blocks("queries.md", "promql"));
        assertTrue(all.size() - inDashboard > 20, "queries on the page");
        for (String expression : all) {
            String ready =
                    expression
                            .replace("$__rate_interval", "10s")
                            .replace("$instance", ".*")
                            .replace("$process", ".*");
            if (scraper.query(ready).isEmpty()) {
                wrong.add("no data: " + ready);
            }
        }
        return wrong;
    }

    /** Everything that is called expr, at any depth. */
    private static void collect(Object json, List<String> into) {
        if (json instanceof Map<?, ?> map) {
            if (map.get("expr") instanceof String expression) {
                into.add(expression);
            }
            map.values().forEach(v -> collect(v, into));
        } else if (json instanceof List<?> list) {
            list.forEach(v -> collect(v, into));
        }
    }

    static List<String> blocks(String page, String language) throws IOException {
        Matcher block =
                Pattern.compile("```" + language + "\n(.*?)\n```", Pattern.DOTALL)
                        .matcher(Files.readString(OPS.resolve(page)));
        return block.results().map(r -> r.group(1)).collect(Collectors.toList());
    }

    private static List<String> rules(PrometheusServer scraper) throws Exception {
        List<String> wrong = new ArrayList<>();
        Map<?, ?> groups = (Map<?, ?>) scraper.api("rules");
        int rules = 0;
        for (Object group : (List<?>) groups.get("groups")) {
            for (Object each : (List<?>) ((Map<?, ?>) group).get("rules")) {
                Map<?, ?> rule = (Map<?, ?>) each;
                rules++;
                if (!"ok".equals(rule.get("health"))) {
                    wrong.add(rule.toString());
                }
                boolean recording = "recording".equals(rule.get("type"));
                if (recording && scraper.query((String) rule.get("name")).isEmpty()) {
                    wrong.add("no data: " + rule.get("name"));
                }
                if (!recording && scraper.query(withoutThreshold(rule)).isEmpty()) {
                    wrong.add("no data: " + withoutThreshold(rule));
                }
            }
        }
        assertEquals(17, rules);
        return wrong;
    }

    /** An alert's expression without what it is compared with: an alert need not be on. */
    private static String withoutThreshold(Map<?, ?> rule) {
        return ((String) rule.get("query")).replaceFirst(" (>|>=|==) [0-9.]+$", "");
    }

    @Test
    void promtoolFindsFaultOnlyWithNamesThatAreNotOursToChoose() throws Exception {
        String promtool = Needs.tool("promtool");
        try (Showcase showcase = new Showcase(Files.createDirectory(folder.resolve("host")))) {
            showcase.talk();
            Thread.sleep(2500);
            Path page = folder.resolve("page");
            Files.write(page, showcase.page().apply("").body());
            Process check =
                    new ProcessBuilder(promtool, "check", "metrics")
                            .redirectInput(page.toFile())
                            .redirectErrorStream(true)
                            .start();
            Set<String> lines =
                    new TreeSet<>(
                            new String(check.getInputStream().readAllBytes()).lines().toList());
            check.waitFor();
            // Dashboards were written for names that end in the metric's type.
            lines.removeIf(
                    l ->
                            l.matches(
                                    "flowscope_(dns_latency|fs_latency|cpu_block)_seconds_"
                                            + "(histogram|gauge) metric name should not include"
                                            + " type '(histogram|gauge)'"));
            assertEquals(Set.of(), lines);
        }
    }

    @Test
    void noAddressPortOrKeyIsOnThePage() throws Exception {
        try (Showcase showcase = new Showcase(Files.createDirectory(folder.resolve("host")))) {
            for (int i = 0; i < 5; i++) {
                showcase.talk();
            }
            for (String accept : List.of("", "application/openmetrics-text;version=1.0.0")) {
                String page = new String(showcase.page().apply(accept).body());
                for (String secret : Showcase.SECRETS) {
                    assertFalse(page.contains(secret), secret);
                }
                assertFalse(page.matches("(?s).*\\d+\\.\\d+\\.\\d+\\.\\d+.*"), "an address");
            }
        }
    }

    @Test
    void configurationAndRulesAreSound() throws Exception {
        String promtool = Needs.tool("promtool");
        assertEquals(0, run(promtool, "check", "config", OPS.resolve("prometheus.yml").toString()));
        assertEquals(0, run(promtool, "test", "rules", OPS.resolve("rules/tests.yml").toString()));
        // Debian's build knows no Kubernetes: the rest of that file is checked without.
        Path copy = Files.createDirectory(folder.resolve("rules")).getParent();
        for (String rules : List.of("recording.yml", "alerting.yml")) {
            Files.copy(OPS.resolve("rules/" + rules), copy.resolve("rules/" + rules));
        }
        String config =
                Files.readString(OPS.resolve("prometheus-kubernetes.yml"))
                        .replaceFirst(
                                "    kubernetes_sd_configs:\n      - role: pod\n",
                                "    static_configs:\n      - targets: [\"127.0.0.1:1\"]\n")
                        .replace("/etc/prometheus/flowscope.token", copy + "/token");
        Files.writeString(copy.resolve("token"), "t");
        Files.writeString(copy.resolve("kubernetes.yml"), config);
        assertEquals(
                0, run(promtool, "check", "config", copy.resolve("kubernetes.yml").toString()));
    }

    private static int run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes());
        int status = process.waitFor();
        if (status != 0) {
            System.out.println(output);
        }
        return status;
    }
}
