package io.flowscope.obs.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** The endpoint with TLS, and with clients that mean no good. */
class HardTimesTest {
    private static final String PASSWORD = "changeit";

    /** Bytes: far beyond what is drained and what lies in both sockets' buffers. */
    private static final int MOST_SENT = 40_000_000;

    @TempDir private Path folder;
    private MetricsServer server;

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    private void start(MetricsServerOptions.Builder options) throws IOException {
        server =
                MetricsServer.start(
                        options.address("127.0.0.1:0").build(),
                        accept -> Page.text(200, "flowscope_flows_active 1\n"),
                        () -> true);
    }

    private Socket connect(String from) throws IOException {
        Socket socket = new Socket();
        socket.setSoTimeout(8000);
        socket.bind(new InetSocketAddress(from, 0));
        socket.connect(server.address(), 2000);
        return socket;
    }

    private String send(String from, byte[] bytes) throws IOException {
        try (Socket socket = connect(from)) {
            InputStream in = socket.getInputStream();
            StringBuilder answer = new StringBuilder();
            try {
                socket.getOutputStream().write(bytes);
                for (int b; (b = in.read()) >= 0; ) {
                    answer.append((char) b);
                }
            } catch (SocketException reset) {
                return answer.toString();
            }
            return answer.toString();
        }
    }

