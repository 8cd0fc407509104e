package io.flowscope.tracker;

import static io.flowscope.tracker.table.FlowLayout.BITS;
import static io.flowscope.tracker.table.FlowLayout.BYTE;
import static io.flowscope.tracker.table.FlowLayout.BYTES;
import static io.flowscope.tracker.table.FlowLayout.FIRST_OTHER;
import static io.flowscope.tracker.table.FlowLayout.INITIAL_SEQUENCE;
import static io.flowscope.tracker.table.FlowLayout.INT;
import static io.flowscope.tracker.table.FlowLayout.INTERFACE;
import static io.flowscope.tracker.table.FlowLayout.LAST;
import static io.flowscope.tracker.table.FlowLayout.LONG;
import static io.flowscope.tracker.table.FlowLayout.NEXT;
import static io.flowscope.tracker.table.FlowLayout.PACKETS;
import static io.flowscope.tracker.table.FlowLayout.PACKETS_MASK;
import static io.flowscope.tracker.table.FlowLayout.PAYLOAD;
import static io.flowscope.tracker.table.FlowLayout.STARTED;

import io.flowscope.tracker.dedup.DuplicateFilter;
import io.flowscope.tracker.dedup.DuplicateOptions;
import io.flowscope.tracker.key.KeyBuffer;
import io.flowscope.tracker.key.KeyHash;
import io.flowscope.tracker.key.WaitingFragments;
import io.flowscope.tracker.packet.PacketCursor;
import io.flowscope.tracker.table.FlowBits;
import io.flowscope.tracker.table.FlowTable;
import io.flowscope.tracker.table.Sweep;
import io.flowscope.tracker.tcp.RoundTrips;
import io.flowscope.tracker.tcp.Segments;
import io.flowscope.tracker.tcp.States;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * What a packet does: time, sweep, lookup, end and start of flows, the record's update, events. One
 * packet at a time and always in the order of the packets, however they came in.
 *
 * <p>Owner: the tracker's thread.
 */
final class FlowEngine {
    private static final int SYN_RST_ACK = 0x16;
    private static final int SYN = 0x02;

    /** How long an open flow must have been silent for a SYN to begin a new one. */
    private static final long QUIET_NANOS = 1_000_000_000L;

    /** A SYN this close behind the next sequence number is late, not new. */
    private static final int LATE_BYTES = 1 << 20;

    final FlowStore store;
    final Tally tally;
    final Clock clock;
    final FlowReports reports;
    private final FlowTable table;
    private final MemorySegment memory;
    private final Sweep sweep;
    private final Endings endings;
    private final Segments segments;
    private final @Nullable MomentTable moments;
    private final NewFlows newFlows;
    private final OrdinaryPackets ordinary;
    private final @Nullable QuotedPackets quoted;
    private final Fragments fragments;
    private final boolean endsAtClose;
    private final @Nullable DuplicateFilter duplicates;
    private final boolean watchesPackets;

    FlowEngine(
            Arena arena,
            TrackerOptions options,
            KeyHash hash,
            EventSink events,
            Fragments fragments,
            @Nullable QuotedPackets quoted,
            @Nullable FlowTap tap) {
        this.fragments = fragments;
        this.quoted = quoted;
        endsAtClose = options.closeLinger().isZero();
        DuplicateOptions repeated = options.duplicates();
        duplicates = repeated == null ? null : new DuplicateFilter(repeated);
        store = new FlowStore(arena, options);
        tally = new Tally();
        clock = new Clock(tally);
        table = store.table;
        memory = table.memory();
        RoundTrips roundTrips = store.roundTrips ? new RoundTrips() : null;
        moments = store.moments;
        segments = new Segments(table, store.carries, roundTrips);
        newFlows = new NewFlows(store, arena, options);
        ordinary = new OrdinaryPackets(table, newFlows.timeouts, segments, moments == null);
        sweep =
                new Sweep(
                        table,
                        newFlows.timeouts,
                        options.sweepInterval().toNanos(),
                        options.closeLinger().toNanos());
        reports = new FlowReports(arena, options, store, tally, events, segments, roundTrips, tap);
        endings = new Endings(store, tally, sweep, hash, reports);
        watchesPackets = reports.watchesPackets();
    }

