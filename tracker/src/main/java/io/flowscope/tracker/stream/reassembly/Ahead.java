package io.flowscope.tracker.stream.reassembly;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.flowscope.tracker.AnomalyKind;
import io.flowscope.tracker.stream.GapCause;
import io.flowscope.tracker.stream.MemoryCapPolicy;
import io.flowscope.tracker.stream.OverflowPolicy;
import io.flowscope.tracker.stream.OverlapPolicy;
import io.flowscope.tracker.stream.StreamOptions;

import java.lang.foreign.MemorySegment;

/**
 * Where a segment meets bytes that wait: it is taken in among them, or, being in order, handed over
 * with them. Which copy of a byte counts is decided here.
 */
final class Ahead {
    private final StreamRecords records;
    private final HoldPages hold;
    private final Holes holes;
    private final Handover handover;
    private final Tally tally;
    private final OverlapPolicy overlap;
    private final int holdBytes;
    private final int bufferBytes;
    private final int highWatermark;
    private final boolean dropAtBuffer;
    private final boolean stopAtCap;

    Ahead(
            StreamRecords records,
            HoldPages hold,
            Holes holes,
            Handover handover,
            Tally tally,
            StreamOptions options) {
        this.records = records;
        this.hold = hold;
        this.holes = holes;
        this.handover = handover;
        this.tally = tally;
        this.overlap = options.overlap();
        this.bufferBytes = options.bufferBytes();
        this.holdBytes = Math.min(options.holdBytes(), bufferBytes);
        this.highWatermark =
                (int) Math.max(1, (long) holdBytes * options.highWatermarkPercent() / 100);
        this.dropAtBuffer = options.overflow() == OverflowPolicy.DROP_FLOW;
        this.stopAtCap = options.memoryCap() == MemoryCapPolicy.STOP;
    }

    /** Whether there is room for a segment without giving up a hole. */
    boolean fits(int side, long from, long to) {
        int held = held(side);
        return held + (to - from) <= holdBytes || held + hold.missing(side, from, to) <= holdBytes;
    }

    /** Whether a segment would carry the side over a limit that ends it. */
    boolean overflows(int side, long from, long to) {
        return dropAtBuffer
                && held(side) + (to - from) > bufferBytes
                && held(side) + hold.missing(side, from, to) > bufferBytes;
    }

    /** Gives up holes, the oldest first, until a segment fits or has become the next one due. */
    void makeRoom(int side, long from, long to, long now) {
        while (!hasEnded(side) && next(side) < from && !fits(side, from, to)) {
            if (!holes.isHeldAtNext(side)) {
                long end = Math.min(from, holes.firstHeld(side));
                handover.gap(side, end, GapCause.HOLD_FULL, now);
            }
            holes.drainAll(side, now);
            holes.advance(side, now);
        }
        if (!hasEnded(side) && next(side) == from) {
            holes.drainAll(side, now);
        }
    }

    /** Takes a segment in that fits. */
    void take(int side, long from, long to, MemorySegment memory, long at, long now) {
        MemorySegment record = records.segment(side);
        long r = records.offset(side);
        long start = from;
        int conflicts = 0;
        if (overlap == OverlapPolicy.FIRST) {
            hold.fill(side, from, to, memory, at);
        } else {
            start = overwriteFrom(side, from, to);
            conflicts = hold.compare(side, from, start, memory, at);
            hold.overwrite(side, start, to, memory, at + (start - from));
        }
        conflicts += hold.conflicts;
        int added = hold.added;
        int refused = hold.refused;
        tally.add(record, r, SideRecord.DUPLICATE, to - from - added - refused);
        conflict(side, conflicts, now);
        if (refused > 0) {
            tally.add(record, r, SideRecord.OVERSIZE, refused);
            handover.anomaly(side, AnomalyKind.BUFFER_OVERFLOW, refused, now);
        }
        if (hasEnded(side)) {
            return;
        }
        if (added > 0) {
            noteTaken(record, r, from, hold.takenEnd);
            if (isOutOfOrder(side, from)) {
                handover.anomaly(side, AnomalyKind.OOO_SEGMENT, added, now);
            }
            noteHighWater(side, now);
        }
        if (refused > 0) {
            holes.rearrange(side, Math.min(from, firstHeldOr(side, from)));
            if (stopAtCap) {
                handover.overflow(side, now);
            }
        }
    }

