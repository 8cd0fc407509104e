package io.flowscope.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Whom {@code flowscope serve} lets in: passwords, certificates, and files that are neither. */
@Tag("slow")
class ServeAccessTest {
    private static final Path SAMPLE = Needs.project().resolve("samples/sample.pcap");
    private static final Map<String, String> HERE =
            Map.of(
                    "FLOWSCOPE_METRICS_ADDR",
                    "127.0.0.1:0",
                    "FLOWSCOPE_METRICS_KEYSTORE_PASSWORD",
                    Certificates.PASSWORD);

    /** An answer; TLS to one who expects text; no handshake; none; a server not trusted. */
    private static final Set<Integer> REFUSED = Set.of(0, 1, 35, 52, 56, 60);

    @TempDir Path folder;

    /** The status that curl gets, 0 if it came to none. */
    private static int curl(String url, Object... words) throws Exception {
        Needs.tool("curl");
        List<String> line = new ArrayList<>(List.of("curl", "-s", "-o", "/dev/null"));
        line.addAll(List.of("--max-time", "10", "-w", "%{http_code}", url));
        for (Object word : words) {
            line.add(word.toString());
        }
        Run run = Run.process(new ProcessBuilder(line));
        assertTrue(REFUSED.contains(run.code()), "curl ends with " + run.code() + ": " + line);
        return Integer.parseInt(run.out());
    }

    private static String basic(String userAndPassword) {
        return "Basic " + Base64.getEncoder().encodeToString(userAndPassword.getBytes());
    }

    @Test
    void onlyTheUserInTheFileIsLetIn() throws Exception {
        Path users = Files.writeString(folder.resolve("user"), "prom:a:b c\n");
        try (Served served = Served.start("--metrics-user-file", users, SAMPLE)) {
            served.await("all is read");
            for (String path : List.of("/metrics", "/", "/page.json")) {
                var refused = served.get(path);
                assertEquals(401, refused.statusCode(), path);
                assertEquals(
                        "Basic realm=\"flowscope\"",
                        refused.headers().firstValue("WWW-Authenticate").orElse(""));
                for (String wrong : List.of("prom:a:b", "prom:", "root:a:b c", "prom:a:b c ", "")) {
                    int status = served.get(path, "Authorization", basic(wrong)).statusCode();
                    assertEquals(401, status, path + " for " + wrong);
                }
                assertEquals(
                        401, served.get(path, "Authorization", "Bearer prom:a:b c").statusCode());
                assertEquals(
                        200, served.get(path, "Authorization", basic("prom:a:b c")).statusCode());
            }
            String metrics = "http://" + served.target() + "/metrics";
            assertEquals(200, curl(metrics, "-u", "prom:a:b c"));
            assertEquals(200, served.get("/healthz").statusCode());
        }
    }

    @Test
    void onlyCertificatesOfTheAuthorityAreLetIn() throws Exception {
        Certificates ours = new Certificates(folder, "ours");
        Path keys = ours.sign("server");
        ours.sign("scraper");
        new Certificates(folder, "theirs").sign("stranger");
        try (Served served =
                Served.with(
                        HERE,
                        "--metrics-keystore",
                        keys,
                        "--metrics-client-ca",
                        ours.authority(),
                        SAMPLE)) {
            String url = "https://" + served.target() + "/metrics";
            Path trusted = ours.authority();
            assertEquals(
                    200,
                    curl(
                            url,
                            "--cacert",
                            trusted,
                            "--cert",
                            own("scraper"),
                            "--key",
                            key("scraper")));
            assertEquals(0, curl(url, "--cacert", trusted), "without a certificate");
            assertEquals(
                    0,
                    curl(
                            url,
                            "--cacert",
                            trusted,
                            "--cert",
                            own("stranger"),
                            "--key",
                            key("stranger")));
            // The right certificate does not make up for a server that the client does not trust.
            Path theirs = folder.resolve("theirs.pem");
            assertEquals(
                    0,
                    curl(
                            url,
                            "--cacert",
                            theirs,
                            "--cert",
                            own("scraper"),
                            "--key",
                            key("scraper")));
            assertEquals(0, curl("http://" + served.target() + "/metrics"));
            assertEquals(0, curl("https://" + served.target() + "/healthz", "--cacert", trusted));
            String scrape =
                    "scheme: https, tls_config: {ca_file: %s, cert_file: %s, key_file: %s}"
                            .formatted(trusted, own("scraper"), key("scraper"));
            try (Prometheus prometheus = new Prometheus(folder, served.target(), scrape)) {
                prometheus.awaitScrape();
                assertEquals(24, prometheus.value("sum(flowscope_flows_created_total)"));
            }
        }
    }

