package io.flowscope.tracker.session.flow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flowscope.tracker.Side;
import io.flowscope.tracker.session.CloseReason;
import io.flowscope.tracker.session.MessageSink;
import io.flowscope.tracker.session.ParserFactory;
import io.flowscope.tracker.session.ParserStatus;
import io.flowscope.tracker.session.Ports;
import io.flowscope.tracker.session.SessionBinding;
import io.flowscope.tracker.session.SessionOptions;
import io.flowscope.tracker.session.SessionParser;
import io.flowscope.tracker.session.SessionProtocol;
import io.flowscope.tracker.session.dns.DnsQuery;
import io.flowscope.tracker.session.dns.DnsUnanswered;
import io.flowscope.tracker.session.example.LengthPrefixedProtocol;
import io.flowscope.tracker.session.http.HttpExchange;
import io.flowscope.tracker.session.http.HttpRequest;
import io.flowscope.tracker.session.tls.ClientHello;
import io.flowscope.tracker.session.tls.TlsBytes;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

class SessionsTest implements SessionHost {
    private static final long SECOND = 1_000_000_000L;
    private static final Ports ODD = new Ports(40000, 4711);
    private final Arena arena = Arena.ofConfined();
    private final List<Object> messages = new ArrayList<>();
    private final List<String> closed = new ArrayList<>();
    private final List<Integer> unread = new ArrayList<>();

    @AfterEach
    void freeMemory() {
        arena.close();
    }

    @Override
    public void onMessage(int record, Side side, long timestampNanos, Object message) {
        messages.add(message);
    }

    @Override
    public void onParserClosed(
            int record, Side side, String protocol, CloseReason reason, String detail) {
        closed.add(record + " " + protocol + " " + reason.label() + " " + detail);
    }

    @Override
    public void onUnread(int record) {
        unread.add(record);
    }

    private Sessions sessions(SessionOptions options) {
        return new Sessions(options, this, arena);
    }

    private Sessions sessions() {
        return sessions(SessionOptions.defaults());
    }

    private static FlowSession tcp(Sessions sessions, Ports ports) {
        return Objects.requireNonNull(sessions.open(7, true, ports, true));
    }

