package io.flowscope.tracker.rules;

import static io.flowscope.tracker.packet.Packets.ethernet;
import static io.flowscope.tracker.packet.Packets.ipv4;
import static io.flowscope.tracker.packet.Packets.udp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flowscope.tracker.FlowRecord;
import io.flowscope.tracker.model.TestPacket;
import io.flowscope.tracker.packet.DecodeOutcome;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.List;

/** Fragments, quoted packets, and packets that belong to nobody. */
class PacketRulesTest {
    private static final String FROM = "0a000001";
    private static final String TO = "0a000002";
    private static final byte[] DATAGRAM = udp(1001, 80, new byte[56]);

    /** A part of a datagram of 64 bytes; offsets are multiples of eight. */
    private static byte[] fragment(int id, int from, int to) {
        int more = to < DATAGRAM.length ? 0x2000 : 0;
        byte[] part = Arrays.copyOfRange(DATAGRAM, from, to);
        return ethernet(0x0800, ipv4(17, FROM, TO, new byte[0], id, more | from / 8, part));
    }

    @Test
    void fragmentsBelongToTheFlowOfTheirFirst() {
        try (Scene scene = new Scene()) {
            scene.bytes(0, fragment(1, 0, 24)).bytes(1, fragment(1, 24, 48));
            scene.bytes(2, fragment(1, 48, 64));
            FlowRecord flow = scene.live();
            assertEquals(1001, flow.initiatorPort());
            assertEquals(3, flow.initiator().packets());
            assertEquals(56, flow.initiator().payloadBytes());
            assertEquals(3 * 34 + 64, flow.initiator().bytes());
        }
    }

    @Test
    void fragmentsBeforeTheirFirstAreCountedWithTheirOwnTimesAndWithoutEvents() {
        try (Scene scene = new Scene()) {
            scene.bytes(0, fragment(1, 24, 48)).bytes(1, fragment(1, 48, 64));
            assertEquals(List.of(), scene.said());
            assertEquals(0, scene.tracker.liveFlows());
            scene.bytes(5, fragment(1, 0, 24));
            assertEquals(List.of("started 1001", "packet 1001"), scene.said());
            FlowRecord flow = scene.live();
            assertEquals(3, flow.initiator().packets());
            assertEquals(56, flow.initiator().payloadBytes());
            assertEquals(Scene.nanos(0), flow.startedNanos());
            assertEquals(Scene.nanos(0), flow.initiator().firstNanos());
            assertEquals(Scene.nanos(5), flow.lastSeenNanos());
        }
    }

    @Test
    void fragmentsWhoseFirstNeverComesAreUnmatchedAfterHalfAMinute() {
        try (Scene scene = new Scene()) {
            scene.bytes(0, fragment(1, 24, 48)).bytes(1, fragment(1, 48, 64));
            scene.tracker.sweep(Scene.nanos(29_999));
            assertEquals(0, scene.tracker.counters().lostFragments());
            scene.tracker.sweep(Scene.nanos(30_001));
            assertEquals(2, scene.tracker.counters().lostFragments());
            assertEquals(2, scene.tracker.counters().unmatched());
            assertEquals(0, scene.tracker.counters().created());
        }
    }

    @Test
    void fragmentsWhoseFirstNeverComesAreUnmatchedAtTheEnd() {
        try (Scene scene = new Scene()) {
            scene.bytes(0, fragment(1, 24, 48));
            scene.tracker.finish();
            assertEquals(1, scene.tracker.counters().unmatched());
            assertEquals(0, scene.tracker.counters().created());
        }
    }

    @Test
    void icmpErrorCountsInItsOwnFlowAndIsToldToTheQuotedOne() {
        try (Scene scene = new Scene()) {
            TestPacket datagram = scene.datagram(1001);
            scene.at(0, datagram).said();
            scene.at(20, TestPacket.icmp(Scene.client(0), Scene.client(0), 3, datagram));
            assertEquals(List.of("started 0", "packet 0", "icmp error 3/1 1001"), scene.said());
            assertEquals(1, scene.tracker.counters().icmpErrors());
            scene.tracker.finish();
            FlowRecord quoted =
                    scene.ended.stream().filter(f -> f.protocol() == 17).findAny().orElseThrow();
            assertEquals(1, quoted.initiator().packets());
            assertEquals(0, quoted.responder().packets());
            assertEquals(Scene.nanos(0), quoted.lastSeenNanos());
            FlowRecord own =
                    scene.ended.stream().filter(f -> f.protocol() == 1).findAny().orElseThrow();
            assertEquals(3, own.icmpType());
            assertEquals(1, own.icmpCode());
        }
    }

    @Test
    void icmpErrorDoesNotKeepTheQuotedFlowAlive() {
        try (Scene scene = new Scene()) {
            TestPacket datagram = scene.datagram(1001);
            scene.at(0, datagram);
            scene.at(59_000, TestPacket.icmp(Scene.client(0), Scene.client(0), 3, datagram));
            scene.said();
            scene.tracker.sweep(Scene.nanos(60_000));
            assertEquals(List.of("ended idle 1001"), scene.said());
        }
    }

    @Test
    void icmpErrorAboutAFlowThatIsNotThereIsNobodysEvent() {
        try (Scene scene = new Scene()) {
            TestPacket stranger = scene.datagram(1001);
            scene.at(0, TestPacket.icmp(Scene.client(0), Scene.client(0), 3, stranger));
            assertEquals(List.of("started 0", "packet 0"), scene.said());
            assertEquals(0, scene.tracker.counters().icmpErrors());
        }
    }

    @Test
    void packetWithoutPortsIsUnmatchedAndCountedByReason() {
        try (Scene scene = new Scene()) {
            byte[] whole = scene.datagram(1001).bytes();
            scene.bytes(0, Arrays.copyOf(whole, 14 + 20 + 3));
            byte[] lying = whole.clone();
            lying[14] = 0x44;
            scene.bytes(1, lying);
            scene.bytes(2, new byte[] {1, 2, 3});
            assertEquals(3, scene.tracker.counters().unmatched());
            assertEquals(3, scene.tracker.counters().packets());
            assertEquals(0, scene.tracker.counters().created());
            assertEquals(3, scene.tracker.counters().unmatched(DecodeOutcome.MALFORMED));
        }
    }
}
