package io.flowscope.tracker.stream.reassembly;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.flowscope.tracker.stream.GapCause;
import io.flowscope.tracker.stream.StreamEnd;

import java.lang.foreign.MemorySegment;

/**
 * What becomes of a side after something has changed: waiting bytes that are due are handed over, a
 * FIN that was reached ends it, a hole is given up or put on the clock.
 */
final class Holes {
    private final StreamRecords records;
    private final HoldPages hold;
    private final PoolShare share;
    private final Handover handover;
    private final HoleClock clock;
    private final boolean timeouts;

    Holes(
            StreamRecords records,
            HoldPages hold,
            PoolShare share,
            Handover handover,
            HoleClock clock,
            boolean timeouts) {
        this.records = records;
        this.hold = hold;
        this.share = share;
        this.handover = handover;
        this.clock = clock;
        this.timeouts = timeouts;
    }

    /**
     * Brings a side to rest.
     *
     * @param before its NEXT before the call, to tell whether it has moved
     */
    void settle(int side, long before, long now) {
        advance(side, now);
        MemorySegment record = records.segment(side);
        long r = records.offset(side);
        int flags = record.get(JAVA_INT, r + SideRecord.FLAGS);
        if ((flags & SideRecord.ENDED) != 0) {
            return;
        }
        long next = records.next(side);
        if ((flags & SideRecord.ACKED_BEYOND) != 0
                && record.get(JAVA_LONG, r + SideRecord.ACK_END) <= next) {
            flags &= ~SideRecord.ACKED_BEYOND;
            record.set(JAVA_INT, r + SideRecord.FLAGS, flags);
        }
        if (timeouts) {
            boolean waiting = (flags & (SideRecord.HOLDING | SideRecord.FIN_SEEN)) != 0;
            clock.retime(side, isAcknowledged(side), waiting, next != before, now);
        }
    }

    /** Hands over what is due and ends the side if its FIN is. */
    void advance(int side, long now) {
        MemorySegment record = records.segment(side);
        long r = records.offset(side);
        while (true) {
            int flags = record.get(JAVA_INT, r + SideRecord.FLAGS);
            if ((flags & SideRecord.ENDED) != 0) {
                return;
            }
            long next = records.next(side);
            long fin = fin(side);
            long due = fin;
            if ((flags & SideRecord.GATED) != 0) {
                boolean acked = (flags & SideRecord.ACKED_BEYOND) != 0;
                due = Math.min(fin, acked ? record.get(JAVA_LONG, r + SideRecord.ACK_END) : next);
            }
            long lost = record.get(JAVA_LONG, r + SideRecord.LOST_END);
            if (isHeldAtNext(side) && next < due) {
                drain(side, due, now);
            } else if (next == fin) {
                handover.end(side, StreamEnd.FIN, now);
            } else if (next > fin) {
                // Data in order went over it: it was no FIN that a receiver would have taken.
                record.set(JAVA_INT, r + SideRecord.FLAGS, flags & ~SideRecord.FIN_SEEN);
            } else if (lost > next && !isHeldAtNext(side)) {
                long to = Math.min(lost, Math.min(fin, firstHeld(side)));
                handover.gap(side, to, GapCause.TRUNCATED, now);
            } else {
                return;
            }
        }
    }

    /** Hands over one run of waiting bytes, which must begin at NEXT and go no further than. */
    void drain(int side, long limit, long now) {
        long next = records.next(side);
        int run = hold.runLength(side, next);
        int length = (int) Math.min(run, limit - next);
        int block = hold.blockOf(side, next);
        BlockPool pool = share.pool();
        int empty = hold.remove(side, next, length);
        rearrange(side, next + length);
        try {
            long at = pool.offset(block) + next % HoldPages.PAGE_BYTES;
            handover.deliver(side, pool.segment(block), at, length, now);
        } finally {
            if (empty != 0) {
                share.free(side, empty);
            }
        }
    }

    /** Waiting bytes were removed: finds the first of the others, or notes that none are left. */
    void rearrange(int side, long from) {
        MemorySegment record = records.segment(side);
        long r = records.offset(side);
        long end = record.get(JAVA_LONG, r + SideRecord.HELD_END);
        if (record.get(JAVA_INT, r + SideRecord.HELD) == 0) {
            hold.releaseAll(side, from, end);
            int flags = record.get(JAVA_INT, r + SideRecord.FLAGS);
            record.set(JAVA_INT, r + SideRecord.FLAGS, flags & ~SideRecord.HOLDING);
        } else {
            record.set(JAVA_LONG, r + SideRecord.FIRST_HELD, hold.nextHeld(side, from, end));
        }
    }

