package io.flowscope.tracker.stream.reassembly;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.flowscope.tracker.AnomalyKind;
import io.flowscope.tracker.stream.GapCause;
import io.flowscope.tracker.stream.OverlapPolicy;
import io.flowscope.tracker.stream.StreamConsumer;
import io.flowscope.tracker.stream.StreamEnd;
import io.flowscope.tracker.stream.StreamOptions;
import io.flowscope.tracker.stream.StreamStatistics;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;

/**
 * Puts the segments of many TCP flows in order. One per tracker, used by its thread only.
 *
 * <p>A flow is opened once and named by its handle from then on. The tracker reports each of its
 * packets ({@link #onSegment}), those without payload too, as an acknowledgment is evidence about
 * the other side's stream; and calls {@link #expire} when packet time reaches {@link #deadline},
 * which onSegment also does by itself. In order means: no copy, no allocation, one cache line of
 * state.
 *
 * <p>Contents of a retransmission are compared with the first: exactly where the first still waits,
 * and by a sample where it was handed over (the first eight bytes of the last segment in order).
 * One byte before the next expected one is a keep-alive probe and is not compared.
 */
public final class Reassembler implements AutoCloseable {
    /** In {@code flags} of {@link #onSegment}: as in the TCP header. */
    public static final int FIN = 1;

    /** As in the TCP header. */
    public static final int SYN = 2;

    /** As in the TCP header. */
    public static final int RST = 4;

    /** As in the TCP header. */
    public static final int ACK = 16;

    private static final int SAMPLE_BYTES = 8;
    private static final int OPEN_MASK = SideRecord.ANCHORED | SideRecord.ENDED;
    private static final int KNOWN_OF_THE_OTHER_NUMBERS =
            SideRecord.ACKED_BEYOND | SideRecord.ACK_KNOWN | SideRecord.FAR_KNOWN;

    private final StreamRecords records;
    private final BlockPool pool;
    private final Handover handover;
    private final HoleClock clock;
    private final Holes holes;
    private final Ahead ahead;
    private final Tally tally = new Tally();
    private final long windowBytes;
    private final boolean strict;
    private final boolean gated;
    private boolean closed;
    private long presentNanos;

    /**
     * @param memory where all state and all held bytes live; must outlive this object
     */
    public Reassembler(StreamOptions options, SegmentAllocator memory, StreamHost host) {
        this.windowBytes = options.windowBytes();
        this.strict = options.strict();
        this.gated = options.overlap() == OverlapPolicy.LAST && !strict;
        this.records = new StreamRecords(memory);
        int directoryOrder = HoldPages.directoryOrder(windowBytes);
        int bufferOrder = Leftovers.order(options.bufferBytes());
        this.pool =
                new BlockPool(
                        memory, options.memoryCapBytes(), Math.max(directoryOrder, bufferOrder));
        long most = 2 * windowBytes + (1L << directoryOrder) + (2L << bufferOrder);
        PoolShare share = new PoolShare(records, pool, options.memoryCap(), most, this::evict);
        boolean pieces =
                options.overlap() == OverlapPolicy.LINUX
                        || options.overlap() == OverlapPolicy.WINDOWS;
        HoldPages hold = new HoldPages(records, share, windowBytes, pieces);
        this.clock = new HoleClock(records, options.ackGraceNanos(), options.stallNanos());
        Leftovers leftovers = new Leftovers(records, share);
        this.handover = new Handover(records, hold, leftovers, clock, host, tally, options);
        this.holes = new Holes(records, hold, share, handover, clock, options.timeouts());
        this.ahead = new Ahead(records, hold, holes, handover, tally, options);
    }

    /**
     * Begins to reassemble a flow.
     *
     * @param flow the number by which {@link StreamHost} knows it
     * @return the stream's handle, at least 1; reused after {@link #end}
     */
    public int open(long flow, StreamConsumer consumer) {
        ensureOpen();
        int handle = records.open(flow);
        handover.attach(handle, consumer);
        if (gated) {
            for (int side = handle << 1; side <= (handle << 1 | 1); side++) {
                setFlags(side, SideRecord.GATED);
            }
        }
        tally.opened++;
        return handle;
    }

