package io.flowscope.tracker.session.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flowscope.tracker.session.ParserStatus;
import io.flowscope.tracker.session.Ports;
import io.flowscope.tracker.session.Probe;
import io.flowscope.tracker.session.SessionParser;
import io.flowscope.tracker.session.Splits;
import io.flowscope.tracker.session.Talk;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Set;

@SuppressWarnings("StringConcatToTextBlock") // line ends are what these tests are about
@Execution(ExecutionMode.CONCURRENT)
class HttpHostilityTest {
    private static final HttpOptions SMALL =
            HttpOptions.builder().maxHeadBytes(512).maxHeaders(4).maxPipelined(3).build();

    private static SessionParser<HttpMessage> parser() {
        return new HttpFactory(SMALL).newStreamParser(new Ports(40000, 80));
    }

    private static Talk.Run run(Talk talk) {
        return Splits.same(talk, HttpHostilityTest::parser);
    }

    private static void fails(String reason, Talk talk) {
        Talk.Run run = run(talk);
        assertEquals(ParserStatus.FAILED, run.status());
        assertEquals(reason, run.failure());
    }

    private static HttpRequestHead head(String request) {
        return run(new Talk().client(request)).only(HttpRequest.class).head();
    }

    @Test
    void lengthsThatDisagreeFail() {
        String reason = "a Content-Length that is no single number";
        fails(
                reason,
                new Talk()
                        .client(
                                "PUT / HTTP/1.1\r\n"
                                        + "Content-Length: 3\r\n"
                                        + "content-length: 4\r\n\r\n"
                                        + "abcd"));
        fails(reason, new Talk().client("PUT / HTTP/1.1\r\nContent-Length: 3, 4\r\n\r\nabcd"));
        fails(reason, new Talk().client("PUT / HTTP/1.1\r\nContent-Length: -1\r\n\r\n"));
        fails(reason, new Talk().client("PUT / HTTP/1.1\r\nContent-Length: 0x10\r\n\r\n"));
        fails(reason, new Talk().client("PUT / HTTP/1.1\r\nContent-Length: +3\r\n\r\nabc"));
        fails(reason, new Talk().client("PUT / HTTP/1.1\r\nContent-Length:\r\n\r\n"));
        fails(
                reason,
                new Talk()
                        .client("PUT / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n"));
        fails(reason, new Talk().server("HTTP/1.1 200 OK\r\nContent-Length: 1 1\r\n\r\n"));
    }

    @Test
    void lengthsThatAgreeAreRemarked() {
        HttpRequestHead head =
                head("PUT / HTTP/1.1\r\nContent-Length: 3, 3\r\nContent-Length:3\r\n\r\nabc");
        assertEquals(Set.of(HttpDefect.REPEATED_LENGTH), head.defects());
    }

    @Test
    void lengthAndChunksAreRemarkedAndChunksCount() {
        String request =
                "POST / HTTP/1.1\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + "1\r\nZ\r\n0\r\n\r\nGET /404 HTTP/1.1\r\n\r\n";
        Talk.Run run = run(new Talk().client(request));
        assertEquals(2, run.all(HttpRequest.class).size());
        HttpRequest first = run.all(HttpRequest.class).getFirst();
        assertEquals(Set.of(HttpDefect.LENGTH_AND_CHUNKED), first.head().defects());
        assertEquals("Z", first.body().kept().toString());
    }

    @Test
    void aRequestWhoseLengthCannotBeKnownFails() {
        fails(
                "a request whose transfer coding does not end with chunked",
                new Talk().client("POST / HTTP/1.1\r\nTransfer-Encoding: chunked, gzip\r\n\r\n"));
    }

    @Test
    void chunksWithoutFormFail() {
        String head = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n";
        for (String line :
                new String[] {
                    "\r\n", "x\r\n", "-1\r\n", "1x\r\n", ";a\r\n", "1000000000000000\r\n"
                }) {
            fails("a chunk without a length", new Talk().client(head + line));
        }
        fails("no line end after a chunk", new Talk().client(head + "1\r\nab\r\n"));
        fails("a head longer than the limit", new Talk().client(head + "1;" + "x".repeat(600)));
    }

    @Test
    void foldedHeadersAreUnfolded() {
        HttpRequestHead head =
                head("GET / HTTP/1.1\r\nA: one\r\n \t two\r\n\tthree\r\nB: x\r\n\r\n");
        assertEquals(Set.of(HttpDefect.FOLDED_HEADER), head.defects());
        assertEquals("one", String.valueOf(head.headers().first("a")).substring(0, 3));
        assertEquals(
                "one two three", String.valueOf(head.headers().first("a")).replaceAll("\\s+", " "));
        assertTrue(String.valueOf(head.headers().first("a")).indexOf('\n') < 0);
        assertEquals("x", String.valueOf(head.headers().first("B")));
    }

