package io.flowscope.tracker.rules;

import static io.flowscope.tracker.model.TestPacket.ACK;
import static io.flowscope.tracker.model.TestPacket.FIN;
import static io.flowscope.tracker.model.TestPacket.RST;
import static io.flowscope.tracker.model.TestPacket.SYN;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flowscope.tracker.FlowRecord;
import io.flowscope.tracker.Side;
import io.flowscope.tracker.TcpState;
import io.flowscope.tracker.TrackerOptions;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;

class TcpRulesTest {
    @Test
    void handshakeGoesThroughItsStatesOnePerPacket() {
        try (Scene scene = new Scene()) {
            scene.at(0, scene.out(SYN, -1));
            assertEquals(List.of("started 1001", "syn_sent 1001", "packet 1001"), scene.said());
            scene.at(1, scene.in(SYN, -1, 0));
            assertEquals(List.of("syn_received 1001", "packet 1001"), scene.said());
            scene.at(2, scene.out(0, 0, 0));
            assertEquals(List.of("established 1001", "packet 1001"), scene.said());
            assertEquals("ShA", scene.live().history());
        }
    }

    @Test
    void flowWithoutSynIsActiveAndFollowsTheSameFinRule() {
        try (Scene scene = new Scene()) {
            scene.at(0, scene.out(0, 0, 0).data(5));
            assertEquals(TcpState.ACTIVE, scene.live().state());
            scene.at(1, scene.out(FIN, 5, 0));
            assertEquals(TcpState.FIN_WAIT, scene.live().state());
            scene.at(2, scene.in(FIN, 0, 6));
            assertEquals(TcpState.CLOSING, scene.live().state());
            scene.at(3, scene.out(0, 6, 1));
            assertEquals(TcpState.CLOSED, scene.live().state());
            assertEquals("DFfA", scene.live().history());
        }
    }

    @Test
    void retransmittedFinIsNotTheOtherSidesFin() {
        try (Scene scene = new Scene().handshake(0)) {
            scene.at(3, scene.out(FIN, 0, 0)).at(4, scene.in(0, 0, 1));
            scene.at(5, scene.out(FIN, 0, 0)).at(6, scene.in(0, 0, 1));
            assertEquals(TcpState.FIN_WAIT, scene.live().state());
            assertEquals(1, scene.live().initiator().retransmissions());
        }
    }

    @Test
    void bothFinsMustBeAcknowledged() {
        try (Scene scene = new Scene().handshake(0)) {
            scene.at(3, scene.out(FIN, 0, 0));
            scene.at(4, scene.in(FIN, 0, 0));
            assertEquals(TcpState.CLOSING, scene.live().state());
            scene.at(5, scene.in(0, 1, 1));
            assertEquals(TcpState.CLOSING, scene.live().state());
            scene.at(6, scene.out(0, 1, 1));
            assertEquals(TcpState.CLOSED, scene.live().state());
        }
    }

    @Test
    void resetOutsideTheWindowIsCountedAndNotObeyed() {
        try (Scene scene = new Scene().handshake(0)) {
            scene.said();
            scene.at(3, scene.in(RST, 5000));
            assertEquals(List.of("out_of_window of RESPONDER 1001", "packet 1001"), scene.said());
            assertEquals(TcpState.ESTABLISHED, scene.live().state());
            assertEquals(1, scene.tracker.counters().resetsIgnored());
            scene.at(4, scene.in(RST, 900));
            assertEquals(TcpState.RESET, scene.live().state());
            assertEquals(1, scene.tracker.counters().resetsIgnored());
        }
    }

    @Test
    void windowScaleWidensTheWindowForAReset() {
        try (Scene scene = new Scene()) {
            scene.at(0, scene.out(SYN, -1).scale(3)).at(1, scene.in(SYN, -1, 0).scale(3));
            scene.at(2, scene.out(0, 0, 0).window(1000));
            scene.at(3, scene.in(RST, 5000));
            assertEquals(TcpState.RESET, scene.live().state());
        }
    }

    @Test
    void resetIsObeyedWhereTheWindowIsUnknown() {
        try (Scene scene = new Scene()) {
            scene.at(0, scene.out(0, 0, 0).data(5)).at(1, scene.in(RST, 900_000));
            assertEquals(TcpState.RESET, scene.live().state());
            assertEquals("Dr", scene.live().history());
        }
    }