    /** Before this time {@link #expire} has nothing to do. */
    public long deadline() {
        return clock.deadline();
    }

    /** Gives up the holes that are due by then, of whatever flow. */
    public void expire(long nowNanos) {
        ensureOpen();
        presentNanos = nowNanos;
        holes.expire(nowNanos);
    }

    /**
     * One packet of a flow.
     *
     * @param side who sent it: 0 the initiator, 1 the responder
     * @param seq its sequence number
     * @param ack its acknowledgment number, evidence about the other side's stream
     * @param flags its SYN, FIN, RST and ACK; others are not looked at
     * @param captured payload bytes that are in memory
     * @param length payload bytes that there were, at least {@code captured}
     */
    public void onSegment(
            int handle,
            int side,
            int seq,
            int ack,
            int flags,
            MemorySegment memory,
            long at,
            int captured,
            int length,
            long nowNanos) {
        if (closed || nowNanos >= clock.deadline()) {
            expire(nowNanos);
        }
        int id = handle << 1 | side;
        MemorySegment record = records.segment(id);
        long r = records.offset(id);
        if ((flags & (ACK | RST)) == ACK && isBeyond(record, records.offset(id ^ 1), ack)) {
            ackBeyond(id ^ 1, ack, nowNanos);
        }
        long state = record.get(JAVA_LONG, r + SideRecord.SEQ_AND_FLAGS);
        int due = seq + length;
        if (captured == length
                && (seq ^ due) >= 0
                && (flags & (SYN | FIN | RST)) == 0
                && seq == SideRecord.seq(state)
                && (SideRecord.flags(state) & SideRecord.USUAL_MASK) == SideRecord.ANCHORED) {
            if (length > 0) {
                long sample = Contents.sample(memory, at, length);
                long moved = SideRecord.moved(due, SideRecord.flags(state), length);
                record.set(JAVA_LONG, r + SideRecord.SAMPLE, sample);
                record.set(JAVA_LONG, r + SideRecord.SEQ_AND_FLAGS, moved);
                tally.delivered += length;
                handover.show(id, memory, at, length, nowNanos);
            }
        } else if (length > 0 || (flags & (SYN | FIN)) != 0) {
            general(id, seq, flags, memory, at, captured, length, nowNanos);
        }
    }

    private static boolean isBeyond(MemorySegment record, long other, int ack) {
        long state = record.get(JAVA_LONG, other + SideRecord.SEQ_AND_FLAGS);
        return ack - SideRecord.seq(state) > 0
                && (SideRecord.flags(state) & OPEN_MASK) == SideRecord.ANCHORED;
    }

    private void general(
            int id,
            int seq,
            int flags,
            MemorySegment memory,
            long at,
            int captured,
            int length,
            long now) {
        presentNanos = now;
        handover.begin(id);
        if ((flags & RST) == 0) {
            int payloadSeq = (flags & SYN) != 0 ? seq + 1 : seq;
            if (hasEnded(id)) {
                late(id, payloadSeq, captured);
            } else if (anchor(id, payloadSeq, flags, length)) {
                place(id, payloadSeq, (flags & FIN) != 0, memory, at, captured, length, now);
            }
        }
    }

    /** Makes sure that there is an offset 0, if this segment can tell. */
    private boolean anchor(int id, int payloadSeq, int flags, int length) {
        MemorySegment record = records.segment(id);
        long r = records.offset(id);
        int state = record.get(JAVA_INT, r + SideRecord.FLAGS);
        boolean syn = (flags & SYN) != 0;
        boolean untouched =
                records.next(id) == 0 && (state & (SideRecord.HOLDING | SideRecord.FIN_SEEN)) == 0;
        if ((state & SideRecord.ANCHORED) == 0 ? syn || length > 0 : syn && untouched) {
            if (record.get(JAVA_INT, r + SideRecord.NEXT_SEQ) != payloadSeq) {
                records.moveTo(id, 0, payloadSeq);
                state &= ~KNOWN_OF_THE_OTHER_NUMBERS;
            }
            state |= SideRecord.ANCHORED | (syn ? SideRecord.SYN_SEEN : 0);
            record.set(JAVA_INT, r + SideRecord.FLAGS, state);
        }
        return (state & SideRecord.ANCHORED) != 0;
    }

