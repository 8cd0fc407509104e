package io.flowscope.tracker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.flowscope.tracker.packet.LinkType;
import io.flowscope.tracker.packet.PacketCursor;
import io.flowscope.tracker.session.CloseReason;
import io.flowscope.tracker.session.SessionOptions;
import io.flowscope.tracker.session.dns.DnsResponse;
import io.flowscope.tracker.session.dns.DnsUnanswered;
import io.flowscope.tracker.session.http.HttpBody;
import io.flowscope.tracker.session.http.HttpExchange;
import io.flowscope.tracker.session.http.HttpRequest;
import io.flowscope.tracker.session.http.HttpResponse;
import io.flowscope.tracker.session.tls.ClientHello;
import io.flowscope.tracker.session.tls.TlsBytes;
import io.flowscope.tracker.stream.Conversation;
import io.flowscope.tracker.stream.StreamConsumer;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** Sessions as a part of the tracker: the order of events, failures, ends. */
class SessionsOfFlowsTest {
    private static final long MILLI = 1_000_000;
    private static final String GET = "GET / HTTP/1.1\r\n\r\n";
    private static final String QUERY = "\0\1\1\0\0\1\0\0\0\0\0\0\1a\0\0\1\0\1";
    private static final String ANSWER =
            "\0\1\u0081\u0080\0\1\0\1\0\0\0\0\1a\0\0\1\0\1\u00c0\f\0\1\0\1\0\0\0\5\0\4\1\2\3\4";

    private final List<String> log = new ArrayList<>();
    private final List<Object> messages = new ArrayList<>();
    private boolean throwing;

    private final FlowListener listener =
            new FlowListener() {
                @Override
                public void onStarted(FlowView flow) {
                    log.add("started");
                }

                @Override
                public void onAnomaly(FlowView flow, AnomalyKind kind, Side side) {
                    log.add(kind.label() + " " + side.ordinal());
                }

                @Override
                public void onPacket(FlowView flow, Side side, PacketCursor packet) {
                    log.add("packet " + side.ordinal());
                }

                @Override
                public void onMessage(FlowView flow, Side side, long nanos, Object message) {
                    assertEquals(40_000, flow.port(Side.INITIATOR));
                    log.add(message.getClass().getSimpleName() + " " + side.ordinal());
                    messages.add(message);
                    if (throwing) {
                        throw new IllegalStateException("mine");
                    }
                }

                @Override
                public void onParserClosed(
                        FlowView flow, String protocol, CloseReason reason, String detail) {
                    log.add("closed " + protocol + " " + reason.label());
                    assertEquals(reason == CloseReason.PARSE_ERROR, !detail.isEmpty());
                }

                @Override
                public void onEnded(FlowView flow, EndReason reason) {
                    log.add("ended " + reason.label());
                }
            };

    private Conversation conversation(UnaryOperator<TrackerOptions.Builder> more) {
        return new Conversation(
                null,
                listener,
                o -> more.apply(o.sessions(SessionOptions.defaults()).closeLinger(Duration.ZERO)));
    }

    private Conversation conversation() {
        return conversation(o -> o);
    }

    private String take() {
        String text = String.join(", ", log);
        log.clear();
        return text;
    }

    private <T> T only(Class<T> kind) {
        List<T> found = messages.stream().filter(kind::isInstance).map(kind::cast).toList();
        assertEquals(1, found.size(), messages::toString);
        return found.getFirst();
    }

    private static String text(byte[] bytes) {
        return new String(bytes, ISO_8859_1);
    }

    private static String hello() {
        return text(TlsBytes.record(22, TlsBytes.handshake(1, TlsBytes.modernClient("a.example"))));
    }

    @Test
    void messagesComeAfterTheirPacketAndTheParserClosesBeforeTheFlowEnds() {
        String response = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
        try (Conversation flow = conversation()) {
            flow.handshake();
            assertEquals("started, packet 0, packet 1, packet 0", take());
            flow.send(0, 0, GET);
            assertEquals("packet 0, HttpRequest 0", take());
            flow.send(1, 0, response);
            assertEquals("packet 1, HttpResponse 1, HttpExchange 0", take());
            flow.fin(0, GET.length());
            flow.packet(1, response.length(), GET.length() + 1, 17, "");
            assertEquals("packet 0, packet 1, closed http finished", take());
            flow.packet(0, GET.length() + 1, response.length() + 1, 16, "");
            assertEquals("packet 0, ended fin", take());
            assertEquals(new SessionNumbers(1, 3, 0, 0), SessionNumbers.of(flow.tracker));
        }
    }

