package io.flowscope.obs;

import io.flowscope.tracker.Transport;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Counts flows from one team to another: the first N pairs on their own, the rest together. A hash
 * table without locks that only ever grows, written by trackers' threads, read by any.
 *
 * <p>A key, once there, stays; its counts begin at 0 and are added to atomically.
 */
final class TeamPairs {
    private static final int TRANSPORTS = Transport.values().length;
    private static final long PRESENT = 1L << 63;

    private final int most;
    private final int mask;
    private final AtomicLongArray keys;
    private final AtomicLongArray counts;
    private final AtomicLongArray otherCounts = new AtomicLongArray(TRANSPORTS);
    private final AtomicInteger size = new AtomicInteger();

    TeamPairs(int most) {
        this.most = most;
        int places = Integer.highestOneBit(Math.max(8, most)) << 2;
        mask = places - 1;
        keys = new AtomicLongArray(places);
        counts = new AtomicLongArray(places * TRANSPORTS);
    }

    /** A flow has started. */
    void add(int fromTeam, int toTeam, int transport) {
        boolean others = fromTeam == LabelLimiter.OTHER && toTeam == LabelLimiter.OTHER;
        int place = others ? -1 : place(PRESENT | (long) fromTeam << 16 | toTeam);
        if (place < 0) {
            otherCounts.getAndIncrement(transport);
        } else {
            counts.getAndIncrement(place * TRANSPORTS + transport);
        }
    }

    /** Where a key is or is put; -1 if there is no more room. */
    private int place(long key) {
        int at = (int) (key * 0x9e3779b97f4a7c15L >>> 32) & mask;
        while (true) {
            long there = keys.getAcquire(at);
            if (there == key) {
                return at;
            }
            if (there == 0) {
                if (size.get() >= most) {
                    return -1;
                }
                if (keys.compareAndSet(at, 0, key)) {
                    size.incrementAndGet();
                    return at;
                }
            } else {
                at = at + 1 & mask;
            }
        }
    }

    /** Takes what is counted of one pair. */
    interface Visitor {
        /** A pair of teams that has a place of its own. */
        void pair(int place, int fromTeam, int toTeam);
    }

    /** Shows all pairs. */
    void forEach(Visitor visitor) {
        for (int place = 0; place <= mask; place++) {
            long key = keys.getAcquire(place);
            if (key != 0) {
                visitor.pair(place, (int) (key >>> 16) & 0xffff, (int) key & 0xffff);
            }
        }
    }

    /** Flows of a pair. */
    long count(int place, int transport) {
        return counts.getAcquire(place * TRANSPORTS + transport);
    }

    /** Flows of all pairs without a place, those between teams without a name among them. */
    long otherCount(int transport) {
        return otherCounts.getAcquire(transport);
    }
}