    /** The general way: where the segment is in the stream, and what of it is new. */
    private void place(
            int id,
            int seq,
            boolean fin,
            MemorySegment memory,
            long at,
            int captured,
            int length,
            long now) {
        MemorySegment record = records.segment(id);
        long r = records.offset(id);
        long before = records.next(id);
        int distance = seq - record.get(JAVA_INT, r + SideRecord.NEXT_SEQ);
        long from = before + distance;
        if (distance > 0 && from + length - before > windowBytes) {
            if (!isCorroborated(record, r, seq, captured)) {
                record.set(JAVA_INT, r + SideRecord.FAR, seq + length);
                setFlags(id, SideRecord.FAR_KNOWN);
                tally.add(record, r, SideRecord.OUT_OF_ORDER, captured);
                handover.anomaly(id, AnomalyKind.OUT_OF_WINDOW, captured, now);
                return;
            }
            long target = farTarget(record, r, before, from, length);
            int state = record.get(JAVA_INT, r + SideRecord.FLAGS);
            record.set(JAVA_INT, r + SideRecord.FLAGS, state & ~SideRecord.FAR_KNOWN);
            holes.skipTo(id, target, GapCause.OUT_OF_WINDOW, now);
        }
        if (fin) {
            noteFin(id, from + length);
        }
        if (length > 0 && !hasEnded(id)) {
            put(id, from, memory, at, captured, length, now);
        } else {
            late(id, seq, captured);
        }
        holes.settle(id, before, now);
    }

    private void put(
            int id, long from, MemorySegment memory, long at, int captured, int length, long now) {
        MemorySegment record = records.segment(id);
        long r = records.offset(id);
        long to = from + captured;
        long next = records.next(id);
        long start = from;
        if (from < next) {
            start = next;
            old(id, from, Math.min(to, next), memory, at, now);
        }
        long source = at + (start - from);
        if (start == next && !gated) {
            if (to > start) {
                inOrder(id, to, memory, source, now);
            }
            if (captured < length && !hasEnded(id)) {
                record.set(JAVA_LONG, r + SideRecord.LOST_END, from + length);
            }
        } else if (to > start) {
            holdBack(id, start, to, memory, source, now);
        }
    }

    private void inOrder(int id, long to, MemorySegment memory, long at, long now) {
        int length = (int) (to - records.next(id));
        if (to <= holes.firstHeld(id)) {
            handover.deliver(id, memory, at, length, now);
        } else {
            ahead.weave(id, to, memory, at, now);
        }
        if (!hasEnded(id)) {
            MemorySegment record = records.segment(id);
            long flags = records.offset(id) + SideRecord.FLAGS;
            int state = record.get(JAVA_INT, flags);
            record.set(JAVA_INT, flags, SideRecord.withLength(state, length));
            long sample = Contents.sample(memory, at, length);
            record.set(JAVA_LONG, records.offset(id) + SideRecord.SAMPLE, sample);
        } else if (records.next(id) < to) {
            late(id, (int) (to - records.next(id)));
        }
    }

    /** Bytes that cannot be handed over yet. */
    private void holdBack(int id, long from, long to, MemorySegment memory, long at, long now) {
        MemorySegment record = records.segment(id);
        long r = records.offset(id);
        int length = (int) (to - from);
        boolean holding = (record.get(JAVA_INT, r + SideRecord.FLAGS) & SideRecord.HOLDING) != 0;
        if (holding && length == 1 && to == record.get(JAVA_LONG, r + SideRecord.HELD_END)) {
            tally.add(record, r, SideRecord.DUPLICATE, 1);
        } else if (strict) {
            tally.add(record, r, SideRecord.OUT_OF_ORDER, length);
            handover.anomaly(id, AnomalyKind.OOO_SEGMENT, length, now);
        } else if (ahead.overflows(id, from, to)) {
            tally.add(record, r, SideRecord.OVERSIZE, length);
            handover.overflow(id, now);
        } else if (ahead.fits(id, from, to)) {
            ahead.take(id, from, to, memory, at, now);
        } else {
            holdBackWithRoom(id, from, to, memory, at, now);
        }
    }