    private Path own(String name) {
        return folder.resolve(name + ".pem");
    }

    private Path key(String name) {
        return folder.resolve(name + ".key");
    }

    @Test
    void certificatesOfClientsAreCredentialsEnoughForOtherHosts() throws Exception {
        Certificates ours = new Certificates(folder, "ours");
        Path keys = ours.sign("server");
        List<Object> open =
                List.of("--metrics-addr=0.0.0.0:0", "--metrics-allow-remote", "--metrics-keystore");
        List<Object> args = new ArrayList<>(open);
        args.addAll(List.of(keys, "--metrics-client-ca", ours.authority(), SAMPLE));
        try (Served served = Served.with(HERE, args.toArray())) {
            served.await("all is read");
            String url = "https://127.0.0.1:" + served.port() + "/metrics";
            assertEquals(
                    200,
                    curl(
                            url,
                            "--cacert",
                            ours.authority(),
                            "--cert",
                            own("server"),
                            "--key",
                            key("server")));
            assertEquals(0, curl(url, "--cacert", ours.authority()));
        }
        List<Object> anyone = new ArrayList<>(open);
        anyone.addAll(List.of(keys, SAMPLE));
        Run refused = refused(anyone.toArray());
        assertEquals(2, refused.code(), "TLS alone asks nobody who he is");
        assertTrue(refused.err().contains("--metrics-client-ca"), refused.err());
    }

    @Test
    void ipv6LoopbackIsServedAndSaidInShort() throws Exception {
        Needs.file("/proc/net/if_inet6");
        try (Served served = Served.with(Map.of(), "--metrics-addr", "[::1]:0", SAMPLE)) {
            served.await("all is read");
            assertTrue(served.target().startsWith("[::1]:"), served.err());
            assertEquals(200, served.get("/metrics").statusCode());
            assertEquals(200, served.get("/page.json").statusCode());
        }
    }

    @Test
    void aFileThatIsNotWhatItShouldBeIsNamed() throws Exception {
        Certificates ours = new Certificates(folder, "ours");
        Path keys = ours.sign("server");
        Path junk = Files.writeString(folder.resolve("junk"), "junk\n");
        Path empty = Files.writeString(folder.resolve("empty"), "");
        Path user = Files.writeString(folder.resolve("user"), "prom:\n");
        Path none = folder.resolve("none");
        assertSays(none + ": no such file", "--metrics-keystore", none);
        assertSays(ours.authority() + " is no PKCS#12", "--metrics-keystore", ours.authority());
        assertSays(junk + " is no PKCS#12", "--metrics-keystore", junk);
        assertSays(
                none + ": no such file", "--metrics-keystore", keys, "--metrics-client-ca", none);
        assertSays(
                junk + " holds no certificate",
                "--metrics-keystore",
                keys,
                "--metrics-client-ca",
                junk);
        assertSays(
                empty + " holds no certificate",
                "--metrics-keystore",
                keys,
                "--metrics-client-ca",
                empty);
        assertSays(none + ": no such file", "--metrics-token-file", none);
        assertSays(empty + ": token: must not be empty", "--metrics-token-file", empty);
        assertSays(junk + ": must hold user:password", "--metrics-user-file", junk);
        assertSays(user + ": password: must not be empty", "--metrics-user-file", user);
        Run both = refused("--metrics-user-file", user, "--metrics-token-file", junk, SAMPLE);
        assertEquals(2, both.code(), both.err());
        Run alone = refused("--metrics-client-ca", ours.authority(), SAMPLE);
        assertEquals(2, alone.code(), alone.err());
        assertTrue(alone.err().contains("needs --metrics-keystore"), alone.err());
    }

    private static Run refused(Object... args) throws Exception {
        List<Object> line = new ArrayList<>(List.of("serve"));
        line.addAll(List.of(args));
        ProcessBuilder builder = new ProcessBuilder(Run.forked(line.toArray()));
        builder.environment().putAll(HERE);
        Run run = Run.process(builder);
        assertNotEquals(0, run.code(), run.err());
        // Of a library that only the tests have.
        return new Run(run.code(), run.out(), run.err().replaceAll("(?m)^SLF4J.*\\R", ""));
    }

    private static void assertSays(String text, Object... args) throws Exception {
        List<Object> line = new ArrayList<>(List.of(args));
        line.add(SAMPLE);
        Run run = refused(line.toArray());
        assertEquals(1, run.code(), run.err());
        assertTrue(run.err().contains(text), text + " expected, was " + run.err());
        assertEquals(1, run.err().lines().count(), run.err());
    }
}