    /** One packet, in its turn. */
    void packet(Lane lane) {
        PacketCursor packet = lane.packet;
        if (duplicates != null && isDuplicate(duplicates, packet)) {
            return;
        }
        long now = clock.advance(packet.timestampNanos());
        tally.bytes += packet.length();
        if ((++tally.packets & Sweep.STRIDE_PACKETS - 1) == 0 || sweep.isDue(now)) {
            sweepStep(now);
        }
        int record = lane.guess;
        int verdict = record == FlowTable.NONE ? 0 : ordinary.take(lane, record, now);
        if (verdict == 0) {
            if (lane.state == Lane.KEYED) {
                keyed(lane, now);
            } else {
                unkeyed(lane, now);
            }
        } else if (watchesPackets) {
            reports.ordinary(record, lane, memory.get(LONG, table.at(record) + BITS), verdict, now);
        }
    }

    /** Reads ahead what ending some flows to make room will look at. */
    long touchVictims(int count) {
        return endings.touchVictims(count);
    }

    /** A packet whose key is not in it, or that has none. */
    private void unkeyed(Lane lane, long now) {
        if (lane.state == Lane.FRAGMENT) {
            fragment(lane, now);
        } else {
            tally.addUnmatched(Tally.unmatched(lane.packet.outcome()), 1);
        }
    }

    private boolean isDuplicate(DuplicateFilter filter, PacketCursor packet) {
        boolean duplicate =
                filter.isDuplicate(
                        packet.memory(),
                        packet.offset(),
                        packet.captured(),
                        packet.length(),
                        packet.timestampNanos(),
                        packet.flags() & PacketDescriptor.DIRECTION_MASK);
        if (duplicate) {
            tally.add(Tally.DUPLICATES, 1);
        }
        return duplicate;
    }

    private void fragment(Lane lane, long now) {
        Lane whole = fragments.resolve(lane, now);
        tally.addUnmatched(Tally.LOST_FRAGMENTS, fragments.takeLost());
        if (whole != null) {
            keyed(whole, now);
        }
    }

    /** Any packet of a flow, ordinary or not. */
    private void keyed(Lane lane, long now) {
        int record = lane.guess;
        if (record == FlowTable.NONE || !table.holds(record, lane.key)) {
            record = table.find(lane.key, lane.hash);
        }
        if (record != FlowTable.NONE && isOver(record, lane, now)) {
            record = FlowTable.NONE;
        }
        boolean starts = record == FlowTable.NONE;
        if (starts) {
            record = start(lane, now);
        }
        update(record, lane, now, starts);
    }

    /** Whether a flow that was found ends before this packet, which then begins another. */
    private boolean isOver(int record, Lane lane, long now) {
        long at = table.at(record);
        long bits = memory.get(LONG, at + BITS);
        if (sweep.isExpired(at, bits, now, false)) {
            endings.end(record, lane.hash, EndReason.IDLE, now);
            return true;
        }
        if ((lane.packet.tcpFlags() & SYN_RST_ACK) == SYN && (bits & FlowBits.TCP) != 0) {
            return isReused(record, at, bits, lane, now);
        }
        return false;
    }

    private boolean isReused(int record, long at, long bits, Lane lane, long now) {
        int side = side(lane.key, bits);
        if (!isNewSyn(record, at, bits, side, lane.packet.tcpSequence())) {
            return false;
        }
        int state = FlowBits.state(bits);
        if (state < States.FIN_WAIT) {
            boolean fromInitiator = side == 0 || (bits >>> FlowBits.SYN_SHIFT & 3) == 0;
            if (!fromInitiator || now - table.lastSeen(at) < QUIET_NANOS) {
                return false;
            }
        }
        endings.end(record, lane.hash, EndReason.REUSED, now);
        return true;
    }

