package io.flowscope.obs.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;

import javax.net.ssl.SSLContext;

class MetricsServerTest {
    private static final String PAGE = "flowscope_flows_active 1\n".repeat(100);

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
                        accept -> Page.text(200, accept.contains("openmetrics") ? "om\n" : PAGE),
                        () -> true,
                        Map.of(
                                "/fails",
                                accept -> {
                                    throw new IllegalStateException("secret");
                                }));
    }

    private void start() throws IOException {
        start(MetricsServerOptions.builder().rate(1000, 1000));
    }

    /** What one raw request on one connection gets back, until the server closes or 8 s passed. */
    private String send(String request) throws IOException {
        try (Socket socket = connect("127.0.0.1")) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(readAll(socket.getInputStream()), StandardCharsets.ISO_8859_1);
        }
    }

    private static byte[] readAll(InputStream in) throws IOException {
        return in.readAllBytes();
    }

    private Socket connect(String from) throws IOException {
        Socket socket = new Socket();
        socket.setSoTimeout(8000);
        socket.bind(new InetSocketAddress(from, 0));
        socket.connect(server.address(), 2000);
        return socket;
    }

    private String get(String path, String... headers) throws IOException {
        return send(request("GET", path, headers));
    }

    private static String request(String method, String path, String... headers) {
        return method
                + " "
                + path
                + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                + String.join("", List.of(headers).stream().map(h -> h + "\r\n").toList())
                + "\r\n";
    }

    private static int status(String answer) {
        assertTrue(answer.startsWith("HTTP/1.1 "), answer);
        for (String always :
                List.of(
                        "X-Content-Type-Options: nosniff\r\n",
                        "X-Frame-Options: DENY\r\n",
                        "X-XSS-Protection: 1; mode=block\r\n",
                        "Content-Security-Policy: default-src 'self'\r\n")) {
            assertTrue(answer.contains(always), answer);
        }
        return Integer.parseInt(answer.substring(9, 12));
    }

    @Test
    void servesTheThreePagesAndNothingElse() throws IOException {
        start();
        assertEquals(200, status(get("/metrics")));
        assertTrue(get("/metrics").endsWith(PAGE));
        assertEquals(200, status(get("/healthz")));
        assertEquals(200, status(get("/readyz")));
        assertEquals(404, status(get("/")));
        assertEquals(404, status(get("/metrics/")));
        assertEquals(404, status(get("/Metrics")));
        assertEquals(200, status(get("/metrics?x=1")));
    }

    @Test
    void answersGetAndHeadOnly() throws IOException {
        start();
        String head = send(request("HEAD", "/metrics"));
        assertEquals(200, status(head));
        assertTrue(head.contains("Content-Length: " + PAGE.length() + "\r\n"), head);
        assertTrue(head.endsWith("\r\n\r\n"), head);
        for (String method : List.of("POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH")) {
            String answer = send(request(method, "/metrics"));
            assertEquals(405, status(answer));
            assertTrue(answer.contains("Allow: GET, HEAD\r\n"), answer);
        }
    }

    @Test
    void refusesWhatIsNoRequest() throws IOException {
        start();
        assertEquals(400, status(send("garbage\r\n\r\n")));
        assertEquals(400, status(send("GET metrics HTTP/1.1\r\nHost: x\r\n\r\n")));
        assertEquals(400, status(send("GET /metrics HTTP/1.1\r\n\r\n")));
        assertEquals(400, status(send("GET /metrics HTTP/1.1\r\nHost: x\r\n folded\r\n\r\n")));
        assertEquals(505, status(send("GET /metrics HTTP/2.0\r\nHost: x\r\n\r\n")));
        assertEquals(
                431, status(send("GET /metrics HTTP/1.1\r\nX: " + "y".repeat(8192 - 28) + "\r\n")));
        assertEquals(413, status(get("/metrics", "Content-Length: 1048577")));
        assertEquals(400, status(get("/metrics", "Content-Length: -1")));
        assertEquals(411, status(get("/metrics", "Transfer-Encoding: chunked")));
    }

    @Test
    void aFailingPageTellsNothingAboutItself() throws IOException {
        start();
        String answer = get("/fails");
        assertEquals(500, status(answer));
        assertFalse(answer.contains("secret"), answer);
    }

    @Test
    void compressesForThoseWhoAsk() throws IOException {
        start();
        try (Socket socket = connect("127.0.0.1")) {
            socket.getOutputStream()
                    .write(
                            request("GET", "/metrics", "Accept-Encoding: deflate, gzip;q=0.5")
                                    .getBytes(StandardCharsets.ISO_8859_1));
            byte[] all = readAll(socket.getInputStream());
            String text = new String(all, StandardCharsets.ISO_8859_1);
            int body = text.indexOf("\r\n\r\n") + 4;
            assertTrue(text.contains("Content-Encoding: gzip\r\n"), text.substring(0, body));
            try (GZIPInputStream gzip =
                    new GZIPInputStream(new ByteArrayInputStream(all, body, all.length - body))) {
                assertEquals(PAGE, new String(gzip.readAllBytes(), StandardCharsets.US_ASCII));
            }
        }
        assertFalse(get("/metrics", "Accept-Encoding: gzip;q=0").contains("gzip\r\n"));
    }

    @Test
    void handsTheAcceptHeaderToThePage() throws IOException {
        start();
        assertTrue(get("/metrics", "Accept: application/openmetrics-text").endsWith("om\n"));
    }

    @Test
    void answersSeveralRequestsOnOneConnectionInOrder() throws IOException {
        start();
        String keep = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n";
        String answers = send(keep + keep + request("GET", "/readyz"));
        assertEquals(3, answers.split("HTTP/1.1 200 OK", -1).length - 1, answers);
        assertTrue(answers.endsWith("ready\n"), answers);
    }

    @Test
    void asksForCredentialsWhereThereAreSome() throws IOException {
        start(
                MetricsServerOptions.builder()
                        .rate(1000, 1000)
                        .credentials(Credentials.bearer(" t0ken\n")));
        String refused = get("/metrics");
        assertEquals(401, status(refused));
        assertTrue(refused.contains("WWW-Authenticate: Bearer"), refused);
        assertEquals(401, status(get("/metrics", "Authorization: Bearer t0ke")));
        assertEquals(401, status(get("/metrics", "Authorization: Basic dDBrZW4=")));
        assertEquals(200, status(get("/metrics", "Authorization: bearer t0ken")));
        assertEquals(200, status(get("/healthz")));
    }

    @Test
    void basicCredentialsAreUserAndPassword() throws IOException {
        start(
                MetricsServerOptions.builder()
                        .rate(1000, 1000)
                        .credentials(Credentials.basic("prom", "a:b")));
        assertEquals(200, status(get("/metrics", "Authorization: Basic cHJvbTphOmI=")));
        assertEquals(401, status(get("/metrics", "Authorization: Basic !!")));
        assertEquals(401, status(get("/metrics", "Authorization: Basic cHJvbTphOmM=")));
    }

    @Test
    void aCallerWhoAsksTooOftenWaits() throws IOException {
        start(MetricsServerOptions.builder().rate(10, 20));
        int served = 0;
        int refused = 0;
        for (int i = 0; i < 100; i++) {
            String answer = get("/metrics");
            if (status(answer) == 429) {
                assertTrue(answer.contains("Retry-After: 1\r\n"), answer);
                refused++;
            } else {
                served++;
            }
        }
        assertTrue(served >= 20 && served < 100, served + " served");
        assertTrue(refused > 0);
        assertEquals(200, status(get("/healthz")), "health has its own bucket");
    }

    @Test
    void whoComesWhenAllConnectionsAreTakenIsToldSo() throws IOException {
        start();
        try (Crowd crowd = new Crowd()) {
            String refusal = crowd.next();
            assertEquals(503, status(refusal));
            assertTrue(refusal.contains("Retry-After: 1\r\n"), refusal);
            assertTrue(refusal.contains("Connection: close\r\n"), refusal);
        }
    }

    @Test
    void whereTlsIsSpokenWhoIsOneTooManyIsClosedWithoutAWord() throws Exception {
        start(MetricsServerOptions.builder().tls(SSLContext.getDefault(), false));
        try (Crowd crowd = new Crowd()) {
            assertEquals("", crowd.next());
        }
    }

    /** As many connections of one address as there may be. */
    private final class Crowd implements AutoCloseable {
        private final List<Socket> sockets = new ArrayList<>();

        Crowd() throws IOException {
            for (int i = 0; i < MetricsServer.MAX_CONNECTIONS; i++) {
                sockets.add(connect("127.0.0.1"));
            }
        }

        /** What one more is told. */
        String next() throws IOException {
            try (Socket socket = connect("127.0.0.1")) {
                return new String(readAll(socket.getInputStream()), StandardCharsets.ISO_8859_1);
            }
        }

        @Override
        public void close() throws IOException {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }

    @Test
    void anAddressThatIsNotLoopbackNeedsPermissionAndCredentials() {
        assertThrows(
                IllegalArgumentException.class,
                () -> MetricsServerOptions.builder().address("0.0.0.0:0").build());
        IllegalArgumentException open =
                assertThrows(
                        IllegalArgumentException.class,
                        () ->
                                MetricsServerOptions.builder()
                                        .address("0.0.0.0:0")
                                        .allowRemote(true)
                                        .build());
        assertTrue(open.getMessage().contains("bearer token"), open.getMessage());
        MetricsServerOptions.builder()
                .address("0.0.0.0:0")
                .allowRemote(true)
                .credentials(Credentials.bearer("x"))
                .build();
    }

    @Test
    void everyMistakeInTheOptionsIsNamedAtOnce() {
        IllegalArgumentException e =
                assertThrows(
                        IllegalArgumentException.class,
                        () ->
                                MetricsServerOptions.builder()
                                        .address("10.1.2.3:1")
                                        .rate(0, 0)
                                        .build());
        assertTrue(e.getMessage().contains("address:"), e.getMessage());
        assertTrue(e.getMessage().contains("requestsPerSecond:"), e.getMessage());
        assertTrue(e.getMessage().contains("burst:"), e.getMessage());
    }

    @Test
    @Tag("slow")
    void stuckClientsHoldUpNobodyElseAndAreClosedInTime() throws Exception {
        start();
        List<Socket> stuck = new ArrayList<>();
        try {
            for (int i = 0; i < 1000; i++) {
                Socket socket = connect("127.0.0.1");
                socket.getOutputStream().write("GET /met".getBytes(StandardCharsets.US_ASCII));
                stuck.add(socket);
            }
            List<Long> millis = new ArrayList<>();
            // A busy machine may keep one waiting; the stuck ones are there for five seconds.
            do {
                millis.add(millisOfAGoodOne());
            } while (millis.getLast() >= 1000 && millis.size() < 3);
            assertTrue(millis.getLast() < 1000, millis + " ms");
            Thread.sleep(5500);
            assertEquals(200, status(get("/metrics")), "the stuck ones are gone");
        } finally {
            for (Socket socket : stuck) {
                socket.close();
            }
        }
    }

    private long millisOfAGoodOne() throws IOException {
        long start = System.nanoTime();
        try (Socket good = connect("127.0.0.2")) {
            good.getOutputStream()
                    .write(request("GET", "/metrics").getBytes(StandardCharsets.US_ASCII));
            String answer = new String(readAll(good.getInputStream()), StandardCharsets.ISO_8859_1);
            assertEquals(200, status(answer));
        }
        return Duration.ofNanos(System.nanoTime() - start).toMillis();
    }

    @Test
    @Tag("slow")
    void aClientThatDoesNotTakeItsAnswerIsClosed() throws Exception {
        byte[] large = new byte[64 << 20];
        server =
                MetricsServer.start(
                        MetricsServerOptions.builder().address("127.0.0.1:0").build(),
                        accept -> new Page(200, "text/plain", large),
                        () -> true);
        try (Socket slow = new Socket()) {
            slow.setReceiveBufferSize(4096);
            slow.connect(server.address());
            slow.getOutputStream()
                    .write(request("GET", "/metrics").getBytes(StandardCharsets.US_ASCII));
            Thread.sleep(11_500);
            slow.setSoTimeout(2000);
            long got = 0;
            byte[] buffer = new byte[1 << 16];
            try {
                for (int n; (n = slow.getInputStream().read(buffer)) >= 0; ) {
                    got += n;
                }
            } catch (java.net.SocketException reset) {
                assertTrue(got < large.length);
            }
            assertTrue(got < large.length, got + " bytes");
        }
    }

    @Test
    void stopReturnsSoonThoughClientsAreStuck() throws Exception {
        start();
        try (Socket stuck = connect("127.0.0.1")) {
            stuck.getOutputStream().write('G');
            Thread.sleep(50);
            long start = System.nanoTime();
            server.close();
            server.close();
            long millis = Duration.ofNanos(System.nanoTime() - start).toMillis();
            assertTrue(millis < 1000, millis + " ms");
            assertEquals(-1, stuck.getInputStream().read());
        }
    }

    @Test
    void aBusyAddressIsSaidInOneSentence() throws IOException {
        start();
        InetSocketAddress taken = server.address();
        IOException e =
                assertThrows(
                        IOException.class,
                        () ->
                                MetricsServer.start(
                                        MetricsServerOptions.builder().address(taken).build(),
                                        accept -> Page.text(200, ""),
                                        () -> true));
        assertTrue(e.getMessage().startsWith("cannot listen on"), e.getMessage());
    }

    /** A server whose page takes so long. */
    private void startSlow(long millis) throws IOException {
        server =
                MetricsServer.start(
                        MetricsServerOptions.builder().address("127.0.0.1:0").build(),
                        accept -> {
                            try {
                                Thread.sleep(millis);
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                            return Page.text(200, PAGE);
                        },
                        () -> true);
    }

    @Test
    void aPageThatIsBeingMadeWhenTheServerClosesIsStillDelivered() throws Exception {
        startSlow(700);
        try (Socket waiting = connect("127.0.0.1")) {
            waiting.getOutputStream()
                    .write(request("GET", "/metrics").getBytes(StandardCharsets.US_ASCII));
            Thread.sleep(200);
            server.close();
            String answer =
                    new String(readAll(waiting.getInputStream()), StandardCharsets.US_ASCII);
            assertEquals(200, status(answer));
            assertTrue(answer.endsWith(PAGE), answer);
        }
    }

    @Test
    @Tag("slow")
    void makingAPageMayTakeLongerThanReadingARequest() throws IOException {
        startSlow(6500);
        assertEquals(200, status(get("/metrics")));
    }

    @Test
    void aRefusalArrivesThoughMoreIsSentThanIsRead() throws IOException {
        start();
        String tooMuch = get("/metrics", "Content-Length: 1300000") + "x";
        assertEquals(413, status(tooMuch));
        String body = "y".repeat(1_300_000);
        for (int i = 0; i < 20; i++) {
            try (Socket socket = connect("127.0.0.1")) {
                String all = request("POST", "/metrics", "Content-Length: 1300000") + body;
                socket.getOutputStream().write(all.getBytes(StandardCharsets.US_ASCII));
                String answer =
                        new String(readAll(socket.getInputStream()), StandardCharsets.US_ASCII);
                assertEquals(413, status(answer));
            }
        }
    }

    @Test
    void everyTokenIsAMethodAndOnlyTwoAreAllowed() throws IOException {
        start();
        for (String method : List.of("get", "M-SEARCH", "X!#", "PROPPATCHANDMOREBESIDES")) {
            assertEquals(405, status(send(request(method, "/metrics"))), method);
        }
        assertEquals(405, status(send(request("M-SEARCH", "*"))));
        assertEquals(405, status(send(request("OPTIONS", "*"))));
        assertEquals(400, status(send(request("GET", "*"))));
        for (String method : List.of("", "(GET)", "G\u00cbT", "GET:")) {
            assertEquals(400, status(send(request(method, "/metrics"))), method);
        }
    }
}
