package io.flowscope.tracker;

import static io.flowscope.tracker.model.TestPacket.ACK;
import static io.flowscope.tracker.model.TestPacket.RST;
import static io.flowscope.tracker.model.TestPacket.SYN;
import static io.flowscope.tracker.model.TestPacket.tcp;
import static io.flowscope.tracker.model.TestPacket.udp;
import static io.flowscope.tracker.model.Trace.CLIENT;
import static io.flowscope.tracker.model.Trace.SECOND;
import static io.flowscope.tracker.model.Trace.SERVER;
import static io.flowscope.tracker.model.Trace.START;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flowscope.tracker.key.KeyExtractors;
import io.flowscope.tracker.key.PacketTag;
import io.flowscope.tracker.model.TestPacket;
import io.flowscope.tracker.model.TestPacket.Endpoint;
import io.flowscope.tracker.model.Trace;
import io.flowscope.tracker.packet.PacketCursor;

import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

class FlowTableRulesTest {
    private static TestPacket from(int host) {
        return udp(new Endpoint(false, host, 7), SERVER, 1);
    }

    @Test
    void fullTableEndsTheLeastRecentlySeenFlowFirst() {
        try (Trace trace =
                new Trace(TrackerOptions.builder().maxFlows(3).anomalies(true).build())) {
            trace.send(from(10), from(11).at(1), from(12).at(2), from(10).at(3));
            trace.take();
            trace.send(from(13).at(4));
            assertEquals(List.of("ended evicted", "flow_table_eviction", "started"), trace.take());
            assertEquals("10.0.0.11", trace.last().initiatorAddress());
            assertEquals(3, trace.tracker.liveFlows());
        }
    }

    @Test
    void closedFlowIsTheFirstToMakeRoom() {
        try (Trace trace = new Trace(TrackerOptions.builder().maxFlows(3).build())) {
            trace.send(
                    from(10),
                    from(11).at(1),
                    tcp(CLIENT, SERVER, SYN).seq(1).at(2),
                    tcp(SERVER, CLIENT, RST | ACK).at(3),
                    from(12).at(4));
            assertEquals(EndReason.RST, trace.last().reason());
            assertEquals(6, trace.last().protocol());
        }
    }

    @Test
    void recordsAreUsedAgain() {
        try (Trace trace = new Trace(TrackerOptions.builder().maxFlows(2).build())) {
            for (int i = 0; i < 1000; i++) {
                trace.send(from(1 + i % 200).at(i));
            }
            TrackerCounters counters = trace.tracker.counters();
            assertEquals(1000, counters.created());
            assertEquals(998, counters.ended(EndReason.EVICTED));
            assertEquals(2, counters.live());
        }
    }

    @Test
    void icmpErrorIsAnEventOfTheQuotedFlowAndChangesNothingOfIt() {
        try (Trace trace = new Trace()) {
            TestPacket query = udp(CLIENT, SERVER, 10);
            trace.send(query);
            FlowRecord before = trace.live();
            trace.send(TestPacket.icmp(SERVER, CLIENT, 3, query).at(5 * SECOND));
            assertEquals(
                    List.of("started", "packet", "started", "packet", "icmp 3/1"), trace.events);
            FlowRecord after =
                    trace.tracker.snapshot().stream()
                            .filter(flow -> flow.protocol() == 17)
                            .findFirst()
                            .orElseThrow();
            assertEquals(before, after);
            assertEquals(1, trace.tracker.counters().icmpErrors());
        }
    }

    @Test
    void icmpFlowKeepsTypeAndCode() {
        try (Trace trace = new Trace()) {
            trace.send(TestPacket.icmp(CLIENT, SERVER, 8, null).data(20));
            FlowRecord flow = trace.live();
            assertEquals(8, flow.icmpType());
            assertEquals(1, flow.icmpCode());
            assertEquals(20, flow.initiator().payloadBytes());
            assertEquals(0, flow.initiatorPort());
        }
    }