    private boolean isNewSyn(int record, long at, long bits, int side, int sequence) {
        if (side == 0 && FlowBits.has(bits, FlowBits.SYN_SHIFT, 0)) {
            return sequence != memory.get(INT, table.farAt(record) + INITIAL_SEQUENCE);
        }
        int back = memory.get(INT, at + NEXT + 4L * side) - sequence;
        boolean late =
                FlowBits.has(bits, FlowBits.NEXT_SHIFT, side) && back > 0 && back <= LATE_BYTES;
        return !late;
    }

    /** Which side of a flow sent the packet of a key: 0 the initiator. */
    static int side(KeyBuffer key, long bits) {
        return key.reversed() == ((bits & FlowBits.INITIATOR_SECOND) != 0) ? 0 : 1;
    }

    private int start(Lane lane, long now) {
        if (table.isFull()) {
            endings.makeRoom(now);
        }
        int record = newFlows.start(lane, now);
        tally.add(Tally.created(newFlows.transport()), 1);
        tally.add(Tally.LIVE, 1);
        reports.opened(record, now);
        return record;
    }

    private void update(int record, Lane lane, long now, boolean starts) {
        PacketCursor packet = lane.packet;
        long at = table.at(record);
        long before = memory.get(LONG, at + BITS);
        int side = side(lane.key, before);
        store.beginChange(at);
        if (lane.state == Lane.BRINGS_WAITING) {
            countWaiting(record, at, side, packet, starts);
        }
        count(record, at, side, packet, now);
        long bits = before;
        boolean tcp = (before & FlowBits.TCP) != 0 && packet.hasTcpHeader();
        if (tcp) {
            bits = segments.apply(record, at, before, side, packet, now);
            memory.set(LONG, at + BITS, bits);
        }
        store.endChange(at);
        boolean changed = ((before ^ bits) & FlowBits.STATE_MASK) != 0;
        if (starts || changed || (tcp && segments.findings() != 0)) {
            reports.changes(record, side, starts, changed, FlowBits.state(before), tcp);
        }
        if (watchesPackets || packet.icmpType() >= 0) {
            watchers(record, side, packet, tcp, now);
        }
        if (changed && FlowBits.state(bits) >= States.CLOSED) {
            closed(record, lane, now);
        }
    }

    /** Whoever wants to know of every packet. */
    private void watchers(int record, int side, PacketCursor packet, boolean tcp, long now) {
        reports.packet(record, side, packet);
        if (packet.icmpType() >= 0) {
            icmpError(packet, now);
        }
        reports.payload(record, side, packet, tcp, now);
    }

    private void count(int record, long at, int side, PacketCursor packet, long now) {
        long sideAt = at + 8L * side;
        long packets = memory.get(LONG, sideAt + PACKETS);
        long last = memory.get(LONG, sideAt + LAST);
        if ((packets & PACKETS_MASK) == 0) {
            firstOfSide(record, at, side, packet, now);
        }
        MomentTable distributions = moments;
        if (distributions != null) {
            distribution(distributions, record, at, side, packet.length(), now);
        }
        memory.set(LONG, sideAt + LAST, Math.max(last, now));
        memory.set(LONG, sideAt + PACKETS, packets + 1);
        memory.set(LONG, sideAt + BYTES, memory.get(LONG, sideAt + BYTES) + packet.length());
        memory.set(
                LONG,
                sideAt + PAYLOAD,
                memory.get(LONG, sideAt + PAYLOAD) + packet.payloadLength());
    }

