package io.flowscope.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code flowscope serve} over files: what it answers, to whom, and how it ends. */
@Tag("slow")
class ServeTest {
    private static final Path SAMPLE = Needs.project().resolve("samples/sample.pcap");

    @TempDir Path folder;

    private static Run run(Object... args) throws Exception {
        List<Object> line = new ArrayList<>(List.of("serve"));
        line.addAll(List.of(args));
        Run run = Run.process(new ProcessBuilder(Run.forked(line.toArray())));
        // Of a library that only the tests have.
        String err = run.err().replaceAll("(?m)^SLF4J.*\\R", "");
        return new Run(run.code(), run.out(), err);
    }

    @Test
    void aFileIsServedUntilCtrlC() throws Exception {
        try (Served served = Served.start(SAMPLE)) {
            served.await("all is read; serving until Ctrl-C");
            assertEquals(200, served.get("/healthz").statusCode());
            assertEquals(200, served.get("/readyz").statusCode());
            assertEquals(404, served.get("/page.html").statusCode());
            assertEquals(
                    192.0, served.scrape().get("flowscope_capture_packets_total{source=\"file\"}"));
            long begin = System.nanoTime();
            assertEquals(130, served.interrupt());
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
            assertTrue(millis < 5000, millis + " ms");
            assertTrue(served.err().contains("192 packets"), served.err());
        }
    }

    @Test
    void thePageAndItsNumbersComeFromThisServerAlone() throws Exception {
        try (Served served = Served.start(SAMPLE)) {
            served.await("all is read");
            for (String path : List.of("/", "/page.js", "/page.css", "/icon.svg")) {
                HttpResponse<String> answer = served.get(path);
                assertEquals(200, answer.statusCode(), path);
                assertEquals(
                        "default-src 'self'",
                        answer.headers().firstValue("Content-Security-Policy").orElse(""));
                String body = answer.body().replace("http://www.w3.org/2000/svg", "");
                assertFalse(body.matches("(?s).*(https?:)?//[a-z].*"), path + " names a host");
                assertFalse(body.contains(" style="), path + " has a style that is not allowed");
                assertFalse(body.matches("(?s).*<script>.*"), path + " has a script in it");
            }
            Map<?, ?> data = (Map<?, ?>) Json.read(served.get("/page.json").body());
            assertEquals(192L, ((Number) data.get("packets")).longValue());
            assertEquals(true, data.get("over"));
            Map<?, ?> steps = (Map<?, ?>) data.get("steps");
            for (String column : List.of("packets", "bytes", "flows")) {
                long sum =
                        ((List<?>) steps.get(column))
                                .stream().mapToLong(n -> ((Number) n).longValue()).sum();
                assertEquals(((Number) data.get(column)).longValue(), sum, column);
            }
            List<?> top = (List<?>) data.get("top");
            assertEquals(12, top.size());
            assertEquals("192.168.10.20", ((Map<?, ?>) top.get(0)).get("source"));
        }
    }

    @Test
    void thePageIsForPeopleOfThisHostAndInNobodysWay() throws Exception {
        try (Served served = Served.start(SAMPLE)) {
            served.await("all is read");
            assertEquals(421, foreign(served, "/page.json"));
            assertEquals(421, foreign(served, "/"));
            assertEquals(200, foreign(served, "/metrics"));
        }
        try (Served served = Served.start(SAMPLE)) {
            int refused = 0;
            for (int i = 0; i < 60; i++) {
                refused += served.get("/icon.svg").statusCode() == 429 ? 1 : 0;
            }
            assertTrue(refused > 0, "people have their allowance, too");
            assertEquals(200, served.get("/metrics").statusCode(), "which is not the scrapers'");
        }
        try (Served served = Served.start("--no-page", SAMPLE)) {
            assertEquals(404, served.get("/").statusCode());
            assertEquals(404, served.get("/page.json").statusCode());
        }
    }

    private static int foreign(Served served, String path) throws Exception {
        try (var socket = new java.net.Socket("127.0.0.1", served.port())) {
            String request =
                    "GET "
                            + path
                            + " HTTP/1.1\r\nHost: rebound.example\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            String answer =
                    new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return Integer.parseInt(answer.substring(9, 12));
        }
    }

    @Test
    void tokenFromTheEnvironmentGuardsMetricsAndPageAlike() throws Exception {
        Path token = Files.writeString(folder.resolve("token"), "s3cret\n");
        Map<String, String> environment =
                Map.of(
                        "FLOWSCOPE_METRICS_ADDR",
                        "0.0.0.0:0",
                        "FLOWSCOPE_METRICS_TOKEN_FILE",
                        token.toString());
        try (Served served = Served.with(environment, "--metrics-allow-remote", SAMPLE)) {
            served.await("all is read");
            for (String path : List.of("/metrics", "/", "/page.json", "/page.js")) {
                assertEquals(401, served.get(path).statusCode(), path);
                assertEquals(401, served.get(path, "Authorization", "Bearer s3cre").statusCode());
                assertEquals(200, served.get(path, "Authorization", "Bearer s3cret").statusCode());
            }
            String user = Base64.getEncoder().encodeToString("anyone:s3cret".getBytes());
            assertEquals(200, served.get("/", "Authorization", "Basic " + user).statusCode());
            String wrong = Base64.getEncoder().encodeToString("s3cret:anyone".getBytes());
            assertEquals(401, served.get("/", "Authorization", "Basic " + wrong).statusCode());
            assertEquals(200, served.get("/readyz").statusCode());
        }
    }

