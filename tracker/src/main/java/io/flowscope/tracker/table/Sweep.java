package io.flowscope.tracker.table;

import static io.flowscope.tracker.table.FlowLayout.BITS;
import static io.flowscope.tracker.table.FlowLayout.HISTORY;
import static io.flowscope.tracker.table.FlowLayout.LAST;
import static io.flowscope.tracker.table.FlowLayout.LONG;
import static io.flowscope.tracker.table.FlowLayout.TIMEOUT_SHIFT;

import java.lang.foreign.MemorySegment;

/**
 * Finds flows whose time is over: a hand that goes round the records, a few at a time. How far it
 * goes depends on the number of packets and on packet time only, never on how packets are batched.
 *
 * <p>At every {@link #STRIDE_PACKETS}th packet, and earlier when a {@link #SLICES}th of the sweep
 * interval has passed, the hand visits {@link #FIXED} records and as many more, up to {@link
 * #CATCH_UP}, as it lags behind one round per interval. A table whose packets come so slowly that
 * this bound is reached is visited more slowly; {@code sweep(now)} visits all at once.
 */
public final class Sweep {
    /** Packets between two steps. */
    public static final int STRIDE_PACKETS = 32;

    /** Records visited by each step, whatever the time. */
    public static final int FIXED = 4;

    /** Most records that one step visits because time has passed. */
    public static final int CATCH_UP = 4096;

    /** Time also makes a step when this part of the interval has passed. */
    public static final int SLICES = 64;

    private static final int FIRST_LINGERING = 6;
    private static final long NOT_YET = -1;

    private final FlowTable table;
    private final MemorySegment memory;
    private final Timeouts timeouts;
    private final long intervalNanos;
    private final long sliceNanos;
    private final long lingerNanos;

    private int hand;
    private int remaining;
    private long roundStarted = NOT_YET;
    private long visitedInRound;
    private long lastStep = Long.MIN_VALUE;

    /** For one table. */
    public Sweep(FlowTable table, Timeouts timeouts, long intervalNanos, long lingerNanos) {
        this.table = table;
        this.memory = table.memory();
        this.timeouts = timeouts;
        this.intervalNanos = intervalNanos;
        this.sliceNanos = Math.max(1, intervalNanos / SLICES);
        this.lingerNanos = lingerNanos;
    }

    /** Whether time alone makes the next step, because it went on for long enough, or back. */
    public boolean isDue(long now) {
        return Long.compareUnsigned(now - lastStep, sliceNanos) >= 0;
    }

    /** Starts a step; {@link #nextExpired} then yields what it finds. */
    public void beginStep(long now) {
        int used = table.used();
        lastStep = now;
        long elapsed = now - roundStarted;
        if (roundStarted == NOT_YET || elapsed < 0 || visitedInRound >= used) {
            startRound(now);
            elapsed = 0;
        }
        elapsed = Math.min(elapsed, intervalNanos);
        double due = (double) used * elapsed / intervalNanos - visitedInRound;
        remaining = FIXED + (int) Math.min(CATCH_UP, Math.max(0, Math.ceil(due)));
        remaining = Math.min(remaining, used);
    }

    private void startRound(long now) {
        roundStarted = now;
        visitedInRound = 0;
    }

    /** Makes the next calls of {@link #nextExpired} visit every record once, from the first. */
    public void beginAll(long now) {
        hand = 0;
        remaining = table.used();
        startRound(now);
    }

    /** The next expired flow within the budget, or {@link FlowTable#NONE} when it is used up. */
    public int nextExpired(long now) {
        int used = table.used();
        while (remaining > 0) {
            remaining--;
            visitedInRound++;
            int record = hand;
            hand = hand + 1 >= used ? 0 : hand + 1;
            long at = table.at(record);
            long bits = memory.get(LONG, at + BITS);
            if ((bits & FlowBits.LIVE) != 0 && isExpired(at, bits, now, true)) {
                return record;
            }
        }
        return FlowTable.NONE;
    }

    /**
     * Whether a flow's timeout, or its linger, is over at a time.
     *
     * @param clamp whether a last packet that is later than now (the clock was set back) is moved
     *     to now, so that the flow expires one timeout later
     */
    public boolean isExpired(long at, long bits, long now, boolean clamp) {
        long last = table.lastSeen(at);
        long limit = limitNanos(at, bits);
        if (last > now) {
            if (clamp && limit != Timeouts.NEVER) {
                clamp(at, now);
            }
            return false;
        }
        return now - last >= limit;
    }

    private void clamp(long at, long now) {
        for (int side = 0; side < 2; side++) {
            long last = memory.get(LONG, at + LAST + 8L * side);
            memory.set(LONG, at + LAST + 8L * side, Math.min(last, now));
        }
    }

    private long limitNanos(long at, long bits) {
        return FlowBits.state(bits) >= FIRST_LINGERING && (bits & FlowBits.TCP) != 0
                ? lingerNanos
                : timeouts.nanos((int) (memory.get(LONG, at + HISTORY) >>> TIMEOUT_SHIFT));
    }
}