    private record SessionNumbers(long opened, long messages, long failures, long held) {
        static SessionNumbers of(FlowTracker tracker) {
            var all = tracker.sessionStatistics();
            return new SessionNumbers(
                    all.opened(), all.messages(), all.failures(), all.heldBytes());
        }
    }

    @Test
    void anEndingFlowFlushesItsStreamThenItsParserThenEnds() {
        try (Conversation flow = conversation()) {
            flow.handshake().send(0, 0, GET);
            flow.send(1, 0, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nonly");
            take();
            flow.send(1, 45, "end").finish();
            assertEquals(
                    "packet 1, ooo_segment 1, gap 1, HttpResponse 1, HttpExchange 0, closed http"
                            + " finished, ended finished",
                    take());
            HttpBody body = only(HttpResponse.class).body();
            assertEquals(HttpBody.Outcome.GAPPED, body.outcome());
            assertEquals(0, flow.tracker.sessionStatistics().heldBytes());
            assertEquals(0, flow.tracker.streamStatistics().memoryBytes());
        }
    }

    @Test
    void aFailedParserIsToldAtOnceAndIsTheReasonWithWhichTheFlowEnds() {
        try (Conversation flow = conversation()) {
            flow.handshake();
            take();
            flow.send(0, 0, "\1\2 no HTTP\r\n");
            assertEquals("packet 0, parse_error 0, closed http parse_error", take());
            flow.send(0, 12, GET).send(1, 0, "more").finish();
            assertEquals("packet 0, packet 1, ended parse_error", take());
            assertEquals(1, flow.tracker.counters().anomalies(AnomalyKind.PARSE_ERROR));
            assertEquals(1, flow.tracker.sessionStatistics().failures());
        }
    }

    @Test
    void datagramsThatAreNotTheirPortsProtocolFailAsWell() {
        try (Conversation flow = conversation()) {
            flow.datagram(0, 53, "nonsense").datagram(0, 53, "more").datagram(0, 53, "of it");
            flow.datagram(0, 53, QUERY).finish();
            assertEquals(
                    "started, packet 0, packet 0, packet 0, parse_error 0, closed dns parse_error,"
                            + " packet 0, ended parse_error",
                    take());
        }
    }

    @Test
    void aResponseKnowsItsQueryAndHowLongItTook() {
        try (Conversation flow = conversation()) {
            flow.datagram(0, 53, QUERY).pass(7 * MILLI).datagram(1, 53, ANSWER).finish();
            assertEquals(
                    "started, packet 0, DnsQuery 0, packet 1, DnsResponse 1, closed dns finished,"
                            + " ended finished",
                    take());
            DnsResponse response = only(DnsResponse.class);
            assertEquals(7 * MILLI, response.latencyNanos());
            assertEquals("1.2.3.4", response.content().answers().getFirst().data().text());
        }
    }

    @Test
    void aQueryWithoutAnswerIsToldInTimeThoughOnlySweepsMoveTheClock() {
        try (Conversation flow = conversation()) {
            flow.datagram(0, 5354, QUERY);
            take();
            flow.tracker.sweep(flow.now + 29_999 * MILLI);
            assertEquals("", take());
            flow.tracker.sweep(flow.now + 45_000 * MILLI);
            assertEquals("DnsUnanswered 0", take());
            // Not by when it was found, which depends on other flows' packets.
            assertEquals(30_000 * MILLI, only(DnsUnanswered.class).waitedNanos());
            flow.tracker.sweep(flow.now + 60_000 * MILLI);
            assertEquals("closed dns finished, ended idle", take());
        }
    }

    @Test
    void aGapBetweenMessagesClosesTheParserAndTheFlowIsTrackedOn() {
        try (Conversation flow = conversation()) {
            flow.handshake().send(0, 0, GET);
            take();
            flow.send(0, 30, "behind").acked(1, 36).pass(10 * MILLI).send(0, 36, "x");
            assertEquals(
                    "packet 0, ooo_segment 0, packet 1, packet 0, gap 0, HttpExchange 0, closed"
                            + " http gap",
                    take());
            flow.send(0, 40, "y").finish();
            assertEquals("packet 0, ended finished", take());
        }
    }

    @Test
    void whatFollowsTheAnswerToConnectInTheSameSegmentIsTheTunnels() {
        String connect = "CONNECT a:443 HTTP/1.1\r\n\r\n";
        String answer = "HTTP/1.1 200 OK\r\n\r\n";
        String server =
                text(TlsBytes.record(22, TlsBytes.handshake(2, TlsBytes.serverBody(771, 49199))));
        try (Conversation flow = conversation()) {
            flow.handshake().send(0, 0, connect);
            flow.send(1, 0, answer).send(0, connect.length(), hello());
            flow.send(1, answer.length(), server).finish();
            assertEquals("a.example", sni());
        }
        messages.clear();
        try (Conversation flow = conversation()) {
            // The client does not wait, and the server answers both at once.
            flow.handshake().send(0, 0, connect + hello());
            take();
            flow.send(1, 0, answer + server);
            assertEquals(
                    "packet 1, HttpResponse 1, HttpExchange 0, closed http finished, ClientHello 0,"
                            + " ServerHello 1",
                    take());
            assertEquals("a.example", sni());
        }
    }

    private String sni() {
        return String.valueOf(Objects.requireNonNull(only(ClientHello.class).serverName()));
    }

    @Test
    void whatAnUpgradeCarriesIsNoParseErrorOfHttp() {
        String upgrade = "GET / HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n";
        String answer = "HTTP/1.1 101 Switching Protocols\r\n\r\n";
        try (Conversation flow = conversation()) {
            flow.handshake().send(0, 0, upgrade).send(1, 0, answer + "\u0081\5hello");
            take();
            flow.send(0, upgrade.length(), "\u0081\u0082abcdef").finish();
            assertEquals("packet 0, ended finished", take());
        }
    }

    @Test
    void aFlowSeenFromItsMiddleIsNoParseErrorAndIsReadIfItsFirstBytesAreKnown() {
        try (Conversation flow = conversation()) {
            flow.send(0, 500, "the rest of something").send(0, 521, "more").finish();
            assertEquals("started, packet 0, packet 0, ended finished", take());
        }
        try (Conversation flow = conversation()) {
            flow.send(0, 500, GET).finish();
            assertEquals(
                    "started, packet 0, HttpRequest 0, HttpExchange 0, closed http finished,"
                            + " ended finished",
                    take());
        }
    }

    @Test
    void aBodyUntilTheStreamsEndIsWholeOnlyWithAFin() {
        String response = "HTTP/1.0 200 OK\r\n\r\nuntil the end";
        try (Conversation flow = conversation()) {
            flow.handshake().send(0, 0, GET).send(1, 0, response).fin(1, response.length());
            assertEquals(HttpBody.Outcome.COMPLETE, only(HttpResponse.class).body().outcome());
        }
        messages.clear();
        try (Conversation flow = conversation()) {
            flow.handshake().send(0, 0, GET).send(1, 0, response).reset(1, response.length());
            assertEquals(HttpBody.Outcome.CUT, only(HttpResponse.class).body().outcome());
        }
        messages.clear();
        try (Conversation flow = conversation()) {
            flow.handshake().send(0, 0, GET).send(1, 0, response).finish();
            assertEquals(HttpBody.Outcome.CUT, only(HttpResponse.class).body().outcome());
        }
    }

    @Test
    void withoutAListenerForThemMessagesAreCountedOnly() {
        TrackerOptions.Builder options = TrackerOptions.builder();
        assertEquals(null, options.build().sessions());
        try (Conversation flow =
                new Conversation(
                        null, FlowListener.NONE, o -> o.sessions(SessionOptions.defaults()))) {
            flow.handshake().send(0, 0, GET);
            assertEquals(1, flow.tracker.sessionStatistics().messages());
        }
    }

    @Test
    void whatAListenerThrowsComesOutAndTheFlowGoesOn() {
        throwing = true;
        try (Conversation flow = conversation()) {
            flow.handshake();
            assertThrows(IllegalStateException.class, () -> flow.send(0, 0, GET));
            throwing = false;
            flow.send(1, 0, "HTTP/1.1 204 N\r\n\r\n").finish();
            only(HttpExchange.class);
            only(HttpRequest.class);
            assertTrue(take().endsWith("ended finished"));
            assertEquals(1, flow.tracker.counters().ended());
        }
    }

    @Test
    void aTrackerThatIsClosedClosesParsersFirst() {
        Conversation flow = conversation();
        flow.handshake().send(0, 0, GET);
        take();
        flow.close();
        assertEquals("HttpExchange 0, closed http finished, ended finished", take());
        assertEquals(0, flow.tracker.sessionStatistics().heldBytes());
    }

    /** Another JVM, so that nothing else has loaded them. */
    @Test
    void withoutSessionsNoneOfTheirClassesIsLoaded() throws Exception {
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                                "-Xlog:class+load:stdout",
                                "-cp",
                                System.getProperty("java.class.path"),
                                WithoutSessions.class.getName())
                        .redirectErrorStream(true)
                        .start();
        String loaded = text(process.getInputStream().readAllBytes());
        assertTrue(process.waitFor(30, TimeUnit.SECONDS));
        assertEquals(0, process.exitValue(), loaded);
        assertTrue(loaded.contains("io.flowscope.tracker.stream.reassembly.Reassembler "));
        List<String> sessions =
                loaded.lines()
                        .map(line -> line.replaceAll(".*\\](.*) source:.*", "$1").strip())
                        .filter(name -> name.startsWith("io.flowscope.tracker."))
                        .filter(name -> name.contains("ession"))
                        .filter(name -> !name.startsWith(SessionsOfFlowsTest.class.getName()))
                        // The type of a listener method's parameter.
                        .filter(name -> !name.equals(CloseReason.class.getName()))
                        .toList();
        assertEquals(List.of(), sessions);
    }