    @Test
    void anEmptyNameOfASecretsFileIsAMistakeAndNotNoSecret() throws Exception {
        for (String kind : List.of("token", "user")) {
            String variable = "FLOWSCOPE_METRICS_" + kind.toUpperCase(Locale.ROOT) + "_FILE";
            ProcessBuilder builder = new ProcessBuilder(Run.forked("serve", SAMPLE));
            builder.environment().put(variable, "");
            Run run = Run.process(builder);
            assertEquals(2, run.code(), run.err());
            assertEquals(
                    "flowscope serve: --metrics-"
                            + kind
                            + "-file: the name is empty; unset "
                            + variable
                            + " to ask for no "
                            + kind,
                    run.err().lines().findFirst().orElseThrow());
        }
    }

    @Test
    void remoteAccessNeedsPermissionAndCredentials() throws Exception {
        Run refused = run("--metrics-addr", "0.0.0.0:0", SAMPLE);
        assertEquals(2, refused.code());
        assertTrue(refused.err().contains("--metrics-allow-remote"), refused.err());
        Run open = run("--metrics-addr", "0.0.0.0:0", "--metrics-allow-remote", SAMPLE);
        assertEquals(2, open.code());
        assertTrue(open.err().contains("--metrics-token-file"), open.err());
    }

    @Test
    void mistakesAreOneSentenceEach() throws Exception {
        try (var taken = new java.net.ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Run busy = run("--metrics-addr", "127.0.0.1:" + taken.getLocalPort(), SAMPLE);
            assertEquals(1, busy.code());
            assertTrue(busy.err().startsWith("flowscope: cannot listen on"), busy.err());
            assertEquals(1, busy.err().lines().count(), busy.err());
        }
        Run missing = run("--metrics-addr", ":0", folder.resolve("nothing.pcap"));
        assertEquals(1, missing.code());
        assertTrue(missing.err().contains("nothing.pcap"), missing.err());
        Run noTeams = run("--teams", folder.resolve("teams"), SAMPLE);
        assertEquals(1, noTeams.code());
        assertTrue(noTeams.err().contains("no such file or folder"), noTeams.err());
        Run noAddress = run("--local-address", "localhost", SAMPLE);
        assertEquals(2, noAddress.code());
        assertTrue(noAddress.err().contains("'localhost' is no IP address"), noAddress.err());
        Run noGateway = run("--push", "http://a b", SAMPLE);
        assertEquals(2, noGateway.code());
        assertTrue(
                noGateway.err().contains("--push: is no address (illegal char"), noGateway.err());
        assertFalse(noGateway.err().contains("Exception"), noGateway.err());
    }

    @Test
    void mistakesInWhatIsPushedAreToldBeforeAnythingIsReadAndWithoutTheSecret() throws Exception {
        ProcessBuilder builder =
                new ProcessBuilder(
                        Run.forked("serve", "--push", "http://u:pw@h", "--push-job", " ", SAMPLE));
        builder.environment().put("FLOWSCOPE_PUSH_AUTHORIZATION", "Bearer s3cret\nX: y");
        Run run = Run.process(builder);
        assertEquals(2, run.code());
        assertEquals(
                "flowscope serve: --push: no user in it; what it asks for goes into"
                        + " $FLOWSCOPE_PUSH_AUTHORIZATION; --push-job: must not be empty;"
                        + " $FLOWSCOPE_PUSH_AUTHORIZATION: one line of printable ASCII",
                run.err().lines().findFirst().orElseThrow());
        assertFalse(run.err().contains("s3cret"), run.err());
        assertFalse(run.err().contains("pw"), run.err());
    }

    @Test
    void aOneShotRunPushesAndEnds() throws Exception {
        CompletableFuture<String> pushed = new CompletableFuture<>();
        HttpServer gateway =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        gateway.createContext(
                "/",
                exchange -> {
                    byte[] body = exchange.getRequestBody().readAllBytes();
                    pushed.complete(
                            exchange.getRequestURI()
                                    + "\n"
                                    + new String(body, StandardCharsets.UTF_8));
                    exchange.sendResponseHeaders(200, -1);
                    exchange.close();
                });
        gateway.start();
        try {
            String url = "http://127.0.0.1:" + gateway.getAddress().getPort();
            Run run = run("--push", url, "--push-job", "nightly", SAMPLE);
            assertEquals(0, run.code(), run.err());
            String page = pushed.get(1, TimeUnit.SECONDS);
            assertTrue(page.startsWith("/metrics/job/nightly\n"), page);
            assertTrue(page.contains("flowscope_flows_created_total{l4=\"tcp\"} 12"), page);
        } finally {
            gateway.stop(0);
        }
        Run nobody = run("--push", "http://127.0.0.1:1", SAMPLE);
        assertEquals(1, nobody.code());
        assertTrue(nobody.err().contains("cannot push the metrics"), nobody.err());
    }

