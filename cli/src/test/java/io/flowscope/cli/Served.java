package io.flowscope.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A running {@code flowscope serve} on a free port, in a process of its own. */
final class Served implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 60;
    private static final Pattern URL = Pattern.compile("metrics at (https?://\\S+/)metrics");

    final Process process;
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Thread reader;
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final String url;

    private Served(Map<String, String> environment, Object... args) throws Exception {
        List<Object> line = new ArrayList<>(List.of("serve"));
        line.addAll(Arrays.asList(args));
        ProcessBuilder builder = new ProcessBuilder(Run.forked(line.toArray()));
        builder.environment().putAll(environment);
        process = builder.start();
        reader =
                Thread.ofPlatform()
                        .start(
                                () -> {
                                    try {
                                        process.getErrorStream().transferTo(err);
                                    } catch (IOException e) {
                                        throw new UncheckedIOException(e);
                                    }
                                });
        url = awaitMatch(URL).group(1);
    }

    /** Returns when it serves. */
    static Served start(Object... args) throws Exception {
        return with(Map.of("FLOWSCOPE_METRICS_ADDR", "127.0.0.1:0"), args);
    }

    /** Likewise, with more in its environment. */
    static Served with(Map<String, String> environment, Object... args) throws Exception {
        return new Served(environment, args);
    }

    /** Everything it has said so far. */
    String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    /** Waits until it says a text. */
    void await(String text) throws InterruptedException {
        awaitMatch(Pattern.compile(Pattern.quote(text)));
    }

    private Matcher awaitMatch(Pattern pattern) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        Matcher matcher = pattern.matcher(err());
        while (!matcher.find()) {
            assertTrue(process.isAlive() && System.nanoTime() - end < 0, err());
            Thread.sleep(20);
            matcher = pattern.matcher(err());
        }
        return matcher;
    }

    /** Host and port, as Prometheus wants its targets. */
    String target() {
        return url.replaceFirst("https?://", "").replaceFirst("/$", "");
    }

    int port() {
        return Integer.parseInt(target().replaceFirst(".*:", ""));
    }

    /** Asks for a path, with headers in pairs. */
    HttpResponse<String> get(String path, String... headers) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(url).resolve(path))
                        .timeout(Duration.ofSeconds(20));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** Every series on the page of metrics, as {@code name{labels}}, with its value. */
    Map<String, Double> scrape() throws Exception {
        Map<String, Double> series = new java.util.TreeMap<>();
        for (String line : get("/metrics").body().split("\n", -1)) {
            if (!line.isEmpty() && !line.startsWith("#")) {
                int space = line.lastIndexOf(' ');
                series.put(
                        line.substring(0, space),
                        Double.parseDouble(line.substring(space + 1).replace("+Inf", "Infinity")));
            }
        }
        return series;
    }

    /** Kilobytes in memory. */
    long residentKilobytes() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/" + process.pid() + "/status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("[^0-9]", ""));
            }
        }
        throw new IOException("no VmRSS");
    }

    /** Presses Ctrl-C and waits for the end; its exit code. */
    int interrupt() throws Exception {
        new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
        return end();
    }

    /** Waits for the end; its exit code. */
    int end() throws InterruptedException {
        assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), this::err);
        reader.join();
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        client.close();
    }
}
