package io.flowscope.tracker;

import static io.flowscope.tracker.model.TestPacket.ACK;
import static io.flowscope.tracker.model.TestPacket.FIN;
import static io.flowscope.tracker.model.TestPacket.RST;
import static io.flowscope.tracker.model.TestPacket.SYN;
import static io.flowscope.tracker.model.TestPacket.tcp;
import static io.flowscope.tracker.model.Trace.CLIENT;
import static io.flowscope.tracker.model.Trace.SECOND;
import static io.flowscope.tracker.model.Trace.SERVER;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flowscope.tracker.model.TestPacket;
import io.flowscope.tracker.model.Trace;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;

class TcpStateTest {
    private static TestPacket client(int flags, int seq, int ack) {
        return tcp(CLIENT, SERVER, flags | ACK).seq(seq).ack(ack);
    }

    private static TestPacket server(int flags, int seq, int ack) {
        return tcp(SERVER, CLIENT, flags | ACK).seq(seq).ack(ack);
    }

    private static Trace established(TrackerOptions options) {
        Trace trace = new Trace(options);
        trace.send(
                tcp(CLIENT, SERVER, SYN).seq(100).scale(7),
                server(SYN, 500, 101).scale(7),
                client(0, 101, 501));
        trace.take();
        return trace;
    }

    private static Trace established() {
        return established(TrackerOptions.builder().anomalies(true).build());
    }

    @Test
    void handshakeGoesThroughItsStates() {
        try (Trace trace = new Trace()) {
            trace.send(tcp(CLIENT, SERVER, SYN).seq(100));
            assertEquals(List.of("started", "syn_sent"), trace.take());
            trace.send(server(SYN, 500, 101));
            assertEquals(List.of("syn_received"), trace.take());
            trace.send(client(0, 101, 501));
            assertEquals(List.of("established"), trace.take());
            assertEquals("ShA", trace.live().history());
        }
    }

    @Test
    void splitHandshakeIsEstablishedByTheServersAcknowledgment() {
        try (Trace trace = new Trace()) {
            trace.send(
                    tcp(CLIENT, SERVER, SYN).seq(100),
                    server(0, 1, 101),
                    tcp(SERVER, CLIENT, SYN).seq(500),
                    client(SYN, 100, 501),
                    server(0, 501, 101));
            assertEquals(
                    List.of("started", "syn_sent", "syn_received", "established"), trace.take());
        }
    }

    @Test
    void oneSidedCaptureIsEstablishedByTheClientsAcknowledgment() {
        try (Trace trace = new Trace()) {
            trace.send(tcp(CLIENT, SERVER, SYN).seq(100), client(0, 101, 501));
            assertEquals(List.of("started", "syn_sent", "established"), trace.take());
        }
    }

    @Test
    void bothFinsAcknowledgedClose() {
        try (Trace trace = established()) {
            trace.send(client(FIN, 101, 501), server(FIN, 501, 102), client(0, 102, 502));
            assertEquals(List.of("fin_wait", "closing", "closed"), trace.take());
            assertEquals(TcpState.CLOSED, trace.live().state());
        }
    }

    @Test
    void retransmittedFinIsNotTheOtherSidesFin() {
        try (Trace trace = established()) {
            trace.send(client(FIN, 101, 501), client(FIN, 101, 501), client(FIN, 101, 501));
            assertEquals(List.of("fin_wait"), trace.take());
            assertEquals(2, trace.live().initiator().retransmissions());
        }
    }

    @Test
    void crossedFinsCloseWhenBothAreAcknowledged() {
        try (Trace trace = established()) {
            trace.send(client(FIN, 101, 501), server(FIN, 501, 101), client(0, 102, 502));
            assertEquals(List.of("fin_wait", "closing"), trace.take());
            trace.send(server(0, 502, 102));
            assertEquals(List.of("closed"), trace.take());
        }
    }

    @Test
    void midStreamFlowFollowsTheSameFinRule() {
        try (Trace trace = new Trace()) {
            trace.send(
                    client(0, 101, 501).data(10),
                    client(FIN, 111, 501),
                    server(FIN, 501, 112),
                    client(0, 112, 502));
            assertEquals(List.of("started", "fin_wait", "closing", "closed"), trace.take());
        }
    }

    @Test
    void resetInsideTheWindowIsObeyed() {
        try (Trace trace = established()) {
            trace.send(client(RST, 101 + 500, 501));
            assertEquals(List.of("reset"), trace.take());
        }
    }

    @Test
    void resetOutsideTheWindowIsCountedAndNotObeyed() {
        try (Trace trace = established()) {
            trace.send(client(RST, 101 + 1000 * 128 + 1, 501), client(RST, 100, 501));
            assertEquals(List.of("out_of_window", "out_of_window"), trace.take());
            assertEquals(TcpState.ESTABLISHED, trace.live().state());
            assertEquals(2, trace.tracker.counters().resetsIgnored());
        }
    }