    @Test
    void noAddressPortOrKeyIsInAScrapeOrALogLine() throws Exception {
        Path captures = Needs.captures().resolve("real");
        List<Path> files;
        try (var all = Files.list(captures)) {
            files = all.filter(f -> f.toString().matches(".*\\.pcap(ng)?")).limit(12).toList();
        }
        List<Object> args = new ArrayList<>(List.of("--format", "ndjson", "--summary", "none"));
        args.addAll(files);
        List<Object> line = new ArrayList<>(List.of("flows"));
        line.addAll(args);
        List<Map<String, Object>> flows = Json.lines(Run.of(line.toArray()).out());
        assertTrue(flows.size() > 20, flows.size() + " flows");
        assertTrue(
                flows.stream()
                                .filter(
                                        f ->
                                                String.valueOf(f.get("dst"))
                                                        .matches("[0-9a-f]*[.:].+"))
                                .count()
                        > 20,
                "flows have addresses");
        List<Object> serve = new ArrayList<>(List.of("--trace"));
        serve.addAll(files);
        try (Served served = Served.start(serve.toArray())) {
            served.await("all is read");
            String told = served.get("/metrics").body();
            String log =
                    String.join(
                            "\n",
                            served.err()
                                    .lines()
                                    .filter(l -> !l.startsWith("flowscope: "))
                                    .toList());
            assertTrue(log.contains("flow ended"), log);
            for (Map<String, Object> flow : flows) {
                for (String end : List.of("src", "dst")) {
                    String address = String.valueOf(flow.get(end));
                    assertFalse(told.contains(address) || log.contains(address), address);
                }
                assertFalse(log.contains("port"), "a port");
                assertFalse(told.contains(String.valueOf(flow.get("community_id"))), "a key");
            }
            assertFalse(told.contains("port=\""), "a port");
        }
    }

    private static Run curl(String... words) throws Exception {
        Needs.tool("curl");
        List<String> line = new ArrayList<>(List.of("curl", "-sk", "-o", "/dev/null"));
        line.addAll(List.of("-w", "%{http_code}"));
        line.addAll(List.of(words));
        return Run.process(new ProcessBuilder(line));
    }

    private Path keystore() throws Exception {
        Path file = folder.resolve("keys.p12");
        String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        List<String> make = new ArrayList<>(List.of(keytool, "-genkeypair", "-alias", "server"));
        make.addAll(List.of("-keyalg", "EC", "-dname", "CN=server", "-keystore", file.toString()));
        make.addAll(List.of("-storetype", "PKCS12", "-storepass", "changeit"));
        Run made = Run.process(new ProcessBuilder(make));
        assertEquals(0, made.code(), made.err() + made.out());
        return file;
    }

    @Test
    void tlsIsServedWithTheKeysInAFile() throws Exception {
        Path keys = keystore();
        Map<String, String> environment =
                Map.of(
                        "FLOWSCOPE_METRICS_ADDR",
                        "127.0.0.1:0",
                        "FLOWSCOPE_METRICS_KEYSTORE_PASSWORD",
                        "changeit");
        try (Served served = Served.with(environment, "--metrics-keystore", keys, SAMPLE)) {
            assertEquals("200", curl("https://" + served.target() + "/metrics").out());
            assertEquals("000", curl("http://" + served.target() + "/metrics").out());
        }
        Run wrong = run("--metrics-addr", ":0", "--metrics-keystore", keys, SAMPLE);
        assertEquals(1, wrong.code());
        assertTrue(wrong.err().contains("FLOWSCOPE_METRICS_KEYSTORE_PASSWORD"), wrong.err());
        assertEquals(1, wrong.err().lines().count(), wrong.err());
    }

    @Test
    void theKubernetesManifestStartsIt() throws Exception {
        Needs.root();
        String manifest =
                Files.readString(Needs.project().resolve("obs/ops/kubernetes/flowscope.yml"));
        Matcher args = Pattern.compile("args: \\[(.*)]").matcher(manifest);
        assertTrue(args.find(), manifest);
        List<Object> words = new ArrayList<>();
        for (String word : args.group(1).split(", ", -1)) {
            words.add(
                    word.replace("\"", "")
                            .replace("[$(NODE_IP)]:9464", "[0.0.0.0]:0")
                            .replace("eth0", "lo"));
        }
        assertEquals("serve", words.removeFirst());
        Matcher variable = Pattern.compile("name: (FLOWSCOPE_\\S+)").matcher(manifest);
        assertTrue(variable.find(), manifest);
        Path token = Files.writeString(folder.resolve("token"), "t0ken\n");
        Map<String, String> environment = Map.of(variable.group(1), token.toString());
        try (Served served = Served.with(environment, words.toArray())) {
            served.await("capturing from lo");
            assertEquals(200, served.get("/healthz").statusCode());
            assertEquals(401, served.get("/metrics").statusCode());
            assertEquals(200, served.get("/metrics", "Authorization", "Bearer t0ken").statusCode());
        }
    }
}