    /** Tracks a connection with streams and a full listener. */
    static final class WithoutSessions {
        private WithoutSessions() {}

        public static void main(String[] args) {
            StreamConsumer consumer = (stream, memory, at, length, time) -> length;
            try (Conversation flow =
                    new Conversation(
                            all -> consumer, FlowEvent.listener(event -> {}), options -> options)) {
                flow.handshake().send(0, 0, GET).datagram(0, 53, QUERY).finish();
            }
        }
    }

    @Test
    void messagesCanBeStreamed() {
        TrackerOptions options = TrackerOptions.builder().linkType(LinkType.RAW.number()).build();
        try (var all = FlowEvents.messages(options, SessionsOfFlowsTest::talk)) {
            assertEquals(
                    List.of("DnsQuery", "DnsResponse"),
                    all.map(event -> event.message().getClass().getSimpleName()).toList());
        }
        try (var responses =
                FlowEvents.messages(DnsResponse.class, options, SessionsOfFlowsTest::talk)) {
            assertEquals(List.of(7 * MILLI), responses.map(DnsResponse::latencyNanos).toList());
        }
    }

    private static void talk(FlowTracker tracker) {
        try (Conversation flow = Conversation.over(tracker)) {
            flow.datagram(0, 53, QUERY).pass(7 * MILLI).datagram(1, 53, ANSWER);
        }
    }

    @Test
    void aFlowOfWhichNothingMoreIsReadKeepsNoStream() {
        try (Conversation talk = conversation()) {
            talk.handshake().send(0, 0, "\0\1 is no request\r\n\r\n");
            assertEquals(1, talk.tracker.liveFlows());
            assertEquals(0, talk.tracker.streamStatistics().open());
        }
        try (Conversation talk = conversation()) {
            talk.handshake().send(0, 0, GET).send(1, 0, "HTTP/1.1 200 OK\r\n").send(1, 50, "x");
            assertEquals(1, talk.tracker.streamStatistics().open());
            // The hole is given up while another flow's packet is tracked.
            talk.pass(2_000 * MILLI).other(Conversation.SYN);
            assertTrue(take().contains("closed http gap"));
            talk.pass(MILLI).other(Conversation.SYN);
            assertEquals(2, talk.tracker.liveFlows());
            assertEquals(1, talk.tracker.streamStatistics().open());
        }
    }
}