    @Test
    void refusedConnectionIsReset() {
        try (Scene scene = new Scene()) {
            scene.at(0, scene.out(SYN, -1)).at(1, scene.in(RST, -SERVER_OFFSET, 0));
            scene.tracker.finish();
            FlowRecord flow = scene.ended.get(0);
            assertEquals(TcpState.RESET, flow.state());
            assertEquals("Sr", flow.history());
            assertEquals("ended rst 1001", scene.events.getLast());
        }
    }

    /** A refusal carries sequence number 0. */
    private static final int SERVER_OFFSET = Scene.SERVER_ISN + 1;

    @Test
    void closedFlowLingersAndAbsorbsLatePackets() {
        try (Scene scene = new Scene().handshake(0).goodbye(10)) {
            assertTrue(scene.said().contains("closed 1001"));
            scene.at(3000, scene.in(FIN, 0, 1));
            scene.at(4000, scene.out(0, 1, 1));
            assertEquals(List.of("packet 1001", "packet 1001"), scene.said());
            scene.tracker.sweep(Scene.nanos(8999));
            assertEquals(List.of(), scene.said());
            scene.tracker.sweep(Scene.nanos(9000));
            assertEquals(List.of("ended fin 1001"), scene.said());
            FlowRecord flow = scene.ended.get(0);
            assertEquals(5, flow.initiator().packets());
            assertEquals(3, flow.responder().packets());
            assertEquals(Scene.nanos(4000), flow.lastSeenNanos());
            assertEquals(4_000_000_000L, flow.durationNanos());
            scene.at(9001, scene.out(0, 1, 1));
            assertEquals("started 1001", scene.said().get(0));
        }
    }

    @Test
    void withoutLingerTheEndIsTheLastEventOfTheClosingPacket() {
        try (Scene scene = new Scene(TrackerOptions.builder().closeLinger(Duration.ZERO))) {
            scene.handshake(0).goodbye(10);
            List<String> said = scene.said();
            assertEquals(
                    List.of("closed 1001", "packet 1001", "ended fin 1001"),
                    said.subList(said.size() - 3, said.size()));
            assertEquals(0, scene.tracker.liveFlows());
        }
    }

    @Test
    void historyHasEachLetterOncePerSideInTheOrderOfItsFirstOccurrence() {
        try (Scene scene = new Scene().handshake(0)) {
            scene.at(3, scene.out(0, 0, 0).data(10));
            scene.at(4, scene.out(0, 10, 0).data(10));
            scene.at(5, scene.in(0, 0, 20).window(0));
            scene.at(6, scene.out(0, 0, 0).data(10));
            scene.at(7, scene.in(0, 0, 20).data(7));
            scene.at(8, scene.in(0, 100, 20).data(7));
            scene.at(9, scene.out(0, 20, 107));
            scene.at(10, scene.out(FIN, 20, 107));
            scene.at(11, scene.in(RST, 107, 21));
            assertEquals("ShADawTdgFr", scene.live().history());
        }
    }

    @Test
    void synAndFinSentAgainAreCountedAndHaveNoLetter() {
        try (Scene scene = new Scene()) {
            scene.at(0, scene.out(SYN, -1)).at(1, scene.out(SYN, -1));
            scene.at(2, scene.in(SYN, -1, 0)).at(3, scene.in(SYN, -1, 0));
            scene.at(4, scene.out(0, 0, 0)).at(5, scene.out(FIN, 0, 0)).at(6, scene.out(FIN, 0, 0));
            FlowRecord flow = scene.live();
            assertEquals("ShAF", flow.history());
            assertEquals(2, flow.initiator().retransmissions());
            assertEquals(1, flow.responder().retransmissions());
        }
    }

    @Test
    void finWithPayloadSentAgainHasItsLetter() {
        try (Scene scene = new Scene().handshake(0)) {
            scene.at(3, scene.out(FIN, 0, 0).data(4)).at(4, scene.out(FIN, 0, 0).data(4));
            assertEquals("ShADTF".length(), scene.live().history().length());
            assertEquals("ShADFT", scene.live().history());
        }
    }

    @Test
    void keepAliveIsNoRetransmission() {
        try (Scene scene = new Scene().handshake(0)) {
            scene.at(3, scene.out(0, 0, 0).data(10)).at(4, scene.in(0, 0, 10));
            scene.at(5, scene.out(0, 9, 0).data(1)).at(6, scene.in(0, 0, 10));
            assertEquals(0, scene.live().initiator().retransmissions());
            assertFalse(scene.live().history().contains("T"));
        }
    }