    @Test
    void finishEndsAllInTheOrderOfTheirRecordsAtTheLastPacketsTime() {
        try (Trace trace = new Trace()) {
            trace.send(from(30), from(20).at(1), from(10).at(2));
            trace.tracker.finish();
            assertEquals(
                    List.of("10.0.0.30", "10.0.0.20", "10.0.0.10"),
                    trace.ended.stream().map(FlowRecord::initiatorAddress).toList());
            assertEquals(START + 2, trace.tracker.nowNanos());
            assertEquals(3, trace.tracker.counters().ended(EndReason.FINISHED));
        }
    }

    @Test
    void trackerIsOfUseAfterFinish() {
        try (Trace trace = new Trace()) {
            trace.send(from(30));
            trace.tracker.finish();
            trace.send(from(30).at(1));
            assertEquals(1, trace.live().initiator().packets());
        }
    }

    @Test
    void attachmentLivesAsLongAsTheFlow() {
        Object mine = new Object();
        List<Object> seen = new ArrayList<>();
        FlowListener listener =
                new FlowListener() {
                    @Override
                    public void onStarted(FlowView flow) {
                        assertNull(flow.attachment());
                        flow.attach(mine);
                    }

                    @Override
                    public void onEnded(FlowView flow, EndReason reason) {
                        seen.add(flow.attachment());
                    }
                };
        try (Arena arena = Arena.ofConfined();
                FlowTracker tracker =
                        new FlowTracker(TrackerOptions.builder().maxFlows(1).build(), listener)) {
            List<TestPacket> packets = List.of(from(1), from(2), from(3));
            new io.flowscope.tracker.model.PacketBatch(arena, packets).feedSingly(tracker);
        }
        assertEquals(3, seen.size());
        seen.forEach(each -> assertSame(mine, each));
    }

    @Test
    void pausedFlowHoldsBackItsPacketsOnly() {
        List<String> events = new ArrayList<>();
        FlowListener listener =
                new FlowListener() {
                    @Override
                    public void onStarted(FlowView flow) {
                        flow.pause();
                    }

                    @Override
                    public void onPacket(FlowView flow, Side side, PacketCursor packet) {
                        events.add("packet");
                    }

                    @Override
                    public void onEnded(FlowView flow, EndReason reason) {
                        events.add("ended " + flow.packets());
                    }
                };
        try (Arena arena = Arena.ofConfined();
                FlowTracker tracker = new FlowTracker(TrackerOptions.defaults(), listener)) {
            List<TestPacket> packets = List.of(from(1), from(1), from(1));
            new io.flowscope.tracker.model.PacketBatch(arena, packets).feedSingly(tracker);
        }
        assertEquals(List.of("ended 3"), events);
    }

    @Test
    void pausedTrackerCountsPacketsAsSkipped() {
        try (Trace trace = new Trace()) {
            trace.tracker.pause();
            trace.send(from(1), from(2));
            trace.tracker.resume();
            trace.send(from(3).at(7));
            assertEquals(2, trace.tracker.counters().skipped());
            assertEquals(1, trace.tracker.counters().packets());
        }
    }

    @Test
    void onlyWantedEventsCome() {
        TrackerOptions options = TrackerOptions.builder().events(Set.of(EventKind.ENDED)).build();
        try (Trace trace = new Trace(options)) {
            trace.send(tcp(CLIENT, SERVER, SYN).seq(1), tcp(SERVER, CLIENT, RST | ACK));
            trace.tracker.finish();
            assertEquals(List.of("ended rst"), trace.events);
        }
    }

    @Test
    void anomaliesAreCountedButNotReportedUnlessAskedFor() {
        try (Trace trace = new Trace(TrackerOptions.builder().maxFlows(1).build())) {
            trace.send(from(1), from(2));
            assertEquals(List.of("started", "ended evicted", "started"), trace.take());
            assertEquals(1, trace.tracker.counters().anomalies(AnomalyKind.FLOW_TABLE_EVICTION));
        }
    }

    @Test
    void sameEndpointsInTwoNetworksAreTwoFlows() {
        TrackerOptions options =
                TrackerOptions.builder()
                        .extractor(
                                KeyExtractors.tagged(
                                        KeyExtractors.fiveTuple(), PacketTag.outerVlan()))
                        .build();
        try (Trace trace = new Trace(options)) {
            for (int vlan = 1; vlan <= 3; vlan++) {
                TestPacket packet = from(1);
                packet.vlan = vlan;
                trace.send(packet, packet);
            }
            assertEquals(3, trace.tracker.liveFlows());
            trace.tracker.finish();
            assertEquals(List.of(1, 2, 3), trace.ended.stream().map(f -> f.key().tag()).toList());
        }
    }

