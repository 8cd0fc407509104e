package io.flowscope.tracker.session.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flowscope.tracker.Side;
import io.flowscope.tracker.session.ParserStatus;
import io.flowscope.tracker.session.Ports;
import io.flowscope.tracker.session.SessionParser;
import io.flowscope.tracker.session.Splits;
import io.flowscope.tracker.session.Talk;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Set;

@SuppressWarnings("StringConcatToTextBlock") // line ends are what these tests are about
class HttpFramingTest {
    private static final HttpOptions HASHING =
            HttpOptions.builder().hashBodies(true).maxHeadBytes(2048).build();

    private static SessionParser<HttpMessage> parser() {
        return new HttpFactory(HASHING).newStreamParser(new Ports(40000, 80));
    }

    private static Talk.Run run(Talk talk) {
        return Splits.same(talk, HttpFramingTest::parser);
    }

    private static String body(HttpResponse response) {
        return response.body().kept().toString();
    }

    @Test
    void aRequestAndItsResponseMakeAnExchange() {
        Talk.Run run =
                run(
                        new Talk()
                                .client(
                                        "GET /a?b=c HTTP/1.1\r\n"
                                                + "Host: h.example\r\n"
                                                + "X: 1\r\n"
                                                + "x:2 \r\n\r\n")
                                .server("HTTP/1.1 200 Very OK\r\nContent-Length: 5\r\n\r\nhello"));
        HttpExchange exchange = run.only(HttpExchange.class);
        HttpRequest request = exchange.request();
        HttpResponse response = exchange.response();
        assertNotNull(request);
        assertNotNull(response);
        assertEquals("GET", request.head().method().toString());
        assertEquals("/a?b=c", request.head().path());
        assertEquals("h.example", request.head().host());
        assertEquals("HTTP/1.1", request.head().version().toString());
        assertEquals(3, request.head().headers().size());
        assertEquals("[1, 2]", request.head().headers().all("X").toString());
        assertNull(request.head().headers().first("Y"));
        assertEquals(HttpBody.Outcome.NONE, request.body().outcome());
        assertEquals(200, response.head().status());
        assertEquals("Very OK", response.head().reason().toString());
        assertEquals("hello", body(response));
        assertEquals(HttpBody.Outcome.COMPLETE, response.body().outcome());
        assertEquals(HttpBody.Keeping.WHOLE, response.body().keeping());
        assertEquals(
                "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824",
                response.body().sha256().toHex());
        assertEquals(request.head(), response.request());
        assertEquals(1_000_000, exchange.latencyNanos());
        assertEquals(3, run.heard().size());
    }

    @Test
    void chunksAreJoinedAndTrailersKept() {
        Talk.Run run =
                run(
                        new Talk()
                                .client(
                                        "POST / HTTP/1.1\r\n"
                                                + "Transfer-Encoding: gzip, Chunked\r\n\r\n"
                                                + "3\r\n"
                                                + "abc\r\n"
                                                + "0005;ext=\"1\"\r\n"
                                                + "defgh\r\n"
                                                + "00\r\n"
                                                + "Digest: x\r\n"
                                                + "Other:y\r\n\r\n")
                                .client("GET /2 HTTP/1.1\r\n\r\n"));
        List<HttpRequest> requests = run.all(HttpRequest.class);
        assertEquals(2, requests.size());
        HttpBody body = requests.getFirst().body();
        assertEquals("abcdefgh", body.kept().toString());
        assertEquals(8, body.lengthBytes());
        assertEquals("Digest: x\nOther: y\n", body.trailers().toString());
    }

    @Test
    void aBodyMayEndWithTheConnection() {
        Talk talk =
                new Talk()
                        .client("GET / HTTP/1.0\n\n")
                        .server("HTTP/1.0 200 OK\nServer: x\n\nto the end")
                        .end(Side.RESPONDER);
        HttpResponse response = run(talk).only(HttpResponse.class);
        assertEquals("to the end", body(response));
        assertEquals(HttpBody.Outcome.COMPLETE, response.body().outcome());
        assertEquals(Set.of(HttpDefect.BARE_LINE_FEED), response.head().defects());
    }