    @Test
    void linesWithoutFormArePassedOver() {
        HttpRequestHead head =
                head("GET / HTTP/1.1\r\n folded\r\nnonsense\r\n: x\r\nHost : h\r\n\r\n");
        assertEquals(Set.of(HttpDefect.MALFORMED_LINE), head.defects());
        assertEquals("Host: h\n", head.headers().toString());
        assertEquals("h", head.host());
    }

    @Test
    void headersBeyondTheLimitAreCountedForFramingOnly() {
        Talk talk =
                new Talk()
                        .client(
                                "PUT / HTTP/1.1\r\n"
                                        + "A:1\r\n"
                                        + "B:2\r\n"
                                        + "C:3\r\n"
                                        + "D:4\r\n"
                                        + "Content-Length: 2\r\n\r\n"
                                        + "ab");
        HttpRequest request = run(talk).only(HttpRequest.class);
        assertEquals(Set.of(HttpDefect.TOO_MANY_HEADERS), request.head().defects());
        assertEquals(4, request.head().headers().size());
        assertEquals("ab", request.body().kept().toString());
    }

    @Test
    void aHeadBeyondTheLimitFails() {
        fails("a head longer than the limit", new Talk().client("GET /" + "x".repeat(600)));
        fails(
                "a head longer than the limit",
                new Talk().client("GET / HTTP/1.1\r\n" + "A: b\r\n".repeat(100)));
    }

    @Test
    void moreRequestsThanMayWaitFail() {
        fails(
                "more requests without response than the limit",
                new Talk().client("GET / HTTP/1.1\r\n\r\n".repeat(4)));
    }

    @Test
    void otherProtocolsFailAtTheirFirstLine() {
        String reason = "neither a request nor a response";
        fails(reason, new Talk().server("SSH-2.0-OpenSSH_9\r\n"));
        fails(reason, new Talk().client("\u0016\u0003\u0001"));
        fails(reason, new Talk().client("GET /\r\n"));
        fails(reason, new Talk().server("ICY 200 OK\r\n"));
        fails("a request line that is none", new Talk().client("GET HTTP/1.1\r\n\r\n"));
        fails("a request line that is none", new Talk().client("GET / HTTP/3.0\r\n\r\n"));
        fails("a status line that is none", new Talk().server("HTTP/1.1 2000 OK\r\n\r\n"));
        fails("a status line that is none", new Talk().server("HTTP/1.1 099\r\n\r\n"));
        fails(
                "requests and responses from one side",
                new Talk().client("GET / HTTP/1.1\r\n\r\nHTTP/1.1 200 OK\r\n\r\n"));
        fails(
                "requests and responses from one side",
                new Talk().client("GET / HTTP/1.1\r\n\r\n").server("GET / HTTP/1.1\r\n\r\n"));
    }

    @Test
    void blankLinesBeforeARequestAreAllowed() {
        assertEquals("/", head("\r\n\n\r\nGET / HTTP/1.1\r\n\r\n").path());
    }

    @Test
    void targetsMayHaveSpacesAndAuthorities() {
        assertEquals("/a b", head("GET /a b HTTP/1.1\r\n\r\n").path());
        HttpRequestHead absolute =
                head("GET http://u:p@h.example:81/x?y=http://z/ HTTP/1.1\r\nHost: other\r\n\r\n");
        assertEquals("h.example:81", absolute.host());
        assertEquals("/x?y=http://z/", absolute.path());
        assertEquals("/", head("GET http://h.example HTTP/1.1\r\n\r\n").path());
        assertNull(head("OPTIONS * HTTP/1.1\r\n\r\n").host());
        assertEquals("*", head("OPTIONS * HTTP/1.1\r\n\r\n").path());
    }

    @Test
    void theProbeKnowsHttpFromOtherBytes() {
        assertEquals(Probe.YES, probe("GET / HTTP/1.1"));
        assertEquals(Probe.YES, probe("HTTP/1.1 200"));
        assertEquals(Probe.MORE, probe("P"));
        assertEquals(Probe.MORE, probe("OPTIONS"));
        assertEquals(Probe.NO, probe("GETX"));
        assertEquals(Probe.NO, probe("\u0016\u0003\u0001"));
        assertEquals(Probe.NO, probe("PRI * HTTP/2.0\r\n"));
    }

    private static Probe probe(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        return new HttpFactory(SMALL).probeStream(MemorySegment.ofArray(bytes), 0, bytes.length);
    }

    @Test
    void optionsNameAllMistakesAtOnce() {
        IllegalArgumentException e =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> HttpOptions.builder().maxHeadBytes(1).maxHeaders(0).build());
        assertEquals(
                "maxHeadBytes: 256 to 1048576, was 1; maxHeaders: 1 to 4096, was 0",
                e.getMessage());
    }
}