    private void holdBackWithRoom(
            int id, long from, long to, MemorySegment memory, long at, long now) {
        ahead.makeRoom(id, from, to, now);
        MemorySegment record = records.segment(id);
        long r = records.offset(id);
        if (hasEnded(id)) {
            late(id, (int) (to - from));
            return;
        }
        long start = Math.max(from, records.next(id));
        if (start > from) {
            tally.add(record, r, SideRecord.DUPLICATE, Math.min(start, to) - from);
        }
        if (start >= to) {
            return;
        }
        boolean due = start == records.next(id);
        if (due && (!gated || !ahead.fits(id, start, to))) {
            inOrder(id, to, memory, at + (start - from), now);
        } else {
            ahead.take(id, start, to, memory, at + (start - from), now);
        }
    }

    /** Bytes before NEXT: seen already, or from before the stream's first byte. */
    private void old(int id, long from, long to, MemorySegment memory, long at, long now) {
        MemorySegment record = records.segment(id);
        long r = records.offset(id);
        long next = records.next(id);
        if (to - from == 1 && to == next) {
            tally.add(record, r, SideRecord.DUPLICATE, 1);
            return;
        }
        long early = Math.max(0, Math.min(to, 0) - from);
        tally.add(record, r, SideRecord.OUT_OF_ORDER, early);
        tally.add(record, r, SideRecord.DUPLICATE, Math.max(0, to - from - early));
        long sample = record.get(JAVA_LONG, r + SideRecord.SAMPLE);
        int last = SideRecord.lengthOfLast(record.get(JAVA_INT, r + SideRecord.FLAGS));
        int count = Math.min(last, SAMPLE_BYTES);
        int length = (int) (to - from);
        int different = Contents.different(sample, next - last, count, from, memory, at, length);
        ahead.conflict(id, different, now);
    }

    /** A FIN counts if it is ahead and near; the first one counts. */
    private void noteFin(int id, long position) {
        MemorySegment record = records.segment(id);
        long r = records.offset(id);
        int state = record.get(JAVA_INT, r + SideRecord.FLAGS);
        long next = records.next(id);
        if ((state & SideRecord.FIN_SEEN) == 0
                && position >= next
                && position - next <= windowBytes) {
            record.set(JAVA_LONG, r + SideRecord.FIN, position);
            record.set(JAVA_INT, r + SideRecord.FLAGS, state | SideRecord.FIN_SEEN);
        }
    }

    /** Whether a segment outside the window continues another or is where the peer has got to. */
    private boolean isCorroborated(MemorySegment record, long r, int seq, int captured) {
        int state = record.get(JAVA_INT, r + SideRecord.FLAGS);
        if ((state & SideRecord.FAR_KNOWN) != 0
                && record.get(JAVA_INT, r + SideRecord.FAR) == seq) {
            return true;
        }
        int ack = record.get(JAVA_INT, r + SideRecord.LAST_ACK);
        int beyond = ack - seq;
        return (state & SideRecord.ACK_KNOWN) != 0
                && ack - record.get(JAVA_INT, r + SideRecord.NEXT_SEQ) > 0
                && beyond >= -windowBytes
                && beyond <= windowBytes + captured;
    }

    /** How far to go for a believed segment: up to it, or to what the peer has acknowledged. */
    private long farTarget(MemorySegment record, long r, long next, long from, int length) {
        int state = record.get(JAVA_INT, r + SideRecord.FLAGS);
        int ack = record.get(JAVA_INT, r + SideRecord.LAST_ACK);
        int acked = ack - record.get(JAVA_INT, r + SideRecord.NEXT_SEQ);
        boolean usable =
                (state & SideRecord.ACK_KNOWN) != 0
                        && acked > 0
                        && from + length - (next + acked) <= windowBytes;
        return usable ? Math.min(from, next + acked) : from;
    }

