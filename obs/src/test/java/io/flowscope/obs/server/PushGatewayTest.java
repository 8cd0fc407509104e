package io.flowscope.obs.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;

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
    void addressesThatAreNoneAreRefused() {
        assertThrows(
                IllegalArgumentException.class,
                () -> new PushGateway(URI.create("file:///etc"), "j", null));
        assertThrows(IllegalArgumentException.class, () -> new PushGateway(address(), " ", null));
    }
}
