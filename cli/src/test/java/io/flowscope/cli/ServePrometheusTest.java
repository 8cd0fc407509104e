package io.flowscope.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** A real Prometheus at a running {@code flowscope serve}. */
@Tag("slow")
class ServePrometheusTest {
    /** Of the vocabulary, what a run of the command has: names and labels, exactly. */
    private static final String VOCABULARY =
            """
            flowscope_flows_created_total l4
            flowscope_flows_ended_total reason
            flowscope_flows_active
            flowscope_packets_unmatched_total
            flowscope_bytes_total side
            flowscope_flow_duration_seconds_H
            flowscope_flow_duration_seconds_max
            flowscope_flow_packets_H
            flowscope_flow_packets_max
            flowscope_flow_bytes_H
            flowscope_flow_bytes_max
            flowscope_anomalies_total kind
            flowscope_reassembly_dropped_ooo_total side
            flowscope_reassembly_bytes_dropped_oversize_total side
            flowscope_reassembler_high_watermark_bytes_H side
            flowscope_reassembler_high_watermark_bytes_max side
            flowscope_capture_packets_total source
            flowscope_capture_drops_total source
            flowscope_capture_freezes_total source
            flowscope_capture_drop_ratio source
            flowscope_rtt_seconds_H process_name type
            flowscope_rtt_latest_seconds process_name type
            flowscope_latency_seconds_H process_name type
            flowscope_latency_latest_seconds process_name type
            flowscope_dns_latency_seconds_histogram_H process_name type
            flowscope_dns_latency_seconds_gauge process_name type
            flowscope_network_bytes_total direction process_name type
            flowscope_fs_latency_seconds_histogram_H process_name type
            flowscope_fs_latency_seconds_gauge process_name type
            flowscope_filesystem_bytes_total operation process_name type
            flowscope_cpu_block_seconds_histogram_H process_name type
            flowscope_cpu_block_seconds_gauge process_name type
            flowscope_resource_usage_bytes namespace resource_type
            flowscope_team_resources resource_type team
            flowscope_cross_team_access_attempts_total from_team resource_type to_team
            flowscope_process_lookups_total outcome
            """;

    /** What needs a control group with limits to be there. */
    private static final Pattern MAY_BE_MISSING =
            Pattern.compile("resource_(limit|utilization|alert)");

    @TempDir Path folder;

    private static Set<String> vocabulary() {
        Set<String> all = new TreeSet<>();
        for (String line : VOCABULARY.split("\n", -1)) {
            if (line.contains("_H")) {
                all.add(line.replace("_H", "_count"));
                all.add(line.replace("_H", "_sum"));
                List<String> labels = new ArrayList<>(List.of(line.split(" ", -1)));
                String name = labels.removeFirst();
                labels.add("le");
                labels.sort(null);
                all.add(name.replace("_H", "_bucket ") + String.join(" ", labels));
            } else if (!line.isEmpty()) {
                all.add(line);
            }
        }
        return all;
    }

    /** Names with labels, as the vocabulary writes them. */
    private static Set<String> present(Prometheus prometheus) throws Exception {
        Set<String> present = new TreeSet<>();
        for (Object each : prometheus.query("{__name__=~\"flowscope_.+\"}")) {
            Map<?, ?> metric = (Map<?, ?>) ((Map<?, ?>) each).get("metric");
            Set<String> labels = new TreeSet<>();
            metric.keySet().forEach(k -> labels.add((String) k));
            labels.removeAll(Set.of("__name__", "job", "instance"));
            String name = (String) metric.get("__name__");
            if (!MAY_BE_MISSING.matcher(name).find()) {
                present.add((name + " " + String.join(" ", labels)).strip());
            }
        }
        return present;
    }

    /** The expressions that have no data. */
    private static List<String> silent(Prometheus prometheus) throws Exception {
        List<String> silent = new ArrayList<>();
        for (String expression : Prometheus.expressions()) {
            if (!MAY_BE_MISSING.matcher(expression).find()
                    && prometheus.query(expression).isEmpty()) {
                silent.add(expression);
            }
        }
        return silent;
    }