    /** Gives up everything missing before an offset, and hands over what waits before it. */
    void skipTo(int side, long target, GapCause cause, long now) {
        while (!hasEnded(side)) {
            long next = next(side);
            if (next >= fin(side)) {
                return;
            } else if (isHeldAtNext(side)) {
                drain(side, fin(side), now);
            } else if (next < target) {
                handover.gap(side, Math.min(target, firstHeld(side)), cause, now);
            } else {
                return;
            }
        }
    }

    /** The end of a flow: nothing more comes, whatever waits is handed over. */
    void flush(int side, long now) {
        advance(side, now);
        skipTo(side, Math.min(heldEnd(side), fin(side)), GapCause.FLOW_ENDED, now);
        advance(side, now);
        if (!hasEnded(side) && next(side) < holeEnd(side) && !isPerhapsFin(side)) {
            handover.gap(side, holeEnd(side), GapCause.FLOW_ENDED, now);
            advance(side, now);
        }
    }

    /** Gives up what is due by time. */
    void expire(long now) {
        for (int side = clock.dueAcked(now); side != 0; side = clock.dueAcked(now)) {
            handover.begin(side);
            long before = next(side);
            handover.gap(side, holeEnd(side), GapCause.ACKNOWLEDGED, now);
            settle(side, before, now);
        }
        for (int side = clock.dueStalled(now); side != 0; side = clock.dueStalled(now)) {
            handover.begin(side);
            long before = next(side);
            if (isHeldAtNext(side)) {
                drainAll(side, now);
            } else {
                handover.gap(side, holeEnd(side), GapCause.STALLED, now);
            }
            settle(side, before, now);
        }
    }

    /** Hands over waiting bytes up to the next hole, acknowledged or not. */
    void drainAll(int side, long now) {
        while (!hasEnded(side) && isHeldAtNext(side) && next(side) < fin(side)) {
            drain(side, fin(side), now);
        }
    }

    /** Where the hole at NEXT ends, as far as is known; NEXT if there is none. */
    long holeEnd(int side) {
        MemorySegment record = records.segment(side);
        long r = records.offset(side);
        int flags = record.get(JAVA_INT, r + SideRecord.FLAGS);
        if ((flags & (SideRecord.HOLDING | SideRecord.FIN_SEEN)) != 0) {
            return Math.min(firstHeld(side), fin(side));
        }
        return (flags & SideRecord.ACKED_BEYOND) != 0
                ? record.get(JAVA_LONG, r + SideRecord.ACK_END)
                : records.next(side);
    }

    private boolean isAcknowledged(int side) {
        MemorySegment record = records.segment(side);
        long r = records.offset(side);
        if ((record.get(JAVA_INT, r + SideRecord.FLAGS) & SideRecord.ACKED_BEYOND) == 0) {
            return false;
        }
        long end = holeEnd(side);
        return end > next(side)
                && record.get(JAVA_LONG, r + SideRecord.ACK_END) >= end
                && !isPerhapsFin(side);
    }

    /** One byte acknowledged and nothing seen beyond: a FIN that was not captured is likelier. */
    private boolean isPerhapsFin(int side) {
        int flags = flags(side);
        return (flags & (SideRecord.HOLDING | SideRecord.FIN_SEEN)) == 0
                && holeEnd(side) - next(side) == 1;
    }

    boolean isHeldAtNext(int side) {
        return firstHeld(side) == next(side);
    }

    /** Long.MAX_VALUE if nothing waits. */
    long firstHeld(int side) {
        return (flags(side) & SideRecord.HOLDING) == 0
                ? Long.MAX_VALUE
                : records.segment(side)
                        .get(JAVA_LONG, records.offset(side) + SideRecord.FIRST_HELD);
    }

    private long heldEnd(int side) {
        return (flags(side) & SideRecord.HOLDING) == 0
                ? next(side)
                : records.segment(side).get(JAVA_LONG, records.offset(side) + SideRecord.HELD_END);
    }

    /** Long.MAX_VALUE if none was seen. */
    private long fin(int side) {
        return (flags(side) & SideRecord.FIN_SEEN) == 0
                ? Long.MAX_VALUE
                : records.segment(side).get(JAVA_LONG, records.offset(side) + SideRecord.FIN);
    }

    private boolean hasEnded(int side) {
        return (flags(side) & SideRecord.ENDED) != 0;
    }

    private int flags(int side) {
        return records.segment(side).get(JAVA_INT, records.offset(side) + SideRecord.FLAGS);
    }

    private long next(int side) {
        return records.next(side);
    }
}
