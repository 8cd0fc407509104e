package io.flowscope.tracker;

import static io.flowscope.tracker.model.Trace.SECOND;
import static io.flowscope.tracker.model.Trace.START;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flowscope.tracker.key.FragmentOptions;
import io.flowscope.tracker.packet.Packets;

import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

class FragmentFlowTest {
    private static final int MORE = 0x2000;
    private static final String FROM = "0a000001";
    private static final String TO = "0a000002";

    private final List<String> events = new ArrayList<>();
    private final List<FlowRecord> ended = new ArrayList<>();
    private final FlowListener listener =
            new FlowListener() {
                @Override
                public void onStarted(FlowView flow) {
                    events.add("started");
                }

                @Override
                public void onPacket(
                        FlowView flow, Side side, io.flowscope.tracker.packet.PacketCursor packet) {
                    events.add("packet");
                }

                @Override
                public void onEnded(FlowView flow, EndReason reason) {
                    ended.add(flow.toRecord());
                }
            };

    private static byte[] fragment(int flagsAndOffset, byte[] part) {
        return Packets.ethernet(
                0x0800, Packets.ipv4(17, FROM, TO, new byte[0], 77, flagsAndOffset, part));
    }

    private static byte[] part(int from, int to) {
        return Arrays.copyOfRange(Packets.udp(1000, 53, new byte[32]), from, to);
    }

    private static byte[] first() {
        return fragment(MORE, part(0, 16));
    }

    private static byte[] later(boolean more) {
        return more ? fragment(MORE | 2, part(16, 24)) : fragment(3, part(24, 40));
    }

    private TrackerCounters track(TrackerOptions options, long[] times, byte[]... frames) {
        try (Arena arena = Arena.ofConfined();
                FlowTracker tracker = new FlowTracker(options, listener)) {
            for (int i = 0; i < frames.length; i++) {
                tracker.track(
                        Packets.exact(arena, frames[i]),
                        0,
                        frames[i].length,
                        frames[i].length,
                        START + times[i]);
            }
            tracker.finish();
            return tracker.counters();
        }
    }

    private static long[] seconds(int count) {
        long[] times = new long[count];
        for (int i = 0; i < count; i++) {
            times[i] = i * SECOND;
        }
        return times;
    }

    @Test
    void laterFragmentsBelongToTheFlowOfTheFirst() {
        TrackerCounters counters =
                track(TrackerOptions.defaults(), seconds(3), first(), later(true), later(false));
        assertEquals(1, counters.created());
        FlowRecord flow = ended.getFirst();
        assertEquals(3, flow.initiator().packets());
        assertEquals(1000, flow.initiatorPort());
        assertEquals(8 + 8 + 16, flow.initiator().payloadBytes());
        assertEquals(List.of("started", "packet", "packet", "packet"), events);
    }

    /** A segment of 40 bytes that begins so many bytes after the first, or an answer to all. */
    private static byte[] segment(int after) {
        byte[] segment = Packets.tcp(1000, 80, 0x18, new byte[0], new byte[40]);
        segment[7] += (byte) after;
        return segment;
    }

    private static byte[] answer() {
        byte[] segment = Packets.tcp(80, 1000, 0x10, new byte[0], new byte[0]);
        System.arraycopy(segment(80), 4, segment, 8, 4);
        return Packets.ethernet(0x0800, Packets.ipv4(6, TO, FROM, segment));
    }

    private static byte[] tcp(int flagsAndOffset, byte[] part) {
        return Packets.ethernet(
                0x0800, Packets.ipv4(6, FROM, TO, new byte[0], 78, flagsAndOffset, part));
    }

    @Test
    void aSegmentInFragmentsLeavesNoGap() {
        byte[] one = segment(0);
        byte[][] frames = {
            tcp(MORE, Arrays.copyOf(one, 32)),
            tcp(4, Arrays.copyOfRange(one, 32, 60)),
            tcp(0, segment(40)),
            answer()
        };
        track(TrackerOptions.defaults(), seconds(4), frames);
        FlowRecord flow = ended.getFirst();
        assertEquals("Da", flow.history());
        assertEquals(80, flow.initiator().payloadBytes());
        assertEquals(0, flow.initiator().outOfOrder() + flow.initiator().retransmissions());
    }

    @Test
    void aSegmentBehindAFragmentedOneIsStillARetransmissionIfItIs() {
        byte[] one = segment(0);
        byte[][] frames = {
            tcp(MORE, Arrays.copyOf(one, 32)),
            tcp(4, Arrays.copyOfRange(one, 32, 60)),
            tcp(0, segment(40)),
            tcp(0, segment(40)),
        };
        track(TrackerOptions.defaults(), seconds(4), frames);
        assertEquals(1, ended.getFirst().initiator().retransmissions());
    }

    @Test
    void fragmentsBeforeTheFirstAreAddedWithTheirTimesAndNoEvent() {
        track(TrackerOptions.defaults(), seconds(3), later(true), later(false), first());
        FlowRecord flow = ended.getFirst();
        assertEquals(3, flow.initiator().packets());
        assertEquals(START, flow.startedNanos());
        assertEquals(START, flow.initiator().firstNanos());
        assertEquals(START + 2 * SECOND, flow.lastSeenNanos());
        assertEquals(List.of("started", "packet"), events);
    }

    @Test
    void fragmentsWithoutAFirstAreUnmatchedAndMakeNoFlow() {
        TrackerCounters counters =
                track(TrackerOptions.defaults(), seconds(2), later(true), later(false));
        assertEquals(0, counters.created());
        assertEquals(2, counters.lostFragments());
        assertEquals(2, counters.unmatched());
    }

    @Test
    void fragmentsAreGivenUpAfterTheirTimeout() {
        byte[] other =
                Packets.ethernet(
                        0x0800, Packets.ipv4(17, TO, FROM, Packets.udp(9, 9, new byte[1])));
        long[] times = {0, 31 * SECOND, 32 * SECOND};
        TrackerCounters counters =
                track(TrackerOptions.defaults(), times, later(true), other, first());
        assertEquals(1, counters.lostFragments());
        FlowRecord flow = ended.getLast();
        assertEquals(1, flow.initiator().packets());
    }

    @Test
    void reassembledDatagramIsOnePacketEventAndAllFragmentsCount() {
        TrackerOptions options =
                TrackerOptions.builder()
                        .fragments(FragmentOptions.DEFAULT.reassembling(1 << 20))
                        .build();
        track(options, seconds(3), first(), later(false), later(true));
        FlowRecord flow = ended.getFirst();
        assertEquals(List.of("started", "packet"), events);
        assertEquals(3, flow.initiator().packets());
        assertEquals(32, flow.initiator().payloadBytes());
        assertEquals(START, flow.startedNanos());
    }

    @Test
    void firstFragmentOfTheRespondersDatagramCountsForTheResponder() {
        byte[] query =
                Packets.ethernet(
                        0x0800, Packets.ipv4(17, TO, FROM, Packets.udp(53, 1000, new byte[4])));
        track(TrackerOptions.defaults(), seconds(3), query, later(false), first());
        FlowRecord flow = ended.getFirst();
        assertEquals(1, flow.initiator().packets());
        assertEquals(2, flow.responder().packets());
        assertEquals(START + SECOND, flow.responder().firstNanos());
    }
}
