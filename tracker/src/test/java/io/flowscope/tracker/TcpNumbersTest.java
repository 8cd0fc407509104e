package io.flowscope.tracker;

import static io.flowscope.tracker.model.TestPacket.ACK;
import static io.flowscope.tracker.model.TestPacket.FIN;
import static io.flowscope.tracker.model.TestPacket.SYN;
import static io.flowscope.tracker.model.TestPacket.tcp;
import static io.flowscope.tracker.model.Trace.CLIENT;
import static io.flowscope.tracker.model.Trace.SERVER;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flowscope.tracker.model.TestPacket;
import io.flowscope.tracker.model.Trace;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import java.util.List;

@Execution(ExecutionMode.CONCURRENT)
class TcpNumbersTest {
    private static final long MILLI = 1_000_000;

    private static TestPacket client(int seq, int ack) {
        return tcp(CLIENT, SERVER, ACK).seq(seq).ack(ack);
    }

    private static TestPacket server(int seq, int ack) {
        return tcp(SERVER, CLIENT, ACK).seq(seq).ack(ack);
    }

    private static TestPacket syn() {
        return tcp(CLIENT, SERVER, SYN).seq(100);
    }

    private static TestPacket synAck() {
        return tcp(SERVER, CLIENT, SYN).seq(500).ack(101);
    }

    @Test
    void handshakeGivesConnectLatencyAndOneRoundTrip() {
        try (Trace trace = new Trace()) {
            trace.send(syn(), synAck().at(10 * MILLI), client(101, 501).at(12 * MILLI));
            FlowRecord flow = trace.live();
            assertEquals(10 * MILLI, flow.connectNanos());
            assertEquals(
                    new RoundTripStatistics(1, 12 * MILLI, 12 * MILLI, 12 * MILLI, 12 * MILLI),
                    flow.roundTrips());
        }
    }

    @Test
    void anOfferOfTimestampsThatIsNotTakenUpCostsNoRoundTrip() {
        try (Trace trace = new Trace()) {
            trace.send(
                    syn().stamps(7, 0),
                    synAck().at(10 * MILLI),
                    client(101, 501).at(12 * MILLI),
                    client(101, 501).data(50).at(20 * MILLI),
                    server(501, 151).at(50 * MILLI));
            RoundTripStatistics trips = trace.live().roundTrips();
            assertEquals(2, trips.count());
            assertEquals(12 * MILLI, trips.min());
            assertEquals(32 * MILLI, trips.last());
            assertEquals(10 * MILLI, trace.live().connectNanos());
        }
    }

    @Test
    void anAnswerWithoutTimestampsEndsTheWaitForAnEcho() {
        try (Trace trace = new Trace()) {
            trace.send(
                    client(101, 501).data(50).stamps(7, 0),
                    server(501, 151).at(10 * MILLI),
                    client(151, 501).data(50).at(20 * MILLI),
                    server(501, 201).at(50 * MILLI));
            assertEquals(1, trace.live().roundTrips().count());
            assertEquals(30 * MILLI, trace.live().roundTrips().last());
        }
    }

    @Test
    void dataAndItsAcknowledgmentRenewOneHalf() {
        try (Trace trace = new Trace()) {
            trace.send(
                    syn(),
                    synAck().at(10 * MILLI),
                    client(101, 501).at(12 * MILLI),
                    client(101, 501).data(50).at(20 * MILLI),
                    client(151, 501).data(50).at(21 * MILLI),
                    server(501, 201).at(50 * MILLI));
            RoundTripStatistics trips = trace.live().roundTrips();
            assertEquals(2, trips.count());
            assertEquals(32 * MILLI, trips.last());
            assertEquals(12 * MILLI, trips.min());
            assertEquals(32 * MILLI, trips.max());
            assertEquals(22 * MILLI, trips.mean());
        }
    }

    /** The number 0 in a record is no acknowledgment: half of all numbers are before it. */
    @Test
    void firstAcknowledgmentCountsThoughItComesWithDataAndItsNumberIsNegative() {
        try (Trace trace = new Trace()) {
            trace.send(
                    tcp(CLIENT, SERVER, SYN).seq(100).data(10),
                    tcp(SERVER, CLIENT, SYN).seq(-500).ack(111).at(10 * MILLI),
                    server(-499, 111).data(20).at(11 * MILLI),
                    client(111, -479).data(1).at(12 * MILLI));
            assertEquals(1, trace.live().roundTrips().count());
            assertEquals(12 * MILLI, trace.live().roundTrips().last());
        }
    }

    @Test
    void latestRoundTripIsOneThatWasCountedThoughASynComesLate() {
        try (Trace trace = new Trace()) {
            trace.send(
                    client(101, 501).data(10),
                    server(501, 111).at(10 * MILLI),
                    client(111, 501).data(10).at(20 * MILLI),
                    tcp(SERVER, CLIENT, SYN).seq(400).ack(121).at(50 * MILLI));
            RoundTripStatistics trips = trace.live().roundTrips();
            assertEquals(2, trips.count());
            assertEquals(40 * MILLI, trips.sum());
            assertEquals(30 * MILLI, trips.last());
        }
    }

    @Test
    void retransmittedSegmentIsNotTimed() {
        try (Trace trace = new Trace()) {
            trace.send(
                    syn(),
                    synAck().at(10 * MILLI),
                    client(101, 501).at(12 * MILLI),
                    client(101, 501).data(50).at(20 * MILLI),
                    client(101, 501).data(50).at(220 * MILLI),
                    server(501, 151).at(230 * MILLI));
            assertEquals(1, trace.live().roundTrips().count());
        }
    }