    private static byte[] get(String path) {
        return ("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    private void assertServedWithinASecond(String from) throws IOException {
        List<Long> millis = new ArrayList<>();
        // On a busy machine somebody may be kept waiting, but not everybody.
        do {
            long start = System.nanoTime();
            assertTrue(send(from, get("/metrics")).startsWith("HTTP/1.1 200"));
            millis.add((System.nanoTime() - start) / 1_000_000);
        } while (millis.getLast() >= 1000 && millis.size() < 4);
        assertTrue(millis.getLast() < 1000, millis + " ms");
    }

    private KeyStore keys(String name) throws Exception {
        Path store = folder.resolve(name + ".p12");
        Process keytool =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "keytool")
                                        .toString(),
                                "-genkeypair",
                                "-alias",
                                name,
                                "-keyalg",
                                "EC",
                                "-dname",
                                "CN=" + name,
                                "-ext",
                                "san=ip:127.0.0.1",
                                "-keystore",
                                store.toString(),
                                "-storetype",
                                "PKCS12",
                                "-storepass",
                                PASSWORD)
                        .redirectErrorStream(true)
                        .start();
        String output = new String(keytool.getInputStream().readAllBytes());
        assertEquals(0, keytool.waitFor(), output);
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        return keys;
    }

    private static SSLContext context(KeyStore own, KeyStore... others) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        for (KeyStore other : others) {
            String name = other.aliases().nextElement();
            trusted.setCertificateEntry(name, other.getCertificate(name));
        }
        TrustManagerFactory trust =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        KeyManagerFactory mine =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        mine.init(own, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(own == null ? null : mine.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    private int status(SSLContext client) throws Exception {
        return status(client, "127.0.0.1");
    }

    private int status(SSLContext client, String from) throws Exception {
        try (HttpClient http =
                HttpClient.newBuilder()
                        .sslContext(client)
                        .localAddress(InetAddress.getByName(from))
                        .build()) {
            return http.send(
                            HttpRequest.newBuilder(
                                            URI.create(
                                                    "https://127.0.0.1:"
                                                            + server.address().getPort()
                                                            + "/metrics"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .statusCode();
        }
    }

    @Test
    @Tag("slow")
    void tlsServesThoseWhoTrustIt() throws Exception {
        KeyStore server = keys("server");
        KeyStore client = keys("client");
        start(MetricsServerOptions.builder().tls(context(server, client), false));
        assertEquals(200, status(context(client, server)));
        assertThrows(IOException.class, () -> status(SSLContext.getDefault()));
        String plain = send("127.0.0.1", get("/metrics"));
        assertTrue(!plain.contains("HTTP/1.1 200"), plain);
    }

    @Test
    @Tag("slow")
    void mutualTlsServesOnlyThoseWithACertificate() throws Exception {
        KeyStore server = keys("server");
        KeyStore client = keys("client");
        KeyStore stranger = keys("stranger");
        start(MetricsServerOptions.builder().tls(context(server, client), true));
        assertEquals(200, status(context(client, server)));
        assertThrows(IOException.class, () -> status(context(stranger, server)));
        KeyStore nobody = KeyStore.getInstance("PKCS12");
        nobody.load(null, null);
        assertThrows(IOException.class, () -> status(context(nobody, server)));
    }

    @Test
    @Tag("slow")
    void certificatesAndNotAddressesHaveTheirOwnRateLimits() throws Exception {
        KeyStore server = keys("server");
        KeyStore greedy = keys("greedy");
        KeyStore modest = keys("modest");
        start(
                MetricsServerOptions.builder()
                        .tls(context(server, greedy, modest), true)
                        .rate(0.001, 3));
        for (int i = 0; i < 3; i++) {
            assertEquals(200, status(context(greedy, server)));
        }
        assertEquals(429, status(context(greedy, server)));
        assertEquals(429, status(context(greedy, server), "127.0.0.2"));
        assertEquals(200, status(context(modest, server)));
    }

    @Test
    @Tag("slow")
    void aClientThatIsSlowToShakeHandsHoldsUpNobody() throws Exception {
        KeyStore server = keys("server");
        KeyStore client = keys("client");
        start(MetricsServerOptions.builder().tls(context(server, client), true));
        try (Socket stuck = connect("127.0.0.1")) {
            stuck.getOutputStream().write(22);
            assertEquals(200, status(context(client, server)));
            long begin = System.nanoTime();
            assertEquals(-1, stuck.getInputStream().read(), "closed at its deadline");
            assertTrue(System.nanoTime() - begin < 7_000_000_000L);
        }
    }

    @Test
    void garbageGetsAnErrorOrNothingAndNeverAPage() throws IOException {
        start(MetricsServerOptions.builder().rate(10_000, 10_000));
        Random random = new Random(11);
        for (int i = 0; i < 300; i++) {
            byte[] bytes = new byte[random.nextInt(3000)];
            random.nextBytes(bytes);
            if (random.nextBoolean()) {
                byte[] start = "GET /metrics HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII);
                System.arraycopy(start, 0, bytes, 0, Math.min(start.length, bytes.length));
            }
            byte[] ended = java.util.Arrays.copyOf(bytes, bytes.length + 4);
            ended[bytes.length] = '\r';
            ended[bytes.length + 1] = '\n';
            ended[bytes.length + 2] = '\r';
            ended[bytes.length + 3] = '\n';
            String answer = send("127.0.0.1", ended);
            assertTrue(!answer.contains("HTTP/1.1 200"), answer);
        }
        assertServedWithinASecond("127.0.0.2");
    }

    @Test
    void garbageBehindAGoodRequestEndsTheConnection() throws IOException {
        start(MetricsServerOptions.builder());
        String pipelined =
                "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\nrubbish\r\n\r\n"
                        + "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n";
        String answer = send("127.0.0.1", pipelined.getBytes(StandardCharsets.US_ASCII));
        assertEquals(2, answer.split("HTTP/1.1 200", -1).length, answer);
        assertTrue(answer.contains("HTTP/1.1 400"), answer);
    }

    @Test
    void aHeadWithoutEndIsCutOffAndMemoryStaysFlat() throws IOException {
        start(MetricsServerOptions.builder());
        byte[] line = ("X: " + "y".repeat(1000) + "\r\n").getBytes(StandardCharsets.US_ASCII);
        long before = used();
        for (int i = 0; i < 100; i++) {
            try (Socket socket = connect("127.0.0.1")) {
                socket.getOutputStream()
                        .write("GET / HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII));
                int sent = 0;
                try {
                    while (sent < MOST_SENT) {
                        socket.getOutputStream().write(line);
                        sent += line.length;
                    }
                } catch (SocketException closedOnUs) {
                    assertTrue(sent > 0);
                }
                assertTrue(sent < MOST_SENT, "read on to " + sent);
            }
        }
        assertTrue(used() - before < 30_000_000, used() - before + " bytes");
        assertServedWithinASecond("127.0.0.2");
    }

    private static long used() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    @Test
    @Tag("slow")
    void tenTimesTheRateIsRefusedAndOthersAreServed() throws Exception {
        start(MetricsServerOptions.builder());
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger served = new AtomicInteger();
        AtomicInteger refused = new AtomicInteger();
        Thread greedy =
                Thread.ofPlatform()
                        .start(
                                () -> {
                                    while (!over.get()) {
                                        try {
                                            String answer = send("127.0.0.1", get("/metrics"));
                                            (answer.startsWith("HTTP/1.1 200") ? served : refused)
                                                    .incrementAndGet();
                                            Thread.sleep(8);
                                        } catch (IOException | InterruptedException e) {
                                            refused.incrementAndGet();
                                        }
                                    }
                                });
        long begin = System.nanoTime();
        // On a busy machine the greedy one takes longer to get through what is allowed at once.
        for (int i = 0; i < 10 || i < 100 && refused.get() <= served.get(); i++) {
            Thread.sleep(300);
            assertServedWithinASecond("127.0.0.3");
        }
        over.set(true);
        greedy.join();
        double seconds = (System.nanoTime() - begin) / 1e9;
        assertTrue(served.get() <= 20 + 10 * (seconds + 2), served + " served");
        assertTrue(refused.get() > served.get(), refused + " refused");
    }
}