    private static void talk(String from, int port, boolean cut) throws IOException {
        try (Socket socket = new Socket()) {
            socket.bind(new InetSocketAddress(from, 0));
            socket.connect(new InetSocketAddress("127.0.0.1", port), 2000);
            String request = "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            if (cut) {
                socket.setSoLinger(true, 0);
            } else {
                assertTrue(socket.getInputStream().readAllBytes().length > 0);
            }
        }
    }

    /** A name server that sends every query back as its answer. */
    private static DatagramSocket nameServer() throws IOException {
        // On an address of its own: another run of the tests may be going on.
        String address = "127.99.0.%d".formatted(1 + ThreadLocalRandom.current().nextInt(250));
        DatagramSocket server = new DatagramSocket(new InetSocketAddress(address, 53));
        Thread.ofPlatform()
                .daemon()
                .start(
                        () -> {
                            DatagramPacket packet = new DatagramPacket(new byte[512], 512);
                            try {
                                while (true) {
                                    server.receive(packet);
                                    packet.getData()[2] |= (byte) 0x80;
                                    server.send(packet);
                                }
                            } catch (IOException closed) {
                                return;
                            }
                        });
        return server;
    }

    private static void ask(DatagramSocket server, int id) throws IOException {
        byte[] query = {
            0, (byte) id, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 4, 'n', 'a', 'm', 'e', 0, 0, 1, 0, 1
        };
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.setSoTimeout(20_000);
            socket.send(new DatagramPacket(query, query.length, server.getLocalSocketAddress()));
            socket.receive(new DatagramPacket(new byte[512], 512));
        }
    }

    /** As many flows as sockets. */
    private static void scatter(int sockets) throws IOException {
        InetSocketAddress nobody = new InetSocketAddress("127.0.0.1", 9);
        for (int i = 0; i < sockets; i++) {
            try (DatagramSocket socket =
                    new DatagramSocket(new InetSocketAddress("127.0.0.2", 0))) {
                socket.send(new DatagramPacket(new byte[20], 20, nobody));
            }
        }
    }

    @Test
    void everyNameLabelAndExpressionArrivesFromALiveInterface() throws Exception {
        Needs.root();
        Path teams =
                Files.writeString(folder.resolve("teams"), "127.0.0.1/32 shop\n127.0.0.2/32 pay\n");
        // A small table, so that flows are evicted; what is captured is this very test.
        try (DatagramSocket names = nameServer();
                Served served = Served.start("-i", "lo", "--teams", teams, "--max-flows", 12);
                Prometheus prometheus = new Prometheus(folder, served.target())) {
            Set<String> present = Set.of();
            List<String> silent = List.of();
            // On a busy machine a scrape may come late or fail: then later ones will do.
            for (int second = 0;
                    second < 10
                            || second < 40 && !(present.equals(vocabulary()) && silent.isEmpty());
                    second++) {
                for (int i = 0; i < 6; i++) {
                    talk(i % 2 == 0 ? "127.0.0.1" : "127.0.0.2", served.port(), i == 5);
                }
                scatter(5);
                ask(names, second);
                Thread.sleep(900);
                if (second >= 9) {
                    prometheus.awaitScrape();
                    present = present(prometheus);
                    silent = silent(prometheus);
                }
            }
            assertEquals(vocabulary(), present);
            assertEquals(List.of(), silent);
            assertTrue(
                    prometheus.value("sum(flowscope_flows_ended_total{reason=\"evicted\"})") > 0);
            assertTrue(
                    prometheus.value(
                                    "flowscope_cross_team_access_attempts_total{from_team=\"pay\","
                                            + "to_team=\"shop\",resource_type=\"tcp\"}")
                            > 20);
            assertEquals(130, served.interrupt());
            assertTrue(names.isBound());
        }
    }

    @Test
    void valuesAreTheTrackersOwn() throws Exception {
        Path generated = folder.resolve("generated.pcap");
        Run made =
                Run.of(
                        "generate",
                        "-w",
                        generated,
                        "--flows",
                        500,
                        "--packets",
                        20_000,
                        "--loss",
                        "1%",
                        "--reorder",
                        "2%");
        assertEquals(0, made.code(), made.err());
        List<Path> files = new ArrayList<>(List.of(generated));
        try (var real = Files.list(Needs.captures().resolve("real"))) {
            files.addAll(real.filter(f -> f.toString().matches(".*\\.pcap")).limit(8).toList());
        }
        Object[] tracked =
                java.util.stream.Stream.concat(
                                java.util.stream.Stream.of(
                                        "flows", "--format", "ndjson", "--summary", "json"),
                                files.stream())
                        .toArray();
        Run flows = Run.of(tracked);
        Map<?, ?> summary =
                (Map<?, ?>)
                        Json.read(
                                flows.err()
                                        .lines()
                                        .filter(l -> l.startsWith("{"))
                                        .findFirst()
                                        .orElseThrow());
        List<Map<String, Object>> records = Json.lines(flows.out());
        try (Served served = Served.start(files.toArray());
                Prometheus prometheus = new Prometheus(folder, served.target())) {
            served.await("all is read");
            prometheus.awaitScrape();
            assertEquals(
                    number(summary, "flows"),
                    prometheus.value("sum(flowscope_flows_created_total)"));
            assertEquals(
                    number(summary, "unmatched"),
                    prometheus.value("flowscope_packets_unmatched_total"));
            assertEquals(
                    number(summary, "packets"),
                    prometheus.value("flowscope_capture_packets_total{source=\"file\"}"));
            for (String side : List.of("initiator", "responder")) {
                assertEquals(
                        records.stream().mapToDouble(r -> number(r, "bytes_" + side)).sum(),
                        prometheus.value("flowscope_bytes_total{side=\"" + side + "\"}"));
            }
            for (String reason : List.of("fin", "rst", "idle", "finished")) {
                assertEquals(
                        (double)
                                records.stream()
                                        .filter(r -> reason.equals(r.get("reason")))
                                        .count(),
                        prometheus.value("flowscope_flows_ended_total{reason=\"" + reason + "\"}"));
            }
            assertEquals(
                    records.stream()
                            .mapToDouble(
                                    r ->
                                            number(r, "packets_initiator")
                                                    + number(r, "packets_responder"))
                            .sum(),
                    prometheus.value("flowscope_flow_packets_sum"));
            assertEquals((double) records.size(), prometheus.value("flowscope_flow_bytes_count"));
            assertTrue(prometheus.value("flowscope_anomalies_total{kind=\"gap\"}") > 0);
            assertTrue(
                    prometheus.value("sum(flowscope_reassembler_high_watermark_bytes_count)") > 0);
        }
    }

    private static double number(Map<?, ?> of, String name) {
        return Double.parseDouble(String.valueOf(of.get(name)));
    }

    private static double created(Map<String, Double> series) {
        return series.get("flowscope_flows_created_total{l4=\"tcp\"}");
    }

    /** How many milliseconds a good client waits. */
    private static long millisOfATalk(Served served) throws IOException {
        long begin = System.nanoTime();
        talk("127.0.0.2", served.port(), false);
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
    }

    @Test
    void aThousandStuckClientsDisturbNeitherCaptureNorOthers() throws Exception {
        Needs.root();
        List<Socket> stuck = new ArrayList<>();
        try (Served served = Served.start("-i", "lo", "--no-jvm")) {
            served.await("capturing from");
            talk("127.0.0.1", served.port(), false);
            long before = served.residentKilobytes();
            for (int i = 0; i < 1000; i++) {
                Socket socket = new Socket("127.0.0.1", served.port());
                socket.getOutputStream().write(("GET /metrics HTTP/1.1\r\nX: " + i).getBytes());
                stuck.add(socket);
                if (i % 100 == 99) {
                    long millis = millisOfATalk(served);
                    // A busy machine may keep one or another waiting.
                    for (int again = 0; again < 2 && millis >= 1000; again++) {
                        millis = millisOfATalk(served);
                    }
                    assertTrue(millis < 1000, millis + " ms after " + i + " stuck clients");
                }
            }
            long grown = served.residentKilobytes() - before;
            assertTrue(grown < 64 << 10, grown + " kB more");
            TimeUnit.MILLISECONDS.sleep(1500);
            Map<String, Double> series = served.scrape();
            for (int look = 0; look < 20 && created(series) < 1010; look++) {
                TimeUnit.MILLISECONDS.sleep(1500);
                series = served.scrape();
            }
            assertEquals(0.0, series.get("flowscope_capture_drops_total{source=\"lo\"}"));
            // All of them were seen: the capture went on.
            assertTrue(created(series) >= 1010, created(series) + " connections");
            long begin = System.nanoTime();
            assertEquals(130, served.interrupt());
            assertTrue(System.nanoTime() - begin < TimeUnit.SECONDS.toNanos(5));
        } finally {
            for (Socket each : stuck) {
                each.close();
            }
        }
    }
}
