package io.flowscope.tracker.stream.reassembly;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.flowscope.tracker.AnomalyKind;
import io.flowscope.tracker.stream.GapCause;
import io.flowscope.tracker.stream.GapDecision;
import io.flowscope.tracker.stream.MemoryCapPolicy;
import io.flowscope.tracker.stream.OverflowPolicy;
import io.flowscope.tracker.stream.StreamConsumer;
import io.flowscope.tracker.stream.StreamEnd;
import io.flowscope.tracker.stream.StreamOptions;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.EnumSet;

/**
 * Where a stream meets its consumer: bytes, gaps and the end of a side are told here, and what the
 * consumer asks for is done. A record is brought up to date before its consumer is called, so a
 * consumer that throws leaves nothing half done.
 */
final class Handover {
    private final StreamRecords records;
    private final HoldPages hold;
    private final Leftovers leftovers;
    private final HoleClock clock;
    private final StreamHost host;
    private final Tally tally;
    private final SideCursor cursor;
    private final int bufferBytes;
    private final boolean dropAtBuffer;
    private final boolean stopAtCap;
    private @Nullable StreamConsumer[] consumers = new StreamConsumer[64];

    /** The side that the present call is about, and the kinds of anomaly told of it. */
    private int calledSide;

    private final EnumSet<AnomalyKind> toldKinds = EnumSet.noneOf(AnomalyKind.class);

    Handover(
            StreamRecords records,
            HoldPages hold,
            Leftovers leftovers,
            HoleClock clock,
            StreamHost host,
            Tally tally,
            StreamOptions options) {
        this.records = records;
        this.hold = hold;
        this.leftovers = leftovers;
        this.clock = clock;
        this.host = host;
        this.tally = tally;
        this.cursor = new SideCursor(records, host);
        this.bufferBytes = options.bufferBytes();
        this.dropAtBuffer = options.overflow() == OverflowPolicy.DROP_FLOW;
        this.stopAtCap = options.memoryCap() == MemoryCapPolicy.STOP;
    }

    void attach(int handle, StreamConsumer consumer) {
        if (handle >= consumers.length) {
            consumers = Arrays.copyOf(consumers, handle * 2);
        }
        consumers[handle] = consumer;
    }

    void detach(int handle) {
        consumers[handle] = null;
    }

    /** A call about one side begins: its anomalies may be told again. */
    void begin(int side) {
        calledSide = side;
        toldKinds.clear();
    }

    /** The view, moved to a side: its counters, outside of a consumer's call. */
    SideCursor cursor(int side) {
        cursor.move(side, 0);
        return cursor;
    }

    /** The next bytes that are due, wherever they are. */
    void deliver(int side, MemorySegment memory, long at, int length, long now) {
        records.moveTo(side, records.next(side) + length);
        tally.delivered += length;
        if ((flags(side) & SideRecord.BUFFERING) != 0) {
            deliverBehindLeftovers(side, memory, at, length, now);
        } else {
            show(side, memory, at, length, now);
        }
    }

    /** Bytes before the one now due, to a consumer that has left none. */
    void show(int side, MemorySegment memory, long at, int length, long now) {
        int done = call(side, memory, at, length, now);
        if (done != length && !hasEnded(side)) {
            leave(side, memory, at + done, length - done, now);
        }
    }

    private int call(int side, MemorySegment memory, long at, int length, long now) {
        cursor.move(side, length);
        int done = consumer(side).onBytes(cursor, memory, at, length, now);
        if (done < 0 || done > length) {
            throw new IllegalStateException(
                    "a consumer shown " + length + " bytes said it was done with " + done);
        }
        if (cursor.request != 0) {
            obey(side, cursor.request, now);
        }
        return done;
    }

    private void deliverBehindLeftovers(
            int side, MemorySegment memory, long at, int length, long now) {
        int taken = leave(side, memory, at, length, now);
        if (taken == 0 || hasEnded(side)) {
            return;
        }
        int shown = leftovers.length(side);
        MemorySegment buffer = leftovers.segment(side);
        int done = call(side, buffer, leftovers.at(side), shown, now);
        if (!hasEnded(side)) {
            leftovers.consume(side, done);
        }
    }

    /**
     * Keeps bytes that end at the one due next for later, behind what was kept before.
     *
     * @return how many of them are kept; not all if a limit was reached
     */
    private int leave(int side, MemorySegment memory, long at, int length, long now) {
        int present = leftovers.length(side);
        int surplus = (int) Math.max(0L, (long) present + length - bufferBytes);
        if (surplus > 0) {
            if (dropAtBuffer) {
                undeliver(side, length, now);
                overflow(side, now);
                return 0;
            }
            undeliver(side, surplus, now);
            tellGap(side, (long) length + present, surplus, GapCause.OVERFLOW, now);
            if (hasEnded(side)) {
                return 0;
            }
            leftovers.consume(side, Math.min(present, surplus));
        }
        int kept = Math.min(length, length + present - surplus);
        if (leftovers.append(side, memory, at + (length - kept), kept)) {
            return kept;
        }
        undeliver(side, kept, now);
        if (!hasEnded(side)) {
            if (stopAtCap) {
                overflow(side, now);
            } else {
                leftovers.release(side);
                tellGap(side, kept, kept, GapCause.OVERFLOW, now);
            }
        }
        return 0;
    }