    @Test
    void resetIsObeyedWhileTheWindowIsUnknown() {
        try (Trace trace = new Trace()) {
            trace.send(tcp(CLIENT, SERVER, SYN).seq(100), server(RST, 0, 101));
            assertEquals(List.of("started", "syn_sent", "reset"), trace.take());
        }
    }

    @Test
    void closedFlowAbsorbsLatePacketsUntilItsLingerIsOver() {
        try (Trace trace = established()) {
            trace.send(client(FIN, 101, 501), server(FIN, 501, 102), client(0, 102, 502));
            trace.take();
            trace.send(server(0, 502, 102).at(4 * SECOND), client(RST, 102, 502).at(5 * SECOND));
            assertEquals(List.of(), trace.take());
            assertEquals(TcpState.CLOSED, trace.live().state());
            trace.tracker.sweep(Trace.START + 9 * SECOND);
            assertEquals(List.of(), trace.take());
            trace.tracker.sweep(Trace.START + 10 * SECOND);
            assertEquals(List.of("ended fin"), trace.take());
            assertEquals(5 * SECOND, trace.last().durationNanos());
            assertEquals(
                    8, trace.last().initiator().packets() + trace.last().responder().packets());
        }
    }

    @Test
    void withoutLingerTheEndIsTheLastEventOfTheClosingPacket() {
        try (Trace trace =
                established(TrackerOptions.builder().closeLinger(Duration.ZERO).build())) {
            trace.send(client(RST, 101, 501));
            assertEquals(List.of("reset", "packet", "ended rst"), trace.events);
            trace.send(server(0, 501, 101));
            assertTrue(trace.take().contains("started"));
        }
    }

    @Test
    void closedFlowEndsWithFinWhateverRemovesIt() {
        TrackerOptions one = TrackerOptions.builder().maxFlows(1).build();
        try (Trace evicted = established(one);
                Trace finished = established(one);
                Trace reused = established(one)) {
            for (Trace trace : List.of(evicted, finished, reused)) {
                trace.send(client(FIN, 101, 501), server(FIN, 501, 102), client(0, 102, 502));
                trace.take();
            }
            evicted.send(TestPacket.udp(CLIENT, SERVER, 1));
            finished.tracker.finish();
            reused.send(tcp(CLIENT, SERVER, SYN).seq(9000));
            for (Trace trace : List.of(evicted, finished, reused)) {
                assertEquals("ended fin", trace.take().getFirst());
            }
        }
    }

    @Test
    void synWithNewNumberOnAClosingFlowStartsANewOne() {
        try (Trace trace = established()) {
            trace.send(client(FIN, 101, 501), tcp(CLIENT, SERVER, SYN).seq(77_777));
            assertEquals(List.of("fin_wait", "ended reused", "started", "syn_sent"), trace.take());
        }
    }

    @Test
    void repeatedSynIsARetransmission() {
        try (Trace trace = new Trace()) {
            trace.send(
                    tcp(CLIENT, SERVER, SYN).seq(100),
                    tcp(CLIENT, SERVER, SYN).seq(100).at(3 * SECOND),
                    tcp(CLIENT, SERVER, SYN).seq(100).at(9 * SECOND));
            assertEquals(List.of("started", "syn_sent"), trace.take());
            assertEquals(2, trace.live().initiator().retransmissions());
            assertEquals("ST", trace.live().history());
        }
    }

    @Test
    void synWithNewNumberReplacesAQuietOpenFlowButNotABusyOne() {
        try (Trace trace = established()) {
            trace.send(tcp(CLIENT, SERVER, SYN).seq(5_000_000).at(SECOND / 2));
            assertFalse(trace.take().contains("ended reused"));
            trace.send(tcp(CLIENT, SERVER, SYN).seq(5_000_000).at(2 * SECOND));
            assertEquals(List.of("ended reused", "started", "syn_sent"), trace.take());
        }
    }

    @Test
    void synOfTheResponderDoesNotReplaceAnOpenFlow() {
        try (Trace trace = established()) {
            trace.send(tcp(SERVER, CLIENT, SYN).seq(5_000_000).at(9 * SECOND));
            assertEquals(List.of(), trace.take());
        }
    }

    @Test
    void firstSynAckFlipsTheSides() {
        try (Trace trace = new Trace()) {
            trace.send(server(SYN, 500, 101), client(0, 101, 501));
            FlowRecord flow = trace.live();
            assertTrue(flow.flipped());
            assertEquals("10.0.0.9", flow.initiatorAddress());
            assertEquals("hA", flow.history());
            assertEquals(TcpState.ESTABLISHED, flow.state());
        }
    }

    @Test
    void firstSynAckDoesNotFlipWhereThatIsOff() {
        try (Trace trace = new Trace(TrackerOptions.builder().flipSynAck(false).build())) {
            trace.send(server(SYN, 500, 101));
            assertFalse(trace.live().flipped());
            assertEquals("10.0.0.2", trace.live().initiatorAddress());
        }
    }
}