    private static boolean say(FlowSession session, Side side, byte[] bytes) {
        try (Arena call = Arena.ofConfined()) {
            MemorySegment memory = call.allocate(bytes.length);
            MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, 0, bytes.length);
            return session.onBytes(side, memory, 0, bytes.length, SECOND);
        }
    }

    private static boolean say(FlowSession session, Side side, String text) {
        return say(session, side, text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static byte[] hello() {
        return TlsBytes.record(22, TlsBytes.handshake(1, TlsBytes.modernClient("a.example")));
    }

    private long count(Class<?> kind) {
        return messages.stream().filter(kind::isInstance).count();
    }

    @Test
    void protocolsAreFoundByTheServiceLoader() {
        List<String> names =
                SessionOptions.defaults().protocols().stream()
                        .<String>map(SessionProtocol::name)
                        .toList();
        assertEquals(List.of("dns", "http", "tls", "quic"), names);
    }

    @Test
    void onlyNamedProtocolsStayAndUnknownNamesAreAMistake() {
        assertEquals(1, SessionOptions.builder().only("tls").build().protocols().size());
        assertThrows(IllegalArgumentException.class, () -> SessionOptions.builder().only("gopher"));
    }

    @Test
    void firstBytesDecideWhereThePortDoesNot() {
        FlowSession session = tcp(sessions(), ODD);
        assertTrue(say(session, Side.INITIATOR, "GET / HTTP/1.1\r\n\r\n"));
        assertEquals(1, count(HttpRequest.class));
    }

    @Test
    void firstBytesMayComeOneByOne() {
        FlowSession session = tcp(sessions(), ODD);
        for (char c : "GET / HTTP/1.1\r\n\r\n".toCharArray()) {
            assertTrue(say(session, Side.INITIATOR, String.valueOf(c)));
        }
        assertEquals(1, count(HttpRequest.class));
    }

    @Test
    void aMethodCountsWithATargetThatIsHttps() {
        say(tcp(sessions(), ODD), Side.INITIATOR, "NOTIFY /event HTTP/1.1\r\n\r\n");
        assertEquals(1, count(HttpRequest.class));
        assertFalse(say(tcp(sessions(), ODD), Side.INITIATOR, "OPTIONS sip:a SIP/2.0\r\n\r\n"));
        assertEquals(List.of(), closed);
    }

    @Test
    void firstBytesContradictThePort() {
        FlowSession session = tcp(sessions(), new Ports(40000, 80));
        assertTrue(say(session, Side.INITIATOR, hello()));
        assertEquals(1, count(ClientHello.class));
        session.close(SECOND);
        assertEquals(List.of("7 tls finished "), closed);
    }

    @Test
    void thePortDecidesWhereFirstBytesDoNot() {
        FlowSession session = tcp(sessions(), new Ports(40000, 80));
        assertTrue(say(session, Side.INITIATOR, "BREW /pot HTTP/1.1\r\n\r\n"));
        assertEquals(1, count(HttpRequest.class));
    }

    @Test
    void anUnknownProtocolIsLeftAlone() {
        FlowSession session = tcp(sessions(), ODD);
        assertFalse(say(session, Side.RESPONDER, "SSH-2.0-x\r\n"));
        assertTrue(session.isClosed());
        assertFalse(session.failed());
        assertEquals(List.of(), closed);
    }

    @Test
    void anAnswerBeforeAnybodyCouldTellLeavesItToThePort() {
        FlowSession session = tcp(sessions(), new Ports(40000, 80));
        assertTrue(say(session, Side.INITIATOR, "G"));
        assertTrue(say(session, Side.RESPONDER, "HTTP/1.1 100 C\r\n\r\n"));
        assertTrue(say(session, Side.INITIATOR, "ET / HTTP/1.1\r\n\r\n"));
        assertEquals(1, count(HttpRequest.class));
        assertFalse(say(tcp(sessions(), ODD), Side.INITIATOR, "ZZZZZZ"));
    }

    @Test
    void withoutProbingOnlyPortsCount() {
        Sessions sessions = sessions(SessionOptions.builder().probing(false).build());
        assertNull(sessions.open(1, true, ODD, true));
        FlowSession session = tcp(sessions, new Ports(80, 40000));
        say(session, Side.RESPONDER, "GET / HTTP/1.1\r\n\r\n");
        assertEquals(1, count(HttpRequest.class));
    }

    @Test
    void theUsersBindingCountsFirst() {
        SessionBinding binding =
                (tcp, ports) -> ports.either(4711) ? "lines" : SessionBinding.NOTHING;
        Sessions sessions =
                sessions(
                        SessionOptions.builder()
                                .protocol(new LengthPrefixedProtocol())
                                .binding(binding)
                                .build());
        assertNull(sessions.open(1, true, new Ports(40000, 80), true));
        FlowSession session = tcp(sessions, ODD);
        say(session, Side.INITIATOR, "\0\2hi");
        assertEquals(List.of(new LengthPrefixedProtocol.Line("hi")), messages);
        assertFalse(say(session, Side.INITIATOR, "\7\7"));
        assertTrue(session.failed());
        assertEquals(List.of("7 lines parse_error a line longer than 1000 bytes"), closed);
        assertEquals(1, sessions.failures());
    }

    @Test
    void aGapClosesWithItsReason() {
        FlowSession session = tcp(sessions(), new Ports(40000, 80));
        say(session, Side.INITIATOR, "GET / HTTP/1.1\r\n\r\n");
        assertFalse(session.onGap(Side.RESPONDER, 10, SECOND));
        assertEquals(1, count(HttpExchange.class));
        assertEquals(List.of("7 http gap "), closed);
        assertFalse(say(session, Side.INITIATOR, "x"));
        session.close(SECOND);
        assertEquals(1, closed.size());
    }

    @Test
    void theEndOfAFlowFlushesAndClosesOnce() {
        Sessions sessions = sessions();
        FlowSession session = tcp(sessions, new Ports(40000, 80));
        say(session, Side.INITIATOR, "GET / HTTP/1.1\r\n\r\n");
        session.onEnd(Side.INITIATOR, SECOND);
        session.close(SECOND);
        session.close(SECOND);
        assertEquals(1, count(HttpExchange.class));
        assertEquals(List.of("7 http finished "), closed);
        assertEquals(0, sessions.heldBytes());
    }

    @Test
    void aPrefixTooShortToTellIsReadAsThePortSays() {
        FlowSession session = tcp(sessions(), new Ports(40000, 443));
        assertTrue(say(session, Side.INITIATOR, "\u0016"));
        session.close(SECOND);
        assertEquals(List.of("7 tls finished "), closed);
    }

    @Test
    void whatATunnelCarriesIsProbedAnew() {
        FlowSession session = tcp(sessions(), new Ports(40000, 8080));
        say(session, Side.INITIATOR, "CONNECT a:443 HTTP/1.1\r\n\r\n");
        assertTrue(say(session, Side.RESPONDER, "HTTP/1.1 200 OK\r\n\r\n"));
        assertTrue(say(session, Side.INITIATOR, hello()));
        assertEquals(1, count(ClientHello.class));
        session.close(SECOND);
        assertEquals(List.of("7 http finished ", "7 tls finished "), closed);
    }

    @Test
    void unansweredQueriesComeInTimeThoughTheFlowIsQuiet() {
        Sessions sessions = sessions();
        FlowSession session =
                Objects.requireNonNull(sessions.open(3, false, new Ports(40000, 53), true));
        byte[] query = {0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 'a', 0, 0, 1, 0, 1};
        assertTrue(say(session, Side.INITIATOR, query));
        assertEquals(1, count(DnsQuery.class));
        assertEquals(1, sessions.wakes().size());
        sessions.onTime(31 * SECOND - 1);
        assertEquals(0, count(DnsUnanswered.class));
        sessions.onTime(31 * SECOND);
        assertEquals(1, count(DnsUnanswered.class));
        assertEquals(0, sessions.wakes().size());
    }

    @Test
    void closedSessionsDoNotPileUpAmongThoseThatWait() {
        Sessions sessions = sessions();
        byte[] query = {0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 'a', 0, 0, 1, 0, 1};
        for (int i = 0; i < 10_000; i++) {
            FlowSession session =
                    Objects.requireNonNull(sessions.open(i, false, new Ports(40000, 53), true));
            say(session, Side.INITIATOR, query);
            session.close(SECOND);
        }
        assertTrue(sessions.wakes().size() < 200, "waiting " + sessions.wakes().size());
    }

    @Test
    void theParserThatPassesTheBoundOfAllIsStopped() {
        Sessions sessions = sessions(SessionOptions.builder().maxHeldBytes(3000).build());
        FlowSession first = tcp(sessions, new Ports(40000, 80));
        FlowSession second = tcp(sessions, new Ports(40001, 80));
        assertTrue(say(first, Side.INITIATOR, "GET /" + "x".repeat(1200)));
        assertFalse(say(second, Side.INITIATOR, "GET /" + "x".repeat(2500)));
        assertEquals(List.of("7 http stopped "), closed);
        assertTrue(sessions.heldBytes() > 0 && sessions.heldBytes() <= 3000);
        first.stop();
        assertEquals(0, sessions.heldBytes());
    }

    /** A parser that throws, and one whose time never moves on. */
    private record Bad(boolean throwing) implements SessionProtocol<String> {
        @Override
        public String name() {
            return "bad";
        }

        @Override
        public ParserFactory<String> newFactory() {
            boolean throwNow = throwing;
            return new ParserFactory<>() {
                @Override
                public SessionParser<String> newStreamParser(Ports ports) {
                    return new SessionParser<>() {
                        @Override
                        public ParserStatus onBytes(
                                Side side,
                                MemorySegment memory,
                                long offset,
                                int length,
                                long nanos,
                                MessageSink<? super String> sink) {
                            if (throwNow) {
                                throw new IllegalStateException("oh");
                            }
                            return ParserStatus.CONTINUE;
                        }

                        @Override
                        public long wakeNanos() {
                            return 5;
                        }
                    };
                }
            };
        }
    }

    private FlowSession bad(Sessions sessions) {
        return Objects.requireNonNull(sessions.open(1, true, ODD, true));
    }

    private static SessionOptions badOptions(boolean throwing) {
        return SessionOptions.builder()
                .protocol(new Bad(throwing))
                .binding((tcp, ports) -> "bad")
                .build();
    }

    @Test
    void aParserThatThrowsIsClosedAsFailed() {
        FlowSession session = bad(sessions(badOptions(true)));
        assertFalse(say(session, Side.INITIATOR, "x"));
        assertTrue(session.failed());
        assertEquals(
                List.of("1 bad parse_error the parser threw java.lang.IllegalStateException: oh"),
                closed);
    }

    @Test
    void aParserWhoseTimeHasPassedIsCalledOncePerMoment() {
        Sessions sessions = sessions(badOptions(false));
        assertTrue(say(bad(sessions), Side.INITIATOR, "x"));
        sessions.onTime(SECOND);
        sessions.onTime(2 * SECOND);
        assertEquals(1, sessions.wakes().size());
    }

    @Test
    void theHostHearsOfEveryFlowOfWhichNothingMoreIsRead() {
        Sessions sessions = sessions();
        FlowSession failed = tcp(sessions, new Ports(40000, 80));
        FlowSession unknown = tcp(sessions, ODD);
        FlowSession silent = tcp(sessions, ODD);
        assertFalse(say(failed, Side.INITIATOR, "\0\1\2 no request at all\r\n\r\n"));
        assertEquals(List.of(7), unread);
        assertFalse(
                say(
                        unknown,
                        Side.INITIATOR,
                        "nothing that anybody knows, and long enough so that all must say so"));
        assertEquals(List.of(7, 7), unread);
        assertTrue(say(silent, Side.INITIATOR, "G"));
        assertFalse(silent.onGap(Side.INITIATOR, 1, SECOND));
        assertEquals(List.of(7, 7, 7), unread);
    }

    @Test
    void whatTheHostThrowsComesOutAfterTheParsersCall() {
        SessionHost throwing =
                new SessionHost() {
                    @Override
                    public void onMessage(int record, Side side, long nanos, Object message) {
                        messages.add(message);
                        throw new IllegalStateException("mine");
                    }

                    @Override
                    public void onParserClosed(
                            int record,
                            Side side,
                            String protocol,
                            CloseReason reason,
                            String detail) {
                        closed.add(protocol);
                    }

                    @Override
                    public void onUnread(int record) {}
                };
        Sessions sessions = new Sessions(SessionOptions.defaults(), throwing, arena);
        FlowSession session = tcp(sessions, new Ports(40000, 80));
        String two = "GET /1 HTTP/1.1\r\n\r\nGET /2 HTTP/1.1\r\n\r\n";
        IllegalStateException e =
                assertThrows(IllegalStateException.class, () -> say(session, Side.INITIATOR, two));
        assertEquals("mine", e.getMessage());
        assertEquals(2, messages.size());
        assertFalse(session.isClosed());
        assertNotNull(session);
    }
}