    @Test
    void pipelinedRequestsGetTheirResponsesInOrder() {
        Talk talk =
                new Talk()
                        .client("GET /1 HTTP/1.1\r\n\r\nHEAD /2 HTTP/1.1\r\n\r\n")
                        .client(
                                "POST /3 HTTP/1.1\r\n"
                                        + "Content-Length: 2\r\n\r\n"
                                        + "xyGET /4 HTTP/1.1\r\n\r\n")
                        .server("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na")
                        .server("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n")
                        .server("HTTP/1.1 204 No\r\nContent-Length: 7\r\n\r\n")
                        .server("HTTP/1.1 304 No\r\nTransfer-Encoding: chunked\r\n\r\n");
        List<HttpExchange> exchanges = run(talk).all(HttpExchange.class);
        assertEquals(4, exchanges.size());
        for (int i = 0; i < 4; i++) {
            HttpRequest request = exchanges.get(i).request();
            assertNotNull(request);
            assertEquals("/" + (i + 1), request.head().path());
            assertNotNull(exchanges.get(i).response());
        }
    }

    @Test
    void zerosBeforeALengthSayNothing() {
        String zeros = "0".repeat(40);
        Talk talk =
                new Talk()
                        .client("POST / HTTP/1.1\r\nContent-Length: " + zeros + "3\r\n\r\nabc")
                        .client("PUT / HTTP/1.1\r\nContent-Length: " + zeros + "\r\n\r\n")
                        .client("GET / HTTP/1.1\r\n\r\n");
        List<HttpRequest> requests = run(talk).all(HttpRequest.class);
        assertEquals(
                List.of("POST", "PUT", "GET"),
                requests.stream().map(r -> r.head().method().toString()).toList());
        assertEquals("abc", requests.getFirst().body().kept().toString());
    }

    @Test
    void interimResponsesComeBeforeTheFinalOne() {
        Talk talk =
                new Talk()
                        .client(
                                "PUT / HTTP/1.1\r\n"
                                        + "Expect: 100-continue\r\n"
                                        + "Content-Length: 3\r\n\r\n")
                        .server("HTTP/1.1 100 Continue\r\n\r\n")
                        .client("abc")
                        .server(
                                "HTTP/1.1 103 Early Hints\r\n"
                                        + "Link: x\r\n\r\n"
                                        + "HTTP/1.1 201 Created\r\n"
                                        + "Content-Length: 0\r\n\r\n");
        Talk.Run run = run(talk);
        List<HttpResponse> responses = run.all(HttpResponse.class);
        assertEquals(
                List.of(100, 103, 201), responses.stream().map(r -> r.head().status()).toList());
        assertTrue(responses.get(0).head().interim());
        assertNotNull(responses.get(0).request());
        HttpExchange exchange = run.only(HttpExchange.class);
        assertEquals(responses.get(2), exchange.response());
        assertNotNull(exchange.request());
        assertEquals("abc", exchange.request().body().kept().toString());
    }

