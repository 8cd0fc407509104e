package io.flowscope.tracker.rules;

import static io.flowscope.tracker.model.TestPacket.FIN;
import static io.flowscope.tracker.model.TestPacket.RST;
import static io.flowscope.tracker.model.TestPacket.SYN;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flowscope.tracker.EndReason;
import io.flowscope.tracker.FlowRecord;
import io.flowscope.tracker.TcpState;
import io.flowscope.tracker.TrackerCounters;
import io.flowscope.tracker.TrackerOptions;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;

class FlowTableRulesTest {
    private static final int UDP_IDLE_MILLIS = 60_000;

    @Test
    void senderOfTheFirstPacketIsTheInitiator() {
        try (Scene scene = new Scene()) {
            scene.at(0, scene.in(0, 0, 0).data(3)).at(1, scene.out(0, 0, 3));
            assertEquals(80, scene.live().initiatorPort());
            assertEquals("Da", scene.live().history());
        }
    }

    @Test
    void packetAtTheTimeoutEndsTheOldFlowAndOneBeforeItDoesNot() {
        try (Scene scene = new Scene()) {
            scene.at(0, scene.datagram(7)).at(UDP_IDLE_MILLIS - 1, scene.datagram(7));
            assertEquals(List.of("started 80", "packet 80", "packet 80"), scene.said());
            scene.at(2 * UDP_IDLE_MILLIS - 1, scene.datagram(7));
            assertEquals(List.of("ended idle 80", "started 80", "packet 80"), scene.said());
        }
    }

    @Test
    void eachTransportHasItsOwnTimeout() {
        for (int[] each : new int[][] {{300, 6}, {60, 17}, {30, 1}}) {
            try (Scene scene = new Scene()) {
                var packet = each[1] == 17 ? scene.datagram(7) : scene.out(0, 0, 0);
                packet.protocol = each[1];
                packet.icmpType = each[1] == 1 ? 8 : -1;
                scene.at(0, packet);
                scene.tracker.sweep(Scene.nanos(each[0] * 1000L - 1));
                assertEquals(1, scene.tracker.liveFlows());
                scene.tracker.sweep(Scene.nanos(each[0] * 1000L));
                assertEquals(0, scene.tracker.liveFlows());
            }
        }
    }

    @Test
    void timeoutOfSingleFlowsCanBeChosen() {
        TrackerOptions.Builder options =
                TrackerOptions.builder()
                        .flowTimeout(
                                (key, protocol) ->
                                        key.aPort() == 7 || key.bPort() == 7
                                                ? Duration.ofMillis(10)
                                                : null);
        try (Scene scene = new Scene(options)) {
            scene.at(0, scene.datagram(7)).at(0, scene.datagram(1001));
            scene.tracker.sweep(Scene.nanos(10));
            assertEquals("ended idle 80", scene.said().getLast());
            assertEquals(1001, scene.live().initiatorPort());
        }
    }

    @Test
    void fullTableEndsTheLeastRecentlyTouchedBeforeTheNewFlowStarts() {
        try (Scene scene = new Scene(TrackerOptions.builder().maxFlows(3))) {
            scene.at(0, scene.datagram(1001)).at(1, scene.datagram(1002));
            scene.at(2, scene.datagram(1003)).at(3, scene.datagram(1001));
            scene.said();
            scene.tracker.forEachFlow(flow -> assertTrue(flow.startedNanos() > 0));
            scene.at(4, scene.datagram(1004));
            assertEquals(
                    List.of(
                            "ended evicted 1002",
                            "flow_table_eviction of INITIATOR 1002",
                            "started 1004",
                            "packet 1004"),
                    scene.said());
            assertEquals(3, scene.tracker.liveFlows());
        }
    }

    @Test
    void closedFlowIsTheFirstToMakeRoomAndEndsWithItsOwnReason() {
        try (Scene scene = new Scene(TrackerOptions.builder().maxFlows(2))) {
            scene.at(0, scene.datagram(1005)).handshake(1).goodbye(4);
            scene.said();
            scene.at(7, scene.datagram(1006));
            assertEquals("ended fin 1001", scene.said().get(0));
        }
    }

    @Test
    void synWithANewNumberOnAClosedFlowStartsANewOne() {
        try (Scene scene = new Scene().handshake(0).goodbye(3)) {
            scene.said();
            scene.at(6, scene.out(SYN, 70_000));
            assertEquals(
                    List.of("ended fin 1001", "started 1001", "syn_sent 1001", "packet 1001"),
                    scene.said());
        }
    }

