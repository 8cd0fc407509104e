package io.flowscope.tracker.stream.reassembly;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;

/**
 * When holes are due to be given up. Two queues, one per rule; as each rule waits equally long for
 * every hole and entering happens in the order of time, the head of a queue is always due first.
 *
 * <p>Time here is the packets' without its steps back: where theirs is set back, this one stands
 * still, and every wait goes on from where it was.
 */
final class HoleClock {
    private final StreamRecords records;
    private final SideList acked;
    private final SideList stalled;
    private final long graceNanos;
    private final long stallNanos;
    private long latest = Long.MIN_VALUE;

    /** How far the time here is ahead of the packets'. */
    private long ahead;

    private long deadline = Long.MAX_VALUE;

    HoleClock(StreamRecords records, long graceNanos, long stallNanos) {
        this.records = records;
        this.acked = new SideList(records, SideRecord.ACK_LINK);
        this.stalled = new SideList(records, SideRecord.STALL_LINK);
        this.graceNanos = graceNanos;
        this.stallNanos = stallNanos;
    }

    /** Before this time of packets nothing is due. */
    long deadline() {
        return deadline;
    }

    /**
     * A side's situation after a call.
     *
     * @param isAcked the other end has acknowledged the hole
     * @param isWaiting there is a hole, or bytes wait to be acknowledged
     * @param moved the next byte due is another than before: both waits begin anew
     */
    void retime(int side, boolean isAcked, boolean isWaiting, boolean moved, long now) {
        MemorySegment record = records.segment(side);
        long r = records.offset(side);
        long time = isAcked || isWaiting ? time(now) : 0;
        int flags = record.get(JAVA_INT, r + SideRecord.FLAGS);
        boolean wasAcked = (flags & SideRecord.IN_ACKED) != 0;
        boolean wasWaiting = (flags & SideRecord.IN_STALLED) != 0;
        if (!wasAcked && !wasWaiting && !isAcked && !isWaiting) {
            return;
        }
        if (wasAcked && (moved || !isAcked)) {
            acked.remove(side);
            flags &= ~SideRecord.IN_ACKED;
        }
        if (isAcked && (moved || !wasAcked)) {
            acked.append(side);
            record.set(JAVA_LONG, r + SideRecord.ACK_SINCE, time);
            flags |= SideRecord.IN_ACKED;
        }
        if (wasWaiting && (moved || !isWaiting)) {
            stalled.remove(side);
            flags &= ~SideRecord.IN_STALLED;
        }
        if (isWaiting && (moved || !wasWaiting)) {
            stalled.append(side);
            record.set(JAVA_LONG, r + SideRecord.HOLE_SINCE, time);
            flags |= SideRecord.IN_STALLED;
        }
        record.set(JAVA_INT, r + SideRecord.FLAGS, flags);
        renew();
    }

    /** A side has ended. */
    void leave(int side) {
        retime(side, false, false, true, 0);
    }

    /** A side whose acknowledged hole has had its grace, or 0. */
    int dueAcked(long now) {
        return due(acked, SideRecord.ACK_SINCE, graceNanos, now);
    }

    /** A side that has not moved for too long, or 0. */
    int dueStalled(long now) {
        return due(stalled, SideRecord.HOLE_SINCE, stallNanos, now);
    }

    private int due(SideList list, int since, long wait, long now) {
        long time = time(now);
        int side = list.head();
        return side != 0 && time - since(side, since) >= wait ? side : 0;
    }

    private long time(long now) {
        if (now < latest) {
            ahead += latest - now;
            latest = now;
            renew();
        }
        latest = now;
        return now + ahead;
    }

    private void renew() {
        deadline =
                Math.min(
                        end(acked.head(), SideRecord.ACK_SINCE, graceNanos),
                        end(stalled.head(), SideRecord.HOLE_SINCE, stallNanos));
    }

    private long end(int side, int since, long wait) {
        return side == 0 ? Long.MAX_VALUE : since(side, since) + wait - ahead;
    }

    private long since(int side, int field) {
        return records.segment(side).get(JAVA_LONG, records.offset(side) + field);
    }
}
