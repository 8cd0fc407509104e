package io.flowscope.tracker;

import io.flowscope.tracker.packet.DecodeOutcome;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * A tracker's counters. The tracker's thread adds to plain numbers; {@link #publish} copies them to
 * an array with release stores once per batch, and whoever reads from another thread does so with
 * acquire loads, which pair with them.
 */
@SuppressWarnings("EnumOrdinal") // places in an array that never leaves the process
final class Tally {
    static final int PACKETS = 0;
    static final int BYTES = 1;
    static final int UNMATCHED = 2;
    static final int UNMATCHED_BY_OUTCOME = 3;
    static final int LOST_FRAGMENTS = UNMATCHED_BY_OUTCOME + 6;
    static final int CREATED = LOST_FRAGMENTS + 1;
    static final int ENDED = CREATED + 3;
    static final int LIVE = ENDED + 8;
    static final int ANOMALIES = LIVE + 1;
    static final int CLOCK_STEPS = ANOMALIES + 8;
    static final int RESETS_IGNORED = CLOCK_STEPS + 1;
    static final int ICMP_ERRORS = RESETS_IGNORED + 1;
    static final int SKIPPED = ICMP_ERRORS + 1;
    static final int DUPLICATES = SKIPPED + 1;
    static final int SIZE = DUPLICATES + 1;

    long packets;
    long bytes;
    private final long[] values = new long[SIZE];
    private final AtomicLongArray published = new AtomicLongArray(SIZE);
    private boolean changed;

    static int created(Transport transport) {
        return CREATED + transport.ordinal();
    }

    static int ended(EndReason reason) {
        return ENDED + reason.ordinal();
    }

    static int anomalies(AnomalyKind kind) {
        return ANOMALIES + kind.ordinal();
    }

    static int unmatched(DecodeOutcome outcome) {
        return UNMATCHED_BY_OUTCOME + outcome.ordinal();
    }

    void add(int counter, long amount) {
        values[counter] += amount;
        changed = true;
    }

    long get(int counter) {
        return values[counter];
    }

    /** Packets without a flow; {@code cause} is {@link #unmatched} or {@link #LOST_FRAGMENTS}. */
    void addUnmatched(int cause, long amount) {
        add(UNMATCHED, amount);
        add(cause, amount);
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