    /** Fragments that preceded their first one: with their own times, and no event each. */
    private void countWaiting(int record, long at, int side, PacketCursor packet, boolean starts) {
        WaitingFragments waiting = fragments.waiting();
        long sideAt = at + 8L * side;
        long packets = memory.get(LONG, sideAt + PACKETS);
        if ((packets & PACKETS_MASK) == 0) {
            firstOfSide(record, at, side, packet, waiting.firstNanos());
        }
        long startedAt = table.farAt(record) + STARTED;
        if (starts) {
            memory.set(
                    LONG,
                    startedAt,
                    Math.min(memory.get(LONG, startedAt), Math.max(0, waiting.firstNanos())));
        }
        long last = Math.min(waiting.lastNanos(), clock.now());
        memory.set(LONG, sideAt + LAST, Math.max(memory.get(LONG, sideAt + LAST), last));
        memory.set(LONG, sideAt + PACKETS, packets + waiting.packets());
        memory.set(LONG, sideAt + BYTES, memory.get(LONG, sideAt + BYTES) + waiting.wireBytes());
        memory.set(
                LONG,
                sideAt + PAYLOAD,
                memory.get(LONG, sideAt + PAYLOAD) + waiting.payloadBytes());
    }

    private void distribution(
            MomentTable distributions, int record, long at, int side, int length, long now) {
        long sidePackets = memory.get(LONG, at + PACKETS + 8L * side) & PACKETS_MASK;
        long others = memory.get(LONG, at + PACKETS + 8L * (1 - side)) & PACKETS_MASK;
        long before = sidePackets + others == 0 ? -1 : table.lastSeen(at);
        long sideBefore = sidePackets == 0 ? -1 : memory.get(LONG, at + LAST + 8L * side);
        distributions.add(record, side, length, before, sideBefore, now);
    }

    private void firstOfSide(int record, long at, int side, PacketCursor packet, long now) {
        memory.set(
                BYTE,
                at + INTERFACE + side,
                (byte) store.interfaces.numberOf(packet.interfaceIndex()));
        if ((memory.get(LONG, at + PACKETS + 8L * (1 - side)) & PACKETS_MASK) != 0) {
            memory.set(LONG, table.farAt(record) + FIRST_OTHER, now);
        }
    }

    boolean isTcp(int record) {
        return (memory.get(LONG, table.at(record) + BITS) & FlowBits.TCP) != 0;
    }

    TcpState state(int record) {
        return TcpState.of(FlowBits.state(memory.get(LONG, table.at(record) + BITS)));
    }

    /** Notes a failure of a flow's streams, which becomes its end reason; the first one counts. */
    void fail(int record, int failure) {
        if ((memory.get(LONG, table.at(record) + BITS) >>> FlowBits.FAILURE_SHIFT & 3) == 0) {
            store.setBits(record, (long) failure << FlowBits.FAILURE_SHIFT, true);
        }
    }

    /** Tells of an ICMP error on the flow that it quotes, if that is live. */
    void icmpError(PacketCursor packet, long now) {
        QuotedPackets packets = quoted;
        if (packets == null || !packets.read(packet)) {
            return;
        }
        int record = table.find(packets.key(), packets.hash());
        if (record == FlowTable.NONE) {
            return;
        }
        long at = table.at(record);
        if (!sweep.isExpired(at, memory.get(LONG, at + BITS), now, false)) {
            reports.icmpError(record, packet);
        }
    }

    private void closed(int record, Lane lane, long now) {
        if (endsAtClose) {
            endings.end(record, lane.hash, EndReason.FIN, now);
        } else {
            endings.lingers(record);
        }
    }

    private void sweepStep(long now) {
        sweep.beginStep(now);
        endings.expired(now);
        fragments.advance(now);
        tally.addUnmatched(Tally.LOST_FRAGMENTS, fragments.takeLost());
        reports.time(now);
    }

    /** Ends all that is expired at a time. */
    void sweepAll(long time) {
        long now = clock.advance(Math.max(time, clock.now()));
        sweep.beginAll(now);
        endings.expired(now);
        fragments.advance(now);
        tally.addUnmatched(Tally.LOST_FRAGMENTS, fragments.takeLost());
        reports.time(now);
    }

    /** Ends what is expired by now, then all that is left, in the order of the records. */
    void finish() {
        sweepAll(clock.now());
        endings.finish(clock.now());
        fragments.finish();
        tally.addUnmatched(Tally.LOST_FRAGMENTS, fragments.takeLost());
    }
}