    @Test
    void timestampsTellWhichOfTwoTransmissionsWasAnswered() {
        try (Trace trace = new Trace()) {
            trace.send(
                    client(101, 501).data(50).stamps(1000, 7),
                    client(101, 501).data(50).stamps(1200, 7).at(200 * MILLI),
                    server(501, 151).stamps(8, 1000).at(210 * MILLI));
            assertEquals(210 * MILLI, trace.live().roundTrips().last());
        }
    }

    @Test
    void answerToALaterTimestampIsNoSample() {
        try (Trace trace = new Trace()) {
            trace.send(
                    client(101, 501).data(50).stamps(1000, 7),
                    server(501, 151).stamps(8, 1200).at(210 * MILLI));
            assertEquals(0, trace.live().roundTrips().count());
        }
    }

    @Test
    void lateSegmentIsOutOfOrderAndRepeatedOneARetransmission() {
        try (Trace trace = new Trace()) {
            trace.send(
                    client(100, 1).data(10),
                    client(120, 1).data(10),
                    client(110, 1).data(10),
                    client(110, 1).data(10));
            SideStatistics side = trace.live().initiator();
            assertEquals(1, side.outOfOrder());
            assertEquals(1, side.retransmissions());
            assertEquals(List.of("started", "ooo_segment"), trace.take());
        }
    }

    @Test
    void numbersWrapAround() {
        try (Trace trace = new Trace()) {
            trace.send(
                    client(-10, 1).data(10),
                    client(0, 1).data(10),
                    client(-10, 1).data(10),
                    client(20, 1).data(5),
                    client(10, 1).data(10));
            SideStatistics side = trace.live().initiator();
            assertEquals(1, side.retransmissions());
            assertEquals(1, side.outOfOrder());
        }
    }

    @Test
    void keepAliveIsNoRetransmission() {
        try (Trace trace = new Trace()) {
            trace.send(
                    client(100, 1).data(10),
                    client(109, 1).data(1),
                    client(109, 1),
                    server(1, 110));
            assertEquals(0, trace.live().initiator().retransmissions());
        }
    }

    @Test
    void distantSegmentIsBelievedWhenTheNextOneFollows() {
        try (Trace trace = new Trace()) {
            int far = 100 + (3 << 20);
            trace.send(
                    client(100, 1).data(10),
                    client(far, 1).data(10),
                    client(110, 1).data(10),
                    client(far + 500, 1).data(10),
                    client(far + 510, 1).data(10),
                    client(far + 520, 1).data(10));
            assertEquals(List.of("started", "out_of_window", "out_of_window"), trace.take());
            assertEquals(0, trace.live().initiator().retransmissions());
        }
    }

    @Test
    void acknowledgmentOfUnseenBytesIsAGap() {
        try (Trace trace = new Trace()) {
            trace.send(client(100, 1).data(10), server(1, 150), client(150, 1).data(10));
            assertEquals(List.of("started", "gap"), trace.take());
            assertEquals("DaG", trace.live().history());
            assertEquals(0, trace.live().initiator().outOfOrder());
        }
    }

    @Test
    void repeatedAcknowledgmentsAreCountedWhileDataIsInFlight() {
        try (Trace trace = new Trace()) {
            trace.send(
                    client(100, 1).data(10),
                    server(1, 100),
                    server(1, 100),
                    server(1, 100),
                    server(1, 100).window(5),
                    server(1, 110),
                    server(1, 110));
            assertEquals(2, trace.live().responder().duplicateAcks());
        }
    }

    @Test
    void windowsOfZeroAreCountedAndInTheHistory() {
        try (Trace trace = new Trace()) {
            trace.send(client(100, 1).data(10), server(1, 110).window(0), server(1, 110).window(0));
            assertEquals(2, trace.live().responder().zeroWindows());
            assertEquals("Daw", trace.live().history());
        }
    }

    @Test
    void rareCountersGoOnBeyondTheirBits() {
        try (Trace trace = new Trace(TrackerOptions.builder().maxFlows(3).build())) {
            trace.send(TestPacket.udp(SERVER, CLIENT, 1), client(100, 1).data(10));
            TestPacket[] repeated = new TestPacket[70_000];
            java.util.Arrays.fill(repeated, client(100, 1).data(10).window(0));
            trace.send(repeated);
            FlowRecord flow =
                    trace.tracker.snapshot().stream()
                            .filter(f -> f.protocol() == 6)
                            .findFirst()
                            .orElseThrow();
            assertEquals(70_000, flow.initiator().retransmissions());
            assertEquals(70_000, flow.initiator().zeroWindows());
            assertEquals(70_001, flow.initiator().packets());
        }
    }

    @Test
    void historyHasEveryLetterOncePerSide() {
        try (Trace trace = new Trace()) {
            trace.send(
                    syn(),
                    synAck(),
                    client(101, 501),
                    client(101, 501).data(20),
                    server(501, 121),
                    server(501, 121).data(20),
                    client(121, 521),
                    client(101, 521).data(20),
                    server(501, 141).data(20),
                    client(141, 521).window(0).data(3),
                    tcp(SERVER, CLIENT, FIN).seq(521).ack(144).window(0),
                    tcp(CLIENT, SERVER, FIN).seq(144).ack(522),
                    tcp(SERVER, CLIENT, TestPacket.RST).seq(522).ack(145));
            assertEquals("ShADadTtGWwfFr", trace.live().history());
        }
    }
}