    /** Bytes counted as delivered were lost to a limit of memory. */
    private void undeliver(int side, int bytes, long now) {
        MemorySegment record = records.segment(side);
        long r = records.offset(side);
        tally.delivered -= bytes;
        tally.add(record, r, SideRecord.TAKEN, bytes);
        tally.add(record, r, SideRecord.OVERSIZE, bytes);
        anomaly(side, AnomalyKind.BUFFER_OVERFLOW, bytes, now);
    }

    /** Everything from the byte due to an offset beyond is lost. */
    void gap(int side, long to, GapCause cause, long now) {
        MemorySegment record = records.segment(side);
        long r = records.offset(side);
        long length = to - records.next(side);
        records.moveTo(side, to);
        record.set(JAVA_INT, r + SideRecord.GAPS, record.get(JAVA_INT, r + SideRecord.GAPS) + 1);
        tally.gaps++;
        tally.add(record, r, SideRecord.GAP_BYTES, length);
        leftovers.release(side);
        anomaly(side, AnomalyKind.GAP, length, now);
        tellGap(side, length, length, cause, now);
    }

    private void tellGap(int side, long back, long length, GapCause cause, long now) {
        cursor.move(side, back);
        GapDecision decision = consumer(side).onGap(cursor, length, cause, now);
        int request = cursor.request;
        if (decision == GapDecision.STOP_SIDE) {
            request |= SideCursor.STOP_SIDE;
        } else if (decision == GapDecision.STOP) {
            request |= SideCursor.STOP;
        }
        if (request != 0) {
            obey(side, request, now);
        }
    }

    private void obey(int side, int request, long now) {
        if ((request & SideCursor.FAIL) != 0) {
            host.onFailure(records.flow(side >> 1), side & 1, StreamEnd.PARSE_ERROR, now);
            end(side & ~1, StreamEnd.PARSE_ERROR, now);
            end(side | 1, StreamEnd.PARSE_ERROR, now);
        } else if ((request & SideCursor.STOP) != 0) {
            end(side & ~1, StreamEnd.STOPPED, now);
            end(side | 1, StreamEnd.STOPPED, now);
        } else {
            end(side, StreamEnd.STOPPED, now);
        }
    }

    /** A limit of memory ends a side. */
    void overflow(int side, long now) {
        if (!hasEnded(side)) {
            anomaly(side, AnomalyKind.BUFFER_OVERFLOW, heldBytes(side), now);
            host.onFailure(records.flow(side >> 1), side & 1, StreamEnd.BUFFER_OVERFLOW, now);
            end(side, StreamEnd.BUFFER_OVERFLOW, now);
        }
    }

    /** Ends a side that has not ended: frees what it has and tells its consumer. */
    void end(int side, StreamEnd end, long now) {
        MemorySegment record = records.segment(side);
        long r = records.offset(side);
        int flags = flags(side);
        if ((flags & SideRecord.ENDED) != 0) {
            return;
        }
        flags |= SideRecord.ENDED;
        int fate = SideRecord.IGNORED;
        if (end == StreamEnd.FIN) {
            flags |= SideRecord.FINISHED;
            fate = SideRecord.OUT_OF_ORDER;
        } else if (end == StreamEnd.BUFFER_OVERFLOW) {
            flags |= SideRecord.OVERFLOWED;
            fate = SideRecord.OVERSIZE;
        }
        record.set(JAVA_INT, r + SideRecord.FLAGS, flags & ~SideRecord.HOLDING);
        tally.add(record, r, fate, record.get(JAVA_INT, r + SideRecord.HELD));
        hold.releaseAll(
                side,
                record.get(JAVA_LONG, r + SideRecord.FIRST_HELD),
                record.get(JAVA_LONG, r + SideRecord.HELD_END));
        leftovers.release(side);
        clock.leave(side);
        cursor.move(side, 0);
        consumer(side).onEnd(cursor, end, now);
    }

    /** Tells the host what a side that has ended came to. */
    void close(int side) {
        MemorySegment record = records.segment(side);
        long r = records.offset(side);
        host.onClosed(
                records.flow(side >> 1),
                side & 1,
                record.get(JAVA_LONG, r + SideRecord.DROPS),
                record.get(JAVA_LONG, r + SideRecord.OVERSIZE),
                record.get(JAVA_INT, r + SideRecord.HIGH_WATER));
    }

    void anomaly(int side, AnomalyKind kind, long bytes, long now) {
        if (side == calledSide) {
            if (!toldKinds.add(kind)) {
                return;
            }
        }
        host.onAnomaly(records.flow(side >> 1), side & 1, kind, bytes, now);
    }

    private StreamConsumer consumer(int side) {
        StreamConsumer consumer = consumers[side >> 1];
        if (consumer == null) {
            throw new IllegalStateException("stream " + (side >> 1) + " is not open");
        }
        return consumer;
    }

    boolean hasEnded(int side) {
        return (flags(side) & SideRecord.ENDED) != 0;
    }

    private int flags(int side) {
        return records.segment(side).get(JAVA_INT, records.offset(side) + SideRecord.FLAGS);
    }

    private int heldBytes(int side) {
        return records.segment(side).get(JAVA_INT, records.offset(side) + SideRecord.HELD);
    }
}
