package io.flowscope.tracker;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * A tracker's counters. The tracker's thread adds to plain numbers; {@link #publish} copies them to
 * an array with release stores once per batch, and whoever reads from another thread does so with
 * acquire loads, which pair with them.
 */
final class Tally {
    static final int PACKETS = 0;
    static final int BYTES = 1;
    static final int UNMATCHED = 2;
    static final int UNMATCHED_BY_OUTCOME = 3;
    static final int OUTCOMES = 7;
    static final int CREATED = UNMATCHED_BY_OUTCOME + OUTCOMES;
    static final int ENDED = CREATED + 3;
    static final int LIVE = ENDED + 8;
    static final int ANOMALIES = LIVE + 1;
    static final int CLOCK_STEPS = ANOMALIES + 8;
    static final int RESETS_IGNORED = CLOCK_STEPS + 1;
    static final int ICMP_ERRORS = RESETS_IGNORED + 1;
    static final int SKIPPED = ICMP_ERRORS + 1;
    static final int SIZE = SKIPPED + 1;

    /** Place among the outcomes for a matched packet to which the extractor gave no key. */
    static final int NO_KEY = 0;

    /** Place among the outcomes for fragments whose first one did not come. */
    static final int LOST_FRAGMENT = OUTCOMES - 1;

    long packets;
    long bytes;
    private final long[] values = new long[SIZE];
    private final AtomicLongArray published = new AtomicLongArray(SIZE);
    private boolean changed;

    void add(int counter, long amount) {
        values[counter] += amount;
        changed = true;
    }

    void unmatched(int outcome, long amount) {
        add(UNMATCHED, amount);
        add(UNMATCHED_BY_OUTCOME + outcome, amount);
    }

    /** Makes the counts so far visible to other threads. */
    void publish() {
        published.setRelease(BYTES, bytes);
        if (changed) {
            publishRare();
        }
        published.setRelease(PACKETS, packets);
    }

    private void publishRare() {
        changed = false;
        for (int i = UNMATCHED; i < SIZE; i++) {
            published.setRelease(i, values[i]);
        }
    }

    /** Any thread: what was last published. */
    TrackerCounters read() {
        long[] copy = new long[SIZE];
        for (int i = 0; i < SIZE; i++) {
            copy[i] = published.getAcquire(i);
        }
        return new TrackerCounters(copy);
    }
}
