package io.flowscope.tracker.stream.reassembly;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;

/** Where a stream begins and ends, and which sequence numbers are believed. */
final class Bounds {
    private static final int KNOWN_OF_THE_OTHER_NUMBERS =
            SideRecord.ACKED_BEYOND | SideRecord.ACK_KNOWN | SideRecord.FAR_KNOWN;

    private static final long OTHER_SYN_KNOWN = 1L << 32;

    private final StreamRecords records;
    private final long windowBytes;

    Bounds(StreamRecords records, long windowBytes) {
        this.records = records;
        this.windowBytes = windowBytes;
    }

    /**
     * Makes sure that there is an offset 0, if this segment can tell. Of two SYNs that disagree the
     * later one counts, unless the first data take up the number of the other.
     */
    boolean anchor(int id, int payloadSeq, int flags, int length) {
        MemorySegment record = records.segment(id);
        long r = records.offset(id);
        int state = record.get(JAVA_INT, r + SideRecord.FLAGS);
        boolean syn = (flags & Reassembler.SYN) != 0;
        boolean untouched =
                records.next(id) == 0 && (state & (SideRecord.HOLDING | SideRecord.FIN_SEEN)) == 0;
        boolean first = (state & SideRecord.ANCHORED) == 0;
        long other = OTHER_SYN_KNOWN | Integer.toUnsignedLong(payloadSeq);
        if (first
                ? syn || length > 0
                : untouched && (syn || record.get(JAVA_LONG, r + SideRecord.OTHER_SYN) == other)) {
            int before = record.get(JAVA_INT, r + SideRecord.NEXT_SEQ);
            if (before != payloadSeq) {
                boolean disagrees = syn && (state & SideRecord.SYN_SEEN) != 0;
                long forgone = disagrees ? OTHER_SYN_KNOWN | Integer.toUnsignedLong(before) : 0;
                record.set(JAVA_LONG, r + SideRecord.OTHER_SYN, forgone);
                records.moveTo(id, 0, payloadSeq);
                state &= ~KNOWN_OF_THE_OTHER_NUMBERS;
            }
            state |= SideRecord.ANCHORED | (syn ? SideRecord.SYN_SEEN : 0);
            record.set(JAVA_INT, r + SideRecord.FLAGS, state);
        }
        return (state & SideRecord.ANCHORED) != 0;
    }

    /** Whether a segment ends further ahead than is believed of one alone. */
    boolean isFar(int distance, int length) {
        return distance > 0 && (long) distance + length > windowBytes;
    }

    /** Remembers what would continue a segment that was not believed. */
    void noteFar(int id, int nextSeq) {
        MemorySegment record = records.segment(id);
        long r = records.offset(id);
        int state = record.get(JAVA_INT, r + SideRecord.FLAGS);
        record.set(JAVA_INT, r + SideRecord.FAR, nextSeq);
        record.set(JAVA_INT, r + SideRecord.FLAGS, state | SideRecord.FAR_KNOWN);
    }

    /** A segment is believed; the next one far away needs a witness of its own. */
    void forgetFar(int id) {
        MemorySegment record = records.segment(id);
        long flags = records.offset(id) + SideRecord.FLAGS;
        record.set(JAVA_INT, flags, record.get(JAVA_INT, flags) & ~SideRecord.FAR_KNOWN);
    }

    /** A FIN counts if it is ahead and near; the first one counts. */
    void noteFin(int id, long position) {
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
    boolean isCorroborated(int id, int seq, int captured) {
        MemorySegment record = records.segment(id);
        long r = records.offset(id);
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
    long target(int id, long next, long from, int length) {
        MemorySegment record = records.segment(id);
        long r = records.offset(id);
        int state = record.get(JAVA_INT, r + SideRecord.FLAGS);
        int ack = record.get(JAVA_INT, r + SideRecord.LAST_ACK);
        int acked = ack - record.get(JAVA_INT, r + SideRecord.NEXT_SEQ);
        boolean usable =
                (state & SideRecord.ACK_KNOWN) != 0
                        && acked > 0
                        && from + length - (next + acked) <= windowBytes;
        return usable ? Math.min(from, next + acked) : from;
    }

    /** Notes an acknowledgment of bytes that have not been handed over. */
    void noteAck(int id, int ack) {
        MemorySegment record = records.segment(id);
        long r = records.offset(id);
        int state = record.get(JAVA_INT, r + SideRecord.FLAGS);
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
    }
}
