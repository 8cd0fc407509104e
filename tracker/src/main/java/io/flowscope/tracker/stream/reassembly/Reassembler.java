package io.flowscope.tracker.stream.reassembly;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

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
 * the other side's stream; and calls {@link #expire} as packet time passes, which onSegment also
 * does by itself. In order means: no copy, no allocation, one cache line of state.
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

    /** A SYN-ACK that acknowledges what is further away answers another SYN. */
    private static final int ANSWER_BYTES = 1 << 20;

    private static final int OPEN_MASK = SideRecord.ANCHORED | SideRecord.ENDED;

    private final StreamRecords records;
    private final BlockPool pool;
    private final Handover handover;
    private final HoleClock clock;
    private final Holes holes;
    private final Bounds bounds;
    private final Placing placing;
    private final Tally tally = new Tally();
    private final boolean gated;
    private boolean closed;
    private long presentNanos;

    /**
     * @param memory where all state and all held bytes live; must outlive this object
     */
    public Reassembler(StreamOptions options, SegmentAllocator memory, StreamHost host) {
        long windowBytes = options.windowBytes();
        boolean strict = options.strict();
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
        this.bounds = new Bounds(records, windowBytes);
        Ahead ahead = new Ahead(records, hold, holes, handover, tally, options);
        this.placing = new Placing(records, bounds, handover, holes, ahead, tally, strict, gated);
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
                long flags = records.offset(side) + SideRecord.FLAGS;
                records.segment(side).set(JAVA_INT, flags, SideRecord.GATED);
            }
        }
        tally.opened++;
        return handle;
    }

    /** Gives up the holes that are due by then, of whatever flow. */
    public void expire(long nowNanos) {
        ensureOpen();
        presentNanos = nowNanos;
        holes.expire(nowNanos);
    }

    /** Reads ahead both sides' state of a stream; the result only forces the loads. */
    public long touch(int handle) {
        int id = handle << 1;
        MemorySegment record = records.segment(id);
        return record.get(JAVA_LONG, records.offset(id) + SideRecord.SEQ_AND_FLAGS)
                + record.get(JAVA_LONG, records.offset(id | 1) + SideRecord.SEQ_AND_FLAGS);
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
        } else if (length > 0
                || (flags & FIN) != 0
                || ((flags & SYN) != 0
                        && !answersAnother(record, records.offset(id ^ 1), flags, ack))) {
            general(id, seq, flags, memory, at, captured, length, nowNanos);
        }
    }

    /** Whether a SYN-ACK acknowledges what is nowhere near the other side's numbers. */
    private static boolean answersAnother(MemorySegment record, long other, int flags, int ack) {
        long state = record.get(JAVA_LONG, other + SideRecord.SEQ_AND_FLAGS);
        return (flags & ACK) != 0
                && (SideRecord.flags(state) & SideRecord.SYN_SEEN) != 0
                && Math.abs((long) (ack - SideRecord.seq(state))) > ANSWER_BYTES;
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
            if (handover.hasEnded(id)) {
                placing.late(id, payloadSeq, captured);
            } else if (bounds.anchor(id, payloadSeq, flags, length)) {
                placing.place(
                        id, payloadSeq, (flags & FIN) != 0, memory, at, captured, length, now);
            }
        }
    }

    private void ackBeyond(int id, int ack, long now) {
        presentNanos = now;
        handover.begin(id);
        bounds.noteAck(id, ack);
        holes.settle(id, records.next(id), now);
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
            handover.close(id);
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
