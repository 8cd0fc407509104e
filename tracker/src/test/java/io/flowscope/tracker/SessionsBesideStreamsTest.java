package io.flowscope.tracker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.flowscope.tracker.session.SessionOptions;
import io.flowscope.tracker.stream.Conversation;
import io.flowscope.tracker.stream.GapCause;
import io.flowscope.tracker.stream.GapDecision;
import io.flowscope.tracker.stream.OverflowPolicy;
import io.flowscope.tracker.stream.StreamConsumer;
import io.flowscope.tracker.stream.StreamEnd;
import io.flowscope.tracker.stream.StreamOptions;
import io.flowscope.tracker.stream.StreamView;

import org.junit.jupiter.api.Test;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** A user's stream consumer and a session on the same flow: neither disturbs the other. */
class SessionsBesideStreamsTest {
    private static final String GET = "GET / HTTP/1.1\r\n\r\n";
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n";

    private final List<String> log = new ArrayList<>();
    private GapDecision decision = GapDecision.CONTINUE;
    private String wish = "";
    private int takes = Integer.MAX_VALUE;

    private final StreamConsumer consumer =
            new StreamConsumer() {
                @Override
                public int onBytes(
                        StreamView stream, MemorySegment memory, long at, int n, long time) {
                    byte[] bytes = memory.asSlice(at, n).toArray(JAVA_BYTE);
                    log.add(
                            (stream.side().ordinal() + "@" + stream.offset() + " ")
                                    + new String(bytes, ISO_8859_1).strip());
                    switch (wish) {
                        case "stop" -> stream.stop();
                        case "side" -> stream.stopSide();
                        case "fail" -> stream.fail();
                        default -> {}
                    }
                    return Math.min(n, takes);
                }

                @Override
                public GapDecision onGap(StreamView stream, long n, GapCause why, long time) {
                    log.add(stream.side().ordinal() + "@" + stream.offset() + " gap " + n);
                    return decision;
                }

                @Override
                public void onEnd(StreamView stream, StreamEnd end, long time) {
                    log.add(stream.side().ordinal() + " " + end);
                }
            };

    private final FlowListener listener =
            new FlowListener() {
                @Override
                public void onMessage(FlowView flow, Side side, long nanos, Object message) {
                    log.add(message.getClass().getSimpleName());
                }

                @Override
                public void onEnded(FlowView flow, EndReason reason) {
                    log.add(reason.label());
                }
            };

    private Conversation conversation(UnaryOperator<TrackerOptions.Builder> more) {
        return new Conversation(
                        flow -> consumer,
                        listener,
                        o -> more.apply(o.sessions(SessionOptions.defaults())))
                .handshake();
    }

    private Conversation conversation() {
        return conversation(o -> o);
    }

    private String take() {
        String text = String.join(", ", log);
        log.clear();
        return text;
    }

    @Test
    void bytesComeFirstAndThenTheMessagesTheyCompleted() {
        try (Conversation flow = conversation()) {
            flow.send(0, 0, GET).send(1, 0, OK + "body").finish();
            assertEquals(
                    "0@0 GET / HTTP/1.1, HttpRequest, 1@0 "
                            + (OK + "body").strip()
                            + ", HttpResponse, HttpExchange, 0 FLOW_ENDED, 1 FLOW_ENDED, finished",
                    take());
        }
    }

    @Test
    void whatTheConsumerLeavesIsShownToItAgainAndToTheSessionOnce() {
        takes = 1;
        try (Conversation flow = conversation()) {
            flow.send(0, 0, "GET / HT").send(0, 8, "TP/1.1\r\n\r").send(0, 17, "\n").finish();
            assertEquals(
                    "0@0 GET / HT, 0@1 ET / HTTP/1.1, 0@2 T / HTTP/1.1, HttpRequest, 0 FLOW_ENDED,"
                            + " 1 FLOW_ENDED, HttpExchange, finished",
                    take());
            assertEquals(0, flow.tracker.streamStatistics().memoryBytes());
        }
    }

    @Test
    void aConsumerThatStopsLeavesTheSessionAlone() {
        for (String how : List.of("stop", "side")) {
            wish = how;
            try (Conversation flow = conversation()) {
                flow.send(0, 0, "GET ").send(0, 4, "/ HTTP/1.1\r\n\r\n");
                assertEquals("0@0 GET, 0 STOPPED, HttpRequest", take());
                wish = "";
                flow.send(1, 0, OK).finish();
                String theirs = how.equals("stop") ? "" : "1@0 " + OK.strip() + ", ";
                String end = how.equals("stop") ? "1 STOPPED" : "1 FLOW_ENDED";
                assertEquals(theirs + end + ", HttpResponse, HttpExchange, finished", take());
            }
        }
    }

    @Test
    void aSessionThatIsOverLeavesTheConsumerAlone() {
        try (Conversation flow = conversation()) {
            flow.send(0, 0, "\1\2\3 no HTTP").send(0, 11, "more").finish();
            assertEquals(
                    "0@0 \1\2\3 no HTTP, 0@11 more, 0 FLOW_ENDED, 1 FLOW_ENDED, parse_error",
                    take());
        }
    }

    @Test
    void aConsumerThatFailsEndsTheStreamsForBoth() {
        wish = "fail";
        try (Conversation flow = conversation()) {
            flow.send(0, 0, GET).send(1, 0, OK + "body").finish();
            assertEquals(
                    "0@0 GET / HTTP/1.1, HttpRequest, 0 PARSE_ERROR, HttpExchange, 1 PARSE_ERROR,"
                            + " parse_error",
                    take());
        }
    }

    @Test
    void aGapThatStopsTheConsumerCanBeSteppedOverByTheSession() {
        decision = GapDecision.STOP_SIDE;
        try (Conversation flow = conversation()) {
            flow.send(0, 0, GET).send(1, 0, OK + "b");
            take();
            flow.send(1, OK.length() + 3, "y").finish();
            assertEquals(
                    "0 FLOW_ENDED, 1@"
                            + (OK.length() + 1)
                            + " gap 2, 1 STOPPED, HttpResponse, HttpExchange, finished",
                    take());
        }
    }

    @Test
    void bytesThatTheConsumersLimitCostsTheSessionHasSeen() {
        takes = 0;
        StreamOptions small = StreamOptions.builder().holdBytes(8).bufferBytes(12).build();
        try (Conversation flow = conversation(o -> o.streamOptions(small))) {
            flow.send(0, 0, "GET / HTTP").send(0, 10, "/1.1\r\n\r\n").finish();
            String text = take();
            assertTrue(text.contains("gap 6"), text);
            assertTrue(text.contains("HttpRequest"), text);
        }
    }

    @Test
    void aSideLostToALimitIsAGapToTheSession() {
        StreamOptions small =
                StreamOptions.builder()
                        .holdBytes(4)
                        .bufferBytes(4)
                        .overflow(OverflowPolicy.DROP_FLOW)
                        .build();
        try (Conversation flow = conversation(o -> o.streamOptions(small))) {
            flow.send(0, 0, GET);
            take();
            flow.send(1, 5, "too much").finish();
            assertEquals("1 BUFFER_OVERFLOW, HttpExchange, 0 FLOW_ENDED, buffer_overflow", take());
        }
    }
}
