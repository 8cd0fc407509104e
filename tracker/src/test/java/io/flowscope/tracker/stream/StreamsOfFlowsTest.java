package io.flowscope.tracker.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.flowscope.tracker.AnomalyKind;
import io.flowscope.tracker.EndReason;
import io.flowscope.tracker.FlowListener;
import io.flowscope.tracker.FlowView;
import io.flowscope.tracker.Side;
import io.flowscope.tracker.TcpState;
import io.flowscope.tracker.TrackerOptions;
import io.flowscope.tracker.packet.PacketCursor;

import org.junit.jupiter.api.Test;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Streams as a part of the tracker: the order of events, failures, ends. */
class StreamsOfFlowsTest {
    private static final long MILLI = 1_000_000;
    private final List<String> log = new ArrayList<>();
    private GapDecision decision = GapDecision.CONTINUE;
    private boolean failing;

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
                public void onEstablished(FlowView flow) {
                    log.add("established");
                }

                @Override
                public void onStateChange(FlowView flow, TcpState from, TcpState to) {
                    log.add("" + to);
                }

                @Override
                public void onPacket(FlowView flow, Side side, PacketCursor packet) {
                    log.add("packet " + side.ordinal());
                }

                @Override
                public void onEnded(FlowView flow, EndReason reason) {
                    log.add("ended " + reason.label());
                }
            };

    private final StreamConsumer consumer =
            new StreamConsumer() {
                @Override
                public int onBytes(
                        StreamView stream, MemorySegment memory, long at, int n, long time) {
                    byte[] bytes = memory.asSlice(at, n).toArray(JAVA_BYTE);
                    String port = ":" + stream.flow().port(Side.INITIATOR);
                    log.add(stream.side().ordinal() + port + " " + new String(bytes, ISO_8859_1));
                    if (failing) {
                        stream.fail();
                    }
                    return n;
                }

                @Override
                public GapDecision onGap(StreamView stream, long n, GapCause why, long time) {
                    log.add(stream.side().ordinal() + " gap " + n + " " + why);
                    return decision;
                }

                @Override
                public void onEnd(StreamView stream, StreamEnd end, long time) {
                    log.add(stream.side().ordinal() + " end " + end);
                }
            };

    private Conversation conversation() {
        return conversation(options -> options);
    }

    private Conversation conversation(UnaryOperator<TrackerOptions.Builder> more) {
        return new Conversation(
                flow -> flow.port(Side.INITIATOR) == 40_000 ? consumer : null, listener, more);
    }

    private String take() {
        String text = String.join(", ", log);
        log.clear();
        return text;
    }

    @Test
    void bytesComeAfterTheirPacketAndAnAnomalyDirectlyBeforeTheGap() {
        try (Conversation flow = conversation()) {
            flow.handshake();
            assertEquals(
                    "started, SYN_SENT, packet 0, SYN_RECEIVED, packet 1, established, packet 0",
                    take());
            flow.send(0, 0, "abc");
            assertEquals("packet 0, 0:40000 abc", take());
            flow.send(0, 5, "fgh");
            assertEquals("packet 0, ooo_segment 0", take());
            flow.acked(1, 8).pass(10 * MILLI).send(0, 8, "ijk");
            assertEquals(
                    "packet 1, packet 0, gap 0, 0 gap 2 ACKNOWLEDGED, 0:40000 fgh, 0:40000 ijk",
                    take());
            flow.send(0, 0, "abX");
            assertEquals("packet 0", take());
            flow.send(0, 8, "xjk");
            assertEquals("packet 0, retransmission_inconsistent 0", take());
        }
    }

    @Test
    void anEndingFlowFlushesItsStreamsBeforeItHasEnded() {
        try (Conversation flow = conversation()) {
            flow.handshake().send(0, 3, "def");
            take();
            flow.finish();
            assertEquals(
                    "gap 0, 0 gap 3 FLOW_ENDED, 0:40000 def, 0 end FLOW_ENDED, 1 end FLOW_ENDED,"
                            + " ended finished",
                    take());
            assertEquals(0, flow.tracker.streamStatistics().memoryBytes());
        }
    }

    @Test
    void bothFinsEndBothSidesAndTheFlowLater() {
        try (Conversation flow = conversation(o -> o.closeLinger(Duration.ZERO))) {
            flow.handshake().send(0, 0, "abc");
            take();
            flow.fin(0, 3).packet(1, 0, 4, Conversation.FIN | Conversation.ACK, "");
            assertEquals("FIN_WAIT, packet 0, 0 end FIN, CLOSING, packet 1, 1 end FIN", take());
            flow.packet(0, 4, 1, Conversation.ACK, "");
            assertEquals("CLOSED, packet 0, ended fin", take());
        }
    }

    @Test
    void aResetEndsStreamsAsReset() {
        try (Conversation flow = conversation(o -> o.closeLinger(Duration.ZERO))) {
            flow.handshake();
            take();
            flow.reset(0, 0);
            assertEquals("RESET, packet 0, 0 end RESET, 1 end RESET, ended rst", take());
        }
    }

    @Test
    void aFailureIsToldAtOnceAndIsTheReasonWhateverEndsTheFlow() {
        failing = true;
        try (Conversation flow = conversation()) {
            flow.handshake();
            take();
            flow.send(0, 0, "???").send(0, 3, "more").finish();
            assertEquals(
                    "packet 0, 0:40000 ???, parse_error 0, 0 end PARSE_ERROR, 1 end PARSE_ERROR,"
                            + " packet 0, ended parse_error",
                    take());
            assertEquals(1, flow.tracker.counters().anomalies(AnomalyKind.PARSE_ERROR));
        }
    }

    @Test
    void anOverflowUnderDropFlowIsTheReasonAndTheFlowIsCountedOn() {
        StreamOptions limits =
                StreamOptions.builder()
                        .holdBytes(4)
                        .bufferBytes(4)
                        .overflow(OverflowPolicy.DROP_FLOW)
                        .build();
        try (Conversation flow = conversation(o -> o.streamOptions(limits))) {
            flow.handshake();
            take();
            flow.send(0, 1, "too much").send(0, 9, "x").send(1, 0, "ok").finish();
            assertEquals(
                    "packet 0, buffer_overflow 0, 0 end BUFFER_OVERFLOW, packet 0, packet 1,"
                            + " 1:40000 ok, 1 end FLOW_ENDED, ended buffer_overflow",
                    take());
        }
    }

    @Test
    void aStoppedSideLeavesTheOtherAndTheFlow() {
        decision = GapDecision.STOP_SIDE;
        try (Conversation flow = conversation()) {
            flow.handshake();
            take();
            flow.send(0, 3, "def").acked(1, 6).pass(10 * MILLI).send(0, 6, "ghi");
            flow.send(1, 0, "answer").finish();
            assertEquals(
                    "packet 0, ooo_segment 0, packet 1, packet 0, gap 0, 0 gap 3 ACKNOWLEDGED,"
                            + " 0 end STOPPED, packet 1, 1:40000 answer, 1 end FLOW_ENDED,"
                            + " ended finished",
                    take());
        }
    }

    @Test
    void aHoleIsGivenUpByTimeAlsoWhenOnlyOtherFlowsSendPackets() {
        try (Conversation flow = conversation()) {
            flow.handshake().send(0, 3, "def").pass(1_001 * MILLI);
            take();
            flow.tracker.sweep(flow.now);
            assertEquals("gap 0, 0 gap 3 STALLED, 0:40000 def", take());
        }
    }

    @Test
    void aFlowThatTheFactoryDeclinesIsOnlyTracked() {
        try (Conversation flow = conversation()) {
            flow.other(Conversation.SYN);
            assertEquals("started, SYN_SENT, packet 0", take());
            assertEquals(0, flow.tracker.streamStatistics().opened());
        }
    }

    @Test
    void aNewConnectionOnTheSameAddressesHasStreamsOfItsOwn() {
        try (Conversation flow = conversation(o -> o.closeLinger(Duration.ofSeconds(5)))) {
            flow.handshake().send(0, 0, "abc").reset(0, 3);
            take();
            flow.packet(0, 99, 0, Conversation.SYN, "").send(0, 100, "new");
            assertEquals(
                    "0 end RESET, 1 end RESET, ended rst, started, SYN_SENT, packet 0,"
                            + " established, packet 0, 0:40000 new",
                    take());
        }
    }

    @Test
    void afterCloseTheTrackerRefusesAndItsStreamNumbersRemain() {
        Conversation flow = conversation();
        flow.handshake().send(0, 0, "abc");
        flow.close();
        assertThrows(IllegalStateException.class, () -> flow.tracker.sweep(1));
        assertEquals(3, flow.tracker.streamStatistics().deliveredBytes());
        assertTrue(log.contains("ended finished"));
    }

    @Test
    void urgentDataAreAPartOfTheStream() {
        StringBuilder text = new StringBuilder();
        StreamConsumer all =
                (stream, memory, at, n, time) -> {
                    byte[] bytes = memory.asSlice(at, n).toArray(JAVA_BYTE);
                    text.append(new String(bytes, ISO_8859_1));
                    return n;
                };
        try (Conversation talk = new Conversation(flow -> all)) {
            int urgent = Conversation.ACK | 32;
            talk.handshake().send(0, 0, "ab").packet(0, 2, 0, urgent, "!cd").send(0, 5, "ef");
            talk.packet(0, 2, 0, urgent, "!cd").finish();
            assertEquals("ab!cdef", text.toString());
            assertEquals(3, talk.tracker.streamStatistics().duplicateBytes());
        }
    }
}