    @Test
    void pairsOfAddressesHaveNoLifeCycle() {
        TrackerOptions options = TrackerOptions.builder().extractor(KeyExtractors.ipPair()).build();
        try (Trace trace = new Trace(options)) {
            trace.send(tcp(CLIENT, SERVER, SYN).seq(1), tcp(SERVER, CLIENT, RST | ACK), from(9));
            assertEquals(List.of("started"), trace.take());
            assertEquals(TcpState.ACTIVE, trace.live().state());
            assertEquals(2, trace.live().initiator().packets());
        }
    }

    @Test
    void customKeysOfFortyBytesAreToldApart() {
        TrackerOptions options =
                TrackerOptions.builder()
                        .extractor(
                                (packet, into) -> {
                                    into.beginCustom().append(packet.sourceLow(), 8);
                                    for (int i = 0; i < 3; i++) {
                                        into.append(7, 8);
                                    }
                                    into.append(packet.sourcePort(), 8);
                                    return packet.sourcePort() != 99;
                                })
                        .build();
        try (Trace trace = new Trace(options)) {
            trace.send(
                    udp(new Endpoint(false, 1, 1), SERVER, 1),
                    udp(new Endpoint(false, 1, 2), SERVER, 1),
                    udp(new Endpoint(false, 1, 1), SERVER, 1),
                    udp(new Endpoint(false, 1, 99), SERVER, 1));
            assertEquals(2, trace.tracker.liveFlows());
            assertEquals(1, trace.tracker.counters().unmatched());
            trace.tracker.finish();
            assertEquals(2, trace.ended.getFirst().initiator().packets());
        }
    }

    @Test
    void momentsAreThoseOfTheValues() {
        TrackerOptions options = TrackerOptions.builder().moments(true).build();
        try (Trace trace = new Trace(options)) {
            trace.send(
                    udp(CLIENT, SERVER, 0),
                    udp(CLIENT, SERVER, 10).at(100),
                    udp(SERVER, CLIENT, 5).at(150),
                    udp(CLIENT, SERVER, 20).at(400));
            FlowMoments moments = trace.live().moments();
            assertEquals(new Distribution(3, 52, 200 / 3.0, 42, 62), moments.initiatorBytes());
            assertEquals(new Distribution(1, 47, 0, 47, 47), moments.responderBytes());
            assertEquals(new Distribution(2, 200, 10_000, 100, 300), moments.initiatorIntervals());
            assertEquals(Distribution.NONE, moments.responderIntervals());
            assertEquals(3, moments.intervals().count());
            assertEquals(50, moments.intervals().min());
            assertEquals(250, moments.intervals().max());
        }
    }

    @Test
    void memoryPerFlowStaysWithinItsBounds() {
        int flows = 100_000;
        TrackerOptions.Builder builder = TrackerOptions.builder().maxFlows(flows);
        try (FlowTracker with = new FlowTracker(builder.build());
                FlowTracker without = new FlowTracker(builder.roundTrips(false).build())) {
            assertTrue(with.tableBytes() <= 256L * flows, with.tableBytes() + " bytes");
            assertTrue(without.tableBytes() <= 192L * flows, without.tableBytes() + " bytes");
        }
    }

    @Test
    void mistakesInOptionsAreNamedAllAtOnce() {
        IllegalArgumentException mistake =
                assertThrows(
                        IllegalArgumentException.class,
                        () ->
                                TrackerOptions.builder()
                                        .maxFlows(0)
                                        .linkType(99_999)
                                        .tcpIdle(Duration.ZERO)
                                        .build());
        assertTrue(mistake.getMessage().contains("maxFlows: 1 to "), mistake.getMessage());
        assertTrue(mistake.getMessage().contains("linkType"), mistake.getMessage());
        assertTrue(mistake.getMessage().contains("tcpIdle"), mistake.getMessage());
    }
}