    /** An acknowledgment of bytes that have not been handed over. */
    private void ackBeyond(int id, int ack, long now) {
        MemorySegment record = records.segment(id);
        long r = records.offset(id);
        int state = record.get(JAVA_INT, r + SideRecord.FLAGS);
        presentNanos = now;
        handover.begin(id);
        record.set(JAVA_INT, r + SideRecord.LAST_ACK, ack);
        state |= SideRecord.ACK_KNOWN;
        long next = records.next(id);
        long end = next + (ack - record.get(JAVA_INT, r + SideRecord.NEXT_SEQ));
        boolean known = (state & SideRecord.ACKED_BEYOND) != 0;
        if ((state & SideRecord.FIN_SEEN) != 0) {
            end = Math.min(end, record.get(JAVA_LONG, r + SideRecord.FIN));
        }
        if (end - next <= windowBytes
                && (!known || end > record.get(JAVA_LONG, r + SideRecord.ACK_END))) {
            record.set(JAVA_LONG, r + SideRecord.ACK_END, end);
            state |= SideRecord.ACKED_BEYOND;
        }
        record.set(JAVA_INT, r + SideRecord.FLAGS, state);
        holes.settle(id, next, now);
    }

    /** Payload that comes after its side has ended. */
    private void late(int id, int seq, int captured) {
        MemorySegment record = records.segment(id);
        long r = records.offset(id);
        int before = record.get(JAVA_INT, r + SideRecord.NEXT_SEQ) - seq;
        boolean finished = (record.get(JAVA_INT, r + SideRecord.FLAGS) & SideRecord.FINISHED) != 0;
        int known = finished ? Math.clamp(before, 0, captured) : 0;
        tally.add(record, r, SideRecord.DUPLICATE, known);
        late(id, captured - known);
    }

    private void late(int id, int captured) {
        MemorySegment record = records.segment(id);
        long r = records.offset(id);
        int state = record.get(JAVA_INT, r + SideRecord.FLAGS);
        int fate =
                (state & SideRecord.OVERFLOWED) != 0
                        ? SideRecord.OVERSIZE
                        : (state & SideRecord.FINISHED) != 0
                                ? SideRecord.OUT_OF_ORDER
                                : SideRecord.IGNORED;
        tally.add(record, r, fate, captured);
    }

    /**
     * The flow ends: what waits is handed over with its gaps, both sides end, the handle is free.
     *
     * @param end how a side ends whose FIN was not reached
     */
    public void end(int handle, StreamEnd end, long nowNanos) {
        ensureOpen();
        if (!records.isOpen(handle)) {
            throw new IllegalStateException("stream " + handle + " is not open");
        }
        for (int id = handle << 1; id <= (handle << 1 | 1); id++) {
            handover.begin(id);
            holes.flush(id, nowNanos);
            handover.end(id, end, nowNanos);
        }
        handover.detach(handle);
        records.close(handle);
    }

    /** A side's counters; valid until the next call. */
    SideCursor cursor(int handle, int side) {
        return handover.cursor(handle << 1 | side);
    }

    /** The numbers of all streams. */
    public StreamStatistics statistics() {
        return new StreamStatistics(
                tally.opened,
                records.openStreams(),
                tally.delivered,
                tally.total(SideRecord.DUPLICATE),
                tally.total(SideRecord.OVERSIZE),
                tally.total(SideRecord.OUT_OF_ORDER),
                tally.total(SideRecord.IGNORED),
                tally.total(SideRecord.GAP_BYTES),
                tally.gaps,
                tally.total(SideRecord.CONFLICT),
                tally.evictedSides,
                pool.usedBytes(),
                pool.highWaterBytes(),
                pool.reservedBytes());
    }

    private void evict(int id) {
        tally.evictedSides++;
        handover.overflow(id, presentNanos);
    }

    private boolean hasEnded(int id) {
        return (records.segment(id).get(JAVA_INT, records.offset(id) + SideRecord.FLAGS)
                        & SideRecord.ENDED)
                != 0;
    }

    private void setFlags(int id, int bits) {
        MemorySegment record = records.segment(id);
        long flags = records.offset(id) + SideRecord.FLAGS;
        record.set(JAVA_INT, flags, record.get(JAVA_INT, flags) | bits);
    }

    private void ensureOpen() {
        if (closed) {
            throw new IllegalStateException("the reassembler is closed");
        }
    }

    /** Ends its use; what it holds is freed with the memory it was given. */
    @Override
    public void close() {
        closed = true;
    }
}
