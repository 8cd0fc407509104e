package io.flowscope.obs;

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
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A real Prometheus on loopback that scrapes one target every second; ends with the test. */
final class PrometheusServer implements AutoCloseable {
    private final Process process;
    private final int port;
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

    PrometheusServer(String tool, Path folder, String target, List<Path> rules)
            throws IOException, InterruptedException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        StringBuilder config =
                new StringBuilder(
                        "global:\n  scrape_interval: 1s\n  scrape_timeout: 1s\n"
                                + "  evaluation_interval: 1s\nrule_files:\n");
        rules.forEach(r -> config.append("  - ").append(r.toAbsolutePath()).append('\n'));
        config.append("scrape_configs:\n  - job_name: flowscope\n    static_configs:\n")
                .append("      - targets: [\"")
                .append(target)
                .append("\"]\n");
        Path file = folder.resolve("prometheus.yml");
        Files.writeString(file, config);
        process =
                new ProcessBuilder(
                                tool,
                                "--config.file=" + file,
                                "--storage.tsdb.path=" + folder.resolve("data"),
                                "--web.listen-address=127.0.0.1:" + port,
                                "--log.level=warn")
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("prometheus.log").toFile())
                        .start();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!ready()) {
            if (!process.isAlive() || System.nanoTime() - end > 0) {
                process.destroy();
                throw new IOException(Files.readString(folder.resolve("prometheus.log")));
            }
            Thread.sleep(100);
        }
    }

    private boolean ready() throws InterruptedException {
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

    /** Where it listens. */
    String address() {
        return "127.0.0.1:" + port;
    }

    /** The answer's data. */
    Object api(String path) throws IOException, InterruptedException {
        HttpResponse<String> response = get("/api/v1/" + path);
        if (response.statusCode() != 200) {
            throw new IOException(path + ": " + response.body());
        }
        return ((Map<?, ?>) Json.parse(response.body())).get("data");
    }

    /** The series that an expression has now, each a map with metric and value. */
    List<?> query(String expression) throws IOException, InterruptedException {
        String encoded = URLEncoder.encode(expression, StandardCharsets.UTF_8);
        return (List<?>) ((Map<?, ?>) api("query?query=" + encoded)).get("result");
    }

    /** Waits for so many scrapes that began after now and went well. */
    void awaitScrapes(int count) throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        double since = System.currentTimeMillis() / 1000.0;
        for (int scrapes = 0; scrapes < count; ) {
            List<?> up = query("timestamp(up == 1) > " + since);
            if (!up.isEmpty()) {
                List<?> value = (List<?>) ((Map<?, ?>) up.getFirst()).get("value");
                since = Double.parseDouble(String.valueOf(value.get(1)));
                scrapes++;
            } else if (System.nanoTime() - end > 0) {
                throw new AssertionError("no scrape");
            } else {
                Thread.sleep(50);
            }
        }
    }

    /** The one value of an expression. */
    double value(String expression) throws IOException, InterruptedException {
        List<?> result = query(expression);
        if (result.size() != 1) {
            throw new AssertionError(expression + " has " + result);
        }
        List<?> value = (List<?>) ((Map<?, ?>) result.get(0)).get("value");
        return Double.parseDouble(String.valueOf(value.get(1)));
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