    @Test
    void aResponseBeforeTheEndOfItsRequestStillMatches() {
        Talk talk =
                new Talk()
                        .client("PUT /1 HTTP/1.1\r\nContent-Length: 3\r\n\r\na")
                        .server("HTTP/1.1 413 Too large\r\nContent-Length: 0\r\n\r\n")
                        .client("bcGET /2 HTTP/1.1\r\n\r\n")
                        .server("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        List<HttpExchange> exchanges = run(talk).all(HttpExchange.class);
        assertEquals(2, exchanges.size());
        assertNotNull(exchanges.get(0).response());
        assertEquals(413, exchanges.get(0).response().head().status());
        assertNotNull(exchanges.get(0).request());
        assertEquals("abc", exchanges.get(0).request().body().kept().toString());
    }

    @Test
    void aTunnelEndsTheReading() {
        Talk.Run run =
                run(
                        new Talk()
                                .client("CONNECT h:443 HTTP/1.1\r\nHost: h:443\r\n\r\n")
                                .server("HTTP/1.1 200 Connection established\r\n\r\n\u0016\u0003")
                                .client("\u0016\u0003\u0001"));
        assertEquals(ParserStatus.DONE, run.status());
        assertEquals("", run.failure());
        assertNotNull(run.only(HttpExchange.class).response());
    }

    @Test
    void anUpgradeEndsTheReading() {
        Talk.Run run =
                run(
                        new Talk()
                                .client(
                                        "GET /chat HTTP/1.1\r\n"
                                                + "Upgrade: websocket\r\n\r\n"
                                                + "\u0081\u0005hello")
                                .server(
                                        "HTTP/1.1 101 Switching Protocols\r\n"
                                                + "Upgrade: websocket\r\n\r\n"));
        assertEquals(ParserStatus.DONE, run.status());
        assertEquals("", run.failure());
        assertNotNull(run.only(HttpExchange.class).response());
    }

    @Test
    void anUpgradeThatIsDeclinedLeavesHttp() {
        Talk talk =
                new Talk()
                        .client(
                                "GET /1 HTTP/1.1\r\n"
                                        + "Upgrade: h2c\r\n\r\n"
                                        + "GET /2 HTTP/1.1\r\n\r\n"
                                        + "GET /3 H")
                        .server("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
                        .client("TTP/1.1\r\n\r\n")
                        .server("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        Talk.Run run = run(talk);
        assertEquals(
                List.of("/1", "/2", "/3"),
                run.all(HttpRequest.class).stream().map(r -> r.head().path()).toList());
        assertEquals(3, run.all(HttpExchange.class).size());
    }

    @Test
    void aTunnelThatIsRefusedLeavesHttp() {
        Talk talk =
                new Talk()
                        .client("CONNECT h:1 HTTP/1.1\r\n\r\n")
                        .server("HTTP/1.1 407 Who\r\nContent-Length: 0\r\n\r\n")
                        .client("CONNECT h:1 HTTP/1.1\r\nAuth: x\r\n\r\n")
                        .server("HTTP/1.1 200 OK\r\n\r\n");
        Talk.Run run = run(talk);
        assertEquals(ParserStatus.DONE, run.status());
        assertEquals(2, run.all(HttpExchange.class).size());
    }

    @Test
    void thePrefaceOfHttp2IsLeftToOthers() {
        Talk.Run run = run(new Talk().client("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\u0012"));
        assertEquals(ParserStatus.DONE, run.status());
        assertTrue(run.heard().isEmpty());
    }

    @Test
    void unansweredRequestsComeAtTheEnd() {
        Talk talk = new Talk().client("GET /1 HTTP/1.1\r\n\r\nGET /2 HTTP/1.1\r\n\r\n");
        List<HttpExchange> exchanges = run(talk).all(HttpExchange.class);
        assertEquals(2, exchanges.size());
        assertNull(exchanges.get(0).response());
        assertEquals(-1, exchanges.get(0).latencyNanos());
    }

    @Test
    void aResponseWithoutRequestStandsAlone() {
        Talk talk = new Talk().server("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na");
        HttpExchange exchange = run(talk).only(HttpExchange.class);
        assertNull(exchange.request());
        assertNotNull(exchange.response());
        assertNull(exchange.response().request());
    }

    @Test
    void aCutBodySaysSo() {
        Talk talk = new Talk().client("PUT / HTTP/1.1\r\nContent-Length: 10\r\n\r\nabc");
        HttpBody body = run(talk).only(HttpRequest.class).body();
        assertEquals(HttpBody.Outcome.CUT, body.outcome());
        assertEquals(3, body.lengthBytes());
        assertEquals("abc", body.kept().toString());
    }

    @Test
    void aGapWithinABodyIsSteppedOver() {
        Talk talk =
                new Talk()
                        .client("GET / HTTP/1.1\r\n\r\n")
                        .server("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nab")
                        .gap(Side.RESPONDER, 6)
                        .server("yzHTTP/1.1 100 x\r\n\r\n");
        Talk.Run run = run(talk);
        HttpBody body = run.all(HttpResponse.class).getFirst().body();
        assertEquals(HttpBody.Outcome.GAPPED, body.outcome());
        assertEquals(4, body.lengthBytes());
        assertEquals(6, body.gapBytes());
        assertEquals("ab", body.kept().toString());
        assertTrue(body.sha256().isEmpty());
        assertEquals(2, run.all(HttpResponse.class).size());
    }

    @Test
    void aGapAtTheEndOfABodyCompletesIt() {
        Talk talk =
                new Talk()
                        .server("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nab")
                        .gap(Side.RESPONDER, 2)
                        .server("HTTP/1.1 100 x\r\n\r\n");
        assertEquals(2, run(talk).all(HttpResponse.class).size());
    }

    @Test
    void aGapElsewhereStops() {
        Talk talk =
                new Talk()
                        .client("GET / HTTP/1.1\r\n\r\n")
                        .server("HTTP/1.1 200 OK\r\nContent-Le")
                        .gap(Side.RESPONDER, 6);
        Talk.Run run = run(talk);
        assertEquals(ParserStatus.DONE, run.status());
        assertNull(run.only(HttpExchange.class).response());
        Talk beyond =
                new Talk()
                        .server("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nab")
                        .gap(Side.RESPONDER, 3);
        assertEquals(HttpBody.Outcome.CUT, run(beyond).only(HttpResponse.class).body().outcome());
    }

    @Test
    void blanksAroundChunkLengthsAndTrailersDoNotMatter() {
        Talk talk =
                new Talk()
                        .client(
                                "POST / HTTP/1.1\r\n"
                                        + "Transfer-Encoding:\t chunked \r\n\r\n"
                                        + "3 \r\n"
                                        + "abc\r\n"
                                        + "\t2 ; x = y \r\n"
                                        + "de\r\n"
                                        + "1\n"
                                        + "f\n"
                                        + "0\t;last\r\n"
                                        + "Blank:\t b \t\r\n"
                                        + "T: v\r\n"
                                        + " folded\r\n"
                                        + "Empty:\r\n\r\n")
                        .client("GET /2 HTTP/1.1\r\n\r\n");
        List<HttpRequest> requests = run(talk).all(HttpRequest.class);
        assertEquals(2, requests.size());
        HttpBody body = requests.getFirst().body();
        assertEquals("abcdef", body.kept().toString());
        assertEquals("Blank: b\nT: v   folded\nEmpty: \n", body.trailers().toString());
    }

    @Test
    void aConnectionOfHttp10ThatIsKeptHasSeveralExchanges() {
        Talk talk =
                new Talk()
                        .client("GET /1 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
                        .server(
                                "HTTP/1.0 200 OK\r\n"
                                        + "Connection: keep-alive\r\n"
                                        + "Content-Length: 2\r\n\r\n"
                                        + "ab")
                        .client("GET /2 HTTP/1.0\r\n\r\n")
                        .server("HTTP/1.0 200 OK\r\n\r\nto the end")
                        .end(Side.RESPONDER);
        Talk.Run run = run(talk);
        assertEquals(2, run.all(HttpExchange.class).size());
        List<HttpResponse> responses = run.all(HttpResponse.class);
        assertEquals("ab", body(responses.getFirst()));
        assertEquals("to the end", body(responses.getLast()));
    }

    @Test
    void responsesToPipelinedHeadRequestsHaveNoBodyWhateverTheirLength() {
        Talk talk =
                new Talk()
                        .client("HEAD /1 HTTP/1.1\r\n\r\nHEAD /2 HTTP/1.1\r\n\r\n")
                        .client("HEAD /3 HTTP/1.1\r\n\r\nGET /4 HTTP/1.1\r\n\r\n")
                        .server(
                                "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n"
                                        + "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                                        + "HTTP/1.1 404 No\r\n\r\n"
                                        + "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na");
        Talk.Run run = run(talk);
        List<HttpExchange> exchanges = run.all(HttpExchange.class);
        assertEquals(4, exchanges.size());
        for (int i = 0; i < 4; i++) {
            HttpRequest request = exchanges.get(i).request();
            HttpResponse response = exchanges.get(i).response();
            assertNotNull(request);
            assertNotNull(response);
            assertEquals("/" + (i + 1), request.head().path());
            assertEquals(i == 3 ? 1 : 0, response.body().lengthBytes());
        }
    }

    @Test
    void aCodingThatIsNoneLeavesTheLength() {
        Talk talk =
                new Talk()
                        .client(
                                "POST / HTTP/1.1\r\n"
                                        + "Transfer-Encoding: Identity\r\n"
                                        + "Content-Length: 2\r\n\r\n"
                                        + "ab")
                        .client("GET /2 HTTP/1.1\r\n\r\n");
        List<HttpRequest> requests = run(talk).all(HttpRequest.class);
        assertEquals(2, requests.size());
        assertEquals("ab", requests.getFirst().body().kept().toString());
    }

    @Test
    void aGapWithinAChunkIsSteppedOverAndOneBeyondItStops() {
        String head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nab";
        Talk within =
                new Talk()
                        .server(head)
                        .gap(Side.RESPONDER, 3)
                        .server("f\r\n0\r\n\r\nHTTP/1.1 204 No\r\n\r\n");
        Talk.Run run = run(within);
        HttpResponse first = run.all(HttpResponse.class).getFirst();
        assertEquals(HttpBody.Outcome.GAPPED, first.body().outcome());
        assertEquals(2, run.all(HttpResponse.class).size());
        for (int missing : new int[] {5, 6, 1000}) {
            Talk beyond =
                    new Talk()
                            .server(head)
                            .gap(Side.RESPONDER, missing)
                            .server("HTTP/1.1 204 No\r\n\r\n");
            Talk.Run stopped = run(beyond);
            assertEquals(ParserStatus.DONE, stopped.status());
            HttpBody body = stopped.only(HttpResponse.class).body();
            assertEquals(HttpBody.Outcome.CUT, body.outcome());
        }
    }
}