    @Test
    void synWithANewNumberOnAResetFlowStartsANewOne() {
        try (Scene scene = new Scene().handshake(0)) {
            scene.at(3, scene.out(RST, 0, 0)).said();
            scene.at(6, scene.out(SYN, 70_000));
            assertEquals("ended rst 1001", scene.said().get(0));
        }
    }

    @Test
    void synWithANewNumberOnAClosingFlowReusesIt() {
        try (Scene scene = new Scene().handshake(0)) {
            scene.at(3, scene.out(FIN, 0, 0)).said();
            scene.at(6, scene.out(SYN, 70_000));
            assertEquals("ended reused 1001", scene.said().get(0));
        }
    }

    @Test
    void synOnAnOpenFlowReusesItOnlyIfItIsQuietAndTheInitiators() {
        try (Scene scene = new Scene().handshake(0)) {
            scene.said();
            scene.at(500, scene.out(SYN, 70_000));
            assertEquals(List.of("packet 1001"), scene.said());
            scene.at(9000, scene.in(SYN, 70_000));
            assertEquals(List.of("packet 1001"), scene.said());
            scene.at(20_000, scene.out(SYN, 90_000));
            assertEquals(
                    List.of("ended reused 1001", "started 1001", "syn_sent 1001", "packet 1001"),
                    scene.said());
        }
    }

    @Test
    void synWithTheOldNumberIsTheSameFlowSentAgain() {
        try (Scene scene = new Scene()) {
            scene.at(0, scene.out(SYN, -1)).at(30_000, scene.out(SYN, -1));
            assertEquals(2, scene.live().initiator().packets());
            assertEquals(1, scene.live().initiator().retransmissions());
        }
    }

    @Test
    void interimReportComesAfterThePacketAndBeforeTheEnd() {
        TrackerOptions.Builder options =
                TrackerOptions.builder()
                        .activeTimeout(Duration.ofMillis(100))
                        .closeLinger(Duration.ZERO);
        try (Scene scene = new Scene(options).handshake(0)) {
            scene.at(50, scene.out(0, 0, 0).data(1)).said();
            scene.at(150, scene.out(RST, 1, 0));
            assertEquals(
                    List.of("reset 1001", "packet 1001", "interim 1001", "ended rst 1001"),
                    scene.said());
        }
    }

    @Test
    void reasonsOfEveryOpenFlowAndEveryClosedOne() {
        try (Scene scene = new Scene().handshake(0)) {
            scene.at(10, scene.datagram(1002));
            scene.tracker.finish();
            assertEquals(
                    List.of(EndReason.FINISHED, EndReason.FINISHED),
                    scene.ended.stream().map(FlowRecord::reason).toList());
            assertEquals(TcpState.ESTABLISHED, scene.ended.get(0).state());
        }
        try (Scene scene = new Scene().handshake(0).goodbye(3)) {
            scene.tracker.finish();
            assertEquals("ended fin 1001", scene.said().getLast());
        }
        try (Scene scene = new Scene().handshake(0)) {
            scene.at(3, scene.in(RST, 0, 0));
            scene.tracker.sweep(Scene.nanos(10_000_000));
            assertEquals("ended rst 1001", scene.said().getLast());
        }
    }

    @Test
    void finishEndsInTheSameOrderEveryTime() {
        for (int run = 0; run < 2; run++) {
            try (Scene scene = new Scene()) {
                for (int port = 2000; port < 2050; port++) {
                    scene.at(port, scene.datagram(port));
                }
                scene.tracker.finish();
                List<Integer> ports = scene.ended.stream().map(FlowRecord::initiatorPort).toList();
                assertEquals(ports.stream().sorted().toList(), ports);
            }
        }
    }

    @Test
    void createdIsEndedAndLiveAtEveryMoment() {
        try (Scene scene = new Scene(TrackerOptions.builder().maxFlows(5))) {
            for (int i = 0; i < 400; i++) {
                scene.at(i * 997L, scene.datagram(2000 + i * 7 % 23));
                TrackerCounters counters = scene.tracker.counters();
                assertEquals(counters.created(), counters.ended() + counters.live());
                assertTrue(counters.live() <= 5);
            }
            scene.tracker.finish();
            assertEquals(0, scene.tracker.counters().live());
            assertEquals(scene.tracker.counters().created(), scene.ended.size());
        }
    }
}