    /** Under LAST bytes wait in order, too. */
    private boolean isOutOfOrder(int side, long from) {
        return from > next(side) && (overlap != OverlapPolicy.LAST || !hold.isHeld(side, from - 1));
    }

    /** Where in a segment its bytes begin to count more than those that wait already. */
    private long overwriteFrom(int side, long from, long to) {
        if (overlap == OverlapPolicy.LAST || held(side) == 0 || !hold.isHeld(side, from)) {
            return from;
        }
        long end = hold.pieceEnd(side, from, to + 1);
        boolean longer = overlap == OverlapPolicy.LINUX && to > end && hold.beginsPiece(side, from);
        return longer ? from : Math.min(end, to);
    }

    private static void noteTaken(MemorySegment record, long r, long from, long end) {
        int flags = record.get(JAVA_INT, r + SideRecord.FLAGS);
        long first = from;
        long last = end;
        if ((flags & SideRecord.HOLDING) != 0) {
            first = Math.min(first, record.get(JAVA_LONG, r + SideRecord.FIRST_HELD));
            last = Math.max(last, record.get(JAVA_LONG, r + SideRecord.HELD_END));
        }
        record.set(JAVA_LONG, r + SideRecord.FIRST_HELD, first);
        record.set(JAVA_LONG, r + SideRecord.HELD_END, last);
        record.set(JAVA_INT, r + SideRecord.FLAGS, flags | SideRecord.HOLDING);
    }

    private void noteHighWater(int side, long now) {
        MemorySegment record = records.segment(side);
        long r = records.offset(side);
        int held = held(side);
        if (held > record.get(JAVA_INT, r + SideRecord.HIGH_WATER)) {
            record.set(JAVA_INT, r + SideRecord.HIGH_WATER, held);
        }
        int flags = record.get(JAVA_INT, r + SideRecord.FLAGS);
        boolean marked = (flags & SideRecord.MARKED) != 0;
        if (held >= highWatermark && !marked) {
            record.set(JAVA_INT, r + SideRecord.FLAGS, flags | SideRecord.MARKED);
            handover.anomaly(side, AnomalyKind.HIGH_WATERMARK, held, now);
        } else if (marked && held < highWatermark / 2) {
            record.set(JAVA_INT, r + SideRecord.FLAGS, flags & ~SideRecord.MARKED);
        }
    }

    /** Hands over a segment that begins at NEXT and reaches into bytes that wait. */
    void weave(int side, long to, MemorySegment memory, long at, long now) {
        MemorySegment record = records.segment(side);
        long r = records.offset(side);
        long from = next(side);
        if (overlap != OverlapPolicy.FIRST) {
            int forgotten = hold.forget(side, from, to, memory, at);
            tally.add(record, r, SideRecord.DUPLICATE, forgotten);
            holes.rearrange(side, to);
            conflict(side, hold.conflicts, now);
            handover.deliver(side, memory, at, (int) (to - from), now);
            return;
        }
        for (long next = from; next < to && !hasEnded(side); next = next(side)) {
            long first = holes.firstHeld(side);
            long source = at + (next - from);
            if (first > next) {
                handover.deliver(side, memory, source, (int) (Math.min(first, to) - next), now);
            } else {
                long run = Math.min(next + hold.runLength(side, next), to);
                tally.add(record, r, SideRecord.DUPLICATE, run - next);
                conflict(side, hold.compare(side, next, run, memory, source), now);
                holes.drain(side, run, now);
            }
        }
    }

    /** Bytes came with other contents than before. */
    void conflict(int side, int bytes, long now) {
        if (bytes > 0) {
            MemorySegment record = records.segment(side);
            tally.add(record, records.offset(side), SideRecord.CONFLICT, bytes);
            handover.anomaly(side, AnomalyKind.RETRANSMISSION_INCONSISTENT, bytes, now);
        }
    }

    private long firstHeldOr(int side, long otherwise) {
        return Math.min(holes.firstHeld(side), otherwise);
    }

    private int held(int side) {
        return records.segment(side).get(JAVA_INT, records.offset(side) + SideRecord.HELD);
    }

    private boolean hasEnded(int side) {
        return (records.segment(side).get(JAVA_INT, records.offset(side) + SideRecord.FLAGS)
                        & SideRecord.ENDED)
                != 0;
    }

    private long next(int side) {
        return records.next(side);
    }
}
