package io.flowscope.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** A real Prometheus that scrapes one target every second, with the rules in obs/ops. */
final class Prometheus implements AutoCloseable {
    private static final Path OPS = Needs.project().resolve("obs/ops");

    private final Process process;
    private final int port;
    private final HttpClient client = HttpClient.newHttpClient();

    Prometheus(Path folder, String target) throws Exception {
        this(folder, target, "");
    }

    /**
     * @param how the target is scraped, as further entries of its configuration
     */
    Prometheus(Path folder, String target, String how) throws Exception {
        Needs.tool("prometheus");
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Path config = folder.resolve("prometheus.yml");
        Files.writeString(
                config,
                """
                global: {scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s}
                rule_files: ["%1$s/recording.yml", "%1$s/alerting.yml"]
                scrape_configs:
                  - {job_name: flowscope, static_configs: [{targets: ["%2$s"]}]%3$s}
                """
                        .formatted(
                                OPS.resolve("rules").toAbsolutePath(),
                                target,
                                how.isEmpty() ? "" : ", " + how));
        Path log = folder.resolve("prometheus.log");
        process =
                new ProcessBuilder(
                                "prometheus",
                                "--config.file=" + config,
                                "--storage.tsdb.path=" + folder.resolve("data"),
                                "--web.listen-address=127.0.0.1:" + port,
                                "--log.level=warn")
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!isReady()) {
            boolean inTime = process.isAlive() && System.nanoTime() - end < 0;
            assertTrue(inTime, inTime ? "" : Files.readString(log));
            Thread.sleep(100);
        }
    }

    private boolean isReady() throws InterruptedException {
        try {
            return get("/-/ready").statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .timeout(Duration.ofSeconds(10))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** The series that an expression has now, each with its metric and value. */
    List<?> query(String expression) throws IOException, InterruptedException {
        String path =
                "/api/v1/query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8);
        HttpResponse<String> answer = get(path);
        assertTrue(answer.statusCode() == 200, () -> expression + ": " + answer.body());
        Map<?, ?> data = (Map<?, ?>) ((Map<?, ?>) Json.read(answer.body())).get("data");
        return (List<?>) data.get("result");
    }

    /** Waits for a scrape that began after now and went well. */
    void awaitScrape() throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        String since = "timestamp(up) > " + (System.currentTimeMillis() / 1000.0);
        while (query(since + " and up == 1").isEmpty()) {
            assertTrue(System.nanoTime() - end < 0, "no scrape");
            Thread.sleep(100);
        }
    }

    /** The one value of an expression. */
    double value(String expression) throws IOException, InterruptedException {
        List<?> result = query(expression);
        assertTrue(result.size() == 1, () -> expression + " has " + result);
        List<?> value = (List<?>) ((Map<?, ?>) result.get(0)).get("value");
        return Double.parseDouble(String.valueOf(value.get(1)));
    }

    /** Every expression that the dashboard and the page of queries have, and every rule makes. */
    static List<String> expressions() throws IOException {
        List<String> all = new ArrayList<>();
        collect(Json.read(Files.readString(OPS.resolve("dashboards/flowscope.json"))), all);
        Pattern.compile("```promql\n(.*?)\n```", Pattern.DOTALL)
                .matcher(Files.readString(OPS.resolve("queries.md")))
                .results()
                .forEach(r -> all.add(r.group(1)));
        Pattern.compile("- record: (\\S+)")
                .matcher(Files.readString(OPS.resolve("rules/recording.yml")))
                .results()
                .forEach(r -> all.add(r.group(1)));
        return all.stream()
                .map(
                        e ->
                                e.replace("$__rate_interval", "10s")
                                        .replace("$instance", ".*")
                                        .replace("$process", ".*"))
                .toList();
    }

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

    @Override
    public void close() {
        process.destroyForcibly();
        client.close();
    }
}