    @Test
    void segmentBehindItsSuccessorIsOutOfOrderAndNotSentAgain() {
        try (Scene scene = new Scene().handshake(0)) {
            scene.said();
            scene.at(3, scene.out(0, 10, 0).data(10));
            scene.at(4, scene.out(0, 0, 0).data(10));
            assertEquals(1, scene.live().initiator().outOfOrder());
            assertEquals(0, scene.live().initiator().retransmissions());
            assertEquals(
                    List.of("packet 1001", "ooo_segment of INITIATOR 1001", "packet 1001"),
                    scene.said());
            scene.at(5, scene.in(0, 0, 20));
            assertFalse(scene.live().history().contains("G"));
        }
    }

    @Test
    void sequenceNumbersWrapRound() {
        try (Scene scene = new Scene()) {
            int start = -6 - Scene.CLIENT_ISN - 1;
            scene.at(0, scene.out(SYN, start - 1)).at(1, scene.in(SYN, -1, start));
            scene.at(2, scene.out(0, start, 0).data(10));
            scene.at(3, scene.out(0, start + 10, 0).data(10));
            scene.at(4, scene.out(0, start, 0).data(10));
            scene.at(5, scene.in(0, 0, start + 20));
            assertEquals(1, scene.live().initiator().retransmissions());
            assertEquals("ShDTa", scene.live().history());
        }
    }

    @Test
    void connectLatencyIsFromSynToItsAnswer() {
        try (Scene scene = new Scene()) {
            scene.at(0, scene.out(SYN, -1)).at(30, scene.in(SYN, -1, 0));
            scene.at(34, scene.out(0, 0, 0));
            FlowRecord flow = scene.live();
            assertEquals(30_000_000, flow.connectNanos());
            assertEquals(1, flow.roundTrips().count());
            assertEquals(34_000_000, flow.roundTrips().min());
        }
    }

    @Test
    void segmentSentAgainIsNotTimed() {
        try (Scene scene = new Scene().handshake(0)) {
            scene.at(10, scene.out(0, 0, 0).data(10));
            scene.at(20, scene.out(0, 0, 0).data(10));
            scene.at(40, scene.in(0, 0, 10));
            assertEquals(1, scene.live().roundTrips().count());
            scene.at(50, scene.out(0, 10, 0).data(10)).at(60, scene.in(0, 0, 20));
            assertEquals(2, scene.live().roundTrips().count());
        }
    }

    @Test
    void timestampOptionTellsWhichCopyWasAnswered() {
        try (Scene scene = new Scene()) {
            scene.at(0, scene.out(SYN, -1).stamps(1, 0));
            scene.at(1, scene.in(SYN, -1, 0).stamps(90, 1));
            scene.at(2, scene.out(0, 0, 0).stamps(2, 90));
            long before = scene.live().roundTrips().count();
            scene.at(10, scene.out(0, 0, 0).data(10).stamps(10, 90));
            scene.at(30, scene.in(0, 0, 10).stamps(100, 10));
            assertEquals(before + 1, scene.live().roundTrips().count());
            assertEquals(21_000_000, scene.live().roundTrips().last());
        }
    }

    @Test
    void flowThatBeginsWithASynAckHasItsReceiverForInitiator() {
        try (Scene scene = new Scene()) {
            scene.at(0, scene.in(SYN, -1, 0)).at(1, scene.out(0, 0, 0));
            FlowRecord flow = scene.live();
            assertTrue(flow.flipped());
            assertEquals(1001, flow.initiatorPort());
            assertEquals(1, flow.side(Side.RESPONDER).packets());
            assertEquals("hA", flow.history());
            assertEquals(TcpState.ESTABLISHED, flow.state());
        }
    }

    @Test
    void flippingCanBeSwitchedOff() {
        try (Scene scene = new Scene(TrackerOptions.builder().flipSynAck(false))) {
            scene.at(0, scene.in(SYN, -1, 0));
            FlowRecord flow = scene.live();
            assertFalse(flow.flipped());
            assertEquals(80, flow.initiatorPort());
            assertEquals("H", flow.history());
        }
    }

    @Test
    void synWithAckAndRstIsAReset() {
        try (Scene scene = new Scene().handshake(0)) {
            scene.at(3, scene.in(SYN | RST | ACK, 0, 0));
            assertEquals(TcpState.RESET, scene.live().state());
        }
    }
}
