package io.flowscope.obs.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

class PushGatewayTest {
    private final List<String> got = new ArrayList<>();
    private HttpServer gateway;
    private int status = 200;

    @BeforeEach
    void start() throws IOException {
        gateway = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
        gateway.createContext(
                "/",
                exchange -> {
                    got.add(
                            exchange.getRequestMethod()
                                    + " "
                                    + exchange.getRequestURI().getRawPath()
                                    + " "
                                    + exchange.getRequestHeaders().getFirst("Content-Type")
                                    + " "
                                    + exchange.getRequestHeaders().getFirst("Authorization")
                                    + " "
                                    + new String(
                                            exchange.getRequestBody().readAllBytes(),
                                            StandardCharsets.UTF_8));
                    byte[] answer = "no such thing".getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(status, answer.length);
                    exchange.getResponseBody().write(answer);
                    exchange.close();
                });
        gateway.start();
    }

    @AfterEach
    void stop() {
        gateway.stop(0);
    }

    private URI address() {
        return URI.create("http://127.0.0.1:" + gateway.getAddress().getPort() + "/");
    }

    @Test
    void replacesWhatTheJobHad() throws IOException {
        new PushGateway(address(), "night run+1", "Bearer t").push(Page.text(200, "a 1\n"));
        assertEquals(
                List.of(
                        "PUT /metrics/job/night%20run%2B1 text/plain; charset=utf-8 Bearer t a"
                                + " 1\n"),
                got);
    }

    @Test
    void namesThatAPathWouldLoseAreSentInBase64() throws IOException {
        for (String job : List.of("night run/1", "/", ".", "..", "é/ÿ?>", "...", "a%2Fb")) {
            new PushGateway(address(), job, null).push(Page.text(200, ""));
        }
        assertEquals(
                List.of(
                        "/metrics/job@base64/bmlnaHQgcnVuLzE",
                        "/metrics/job@base64/Lw",
                        "/metrics/job@base64/Lg",
                        "/metrics/job@base64/Li4",
                        "/metrics/job@base64/w6kvw78_Pg",
                        "/metrics/job/...",
                        "/metrics/job/a%252Fb"),
                got.stream().map(request -> request.split(" ", -1)[1]).toList());
    }

    @Test
    void aRefusalSaysWhatTheGatewaySaid() {
        status = 400;
        IOException e =
                assertThrows(
                        IOException.class,
                        () -> new PushGateway(address(), "j", null).push(Page.text(200, "a\n")));
        assertTrue(e.getMessage().contains("status 400 no such thing"), e.getMessage());
    }

    @Test
    void nobodyThereIsAnError() {
        gateway.stop(0);
        assertThrows(
                IOException.class,
                () -> new PushGateway(address(), "j", null).push(Page.text(200, "a\n")));
    }

    @Test
    void everyMistakeIsNamedAtOnceAndNoSecretIs() {
        assertRefused(
                "gateway: http://host:port or https://host:port, was file:///etc;"
                        + " job: must not be empty; authorization: one line of printable ASCII",
                "file:///etc",
                " ",
                "Bearer s3cret\nX: y");
        assertRefused(
                "gateway: no user in it; what it asks for goes into the authorization",
                "http://prometheus:s3cret@localhost:9091",
                "j",
                null);
        for (String address : List.of("http://h:1/?a=b", "http://h:1/#c", "//h:1", "http:///x")) {
            assertRefused(
                    "gateway: http://host:port or https://host:port, was " + address,
                    address,
                    "j",
                    null);
        }
        assertRefused("authorization: one line of printable ASCII", "http://h", "j", "");
    }

    private static void assertRefused(
            String sentence, String gateway, String job, @Nullable String authorization) {
        var thrown =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> new PushGateway(URI.create(gateway), job, authorization));
        assertEquals(sentence, thrown.getMessage());
    }

    @Test
    void blanksAroundTheAuthorizationAreNotItsOwn() throws IOException {
        new PushGateway(address(), "j", "Bearer t\n").push(Page.text(200, ""));
        assertTrue(got.getFirst().contains(" Bearer t "), got.getFirst());
    }
}
