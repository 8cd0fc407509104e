package io.flowscope.tracker.stream.reassembly;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.flowscope.tracker.AnomalyKind;
import io.flowscope.tracker.stream.GapCause;

import java.lang.foreign.MemorySegment;

/**
 * What becomes of a segment that is not simply the next one due: where it lies in the stream, which
 * of its bytes are new, and whether they are handed over, wait, or are dropped. Every payload byte
 * is counted here or behind it exactly once.
 */
final class Placing {
    private static final int SAMPLE_BYTES = 8;

    private final StreamRecords records;
    private final Bounds bounds;
    private final Handover handover;
    private final Holes holes;
    private final Ahead ahead;
    private final Tally tally;
    private final boolean strict;
    private final boolean gated;

    Placing(
            StreamRecords records,
            Bounds bounds,
            Handover handover,
            Holes holes,
            Ahead ahead,
            Tally tally,
            boolean strict,
            boolean gated) {
        this.records = records;
        this.bounds = bounds;
        this.handover = handover;
        this.holes = holes;
        this.ahead = ahead;
        this.tally = tally;
        this.strict = strict;
        this.gated = gated;
    }

    /** A segment of a stream that has an offset 0 and has not ended. */
    void place(
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
        if (bounds.isFar(distance, length)) {
            if (!bounds.isCorroborated(id, seq, captured)) {
                bounds.noteFar(id, seq + length);
                tally.add(record, r, SideRecord.OUT_OF_ORDER, captured);
                handover.anomaly(id, AnomalyKind.OUT_OF_WINDOW, captured, now);
                return;
            }
            bounds.forgetFar(id);
            long target = bounds.target(id, before, from, length);
            holes.skipTo(id, target, GapCause.OUT_OF_WINDOW, now);
        }
        if (fin) {
            bounds.noteFin(id, from + length);
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

    /** Payload that comes after its side has ended. */
    void late(int id, int seq, int captured) {
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

    private boolean hasEnded(int id) {
        return (records.segment(id).get(JAVA_INT, records.offset(id) + SideRecord.FLAGS)
                        & SideRecord.ENDED)
                != 0;
    }
}
