package io.flowscope.tracker;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Latencies of one kind and one owner, in buckets that double: bucket n holds what is at most 0.1
 * ms × 2ⁿ and more than the bucket before.
 *
 * <p>One thread writes; any thread reads. A sample's bucket is written last: a reader who sees it
 * counted sees it in the sum as well.
 */
public final class LatencyHistogram {
    /** How many buckets there are; a longer latency is in none of them. */
    public static final int BUCKETS = 20;

    private static final long FIRST_BOUND_NANOS = 100_000;

    /** Behind the buckets, in their order: what is longer than the last one's bound. */
    private static final int BEYOND = BUCKETS;

    private static final int SUM = BUCKETS + 1;
    private static final int LAST = BUCKETS + 2;
    private static final int LAST_TIME = BUCKETS + 3;

    private final AtomicLongArray values = new AtomicLongArray(LAST_TIME + 1);

    /** Without any latency yet. */
    public LatencyHistogram() {}

    /** The upper bound of a bucket in nanoseconds. */
    public static long boundNanos(int bucket) {
        return FIRST_BOUND_NANOS << bucket;
    }

    /**
     * The one writing thread: another latency.
     *
     * @param nanos how long it was; a negative one counts as 0
     * @param now when it was measured
     */
    public void record(long nanos, long now) {
        long latency = Math.max(0, nanos);
        int bucket =
                Long.SIZE
                        - Long.numberOfLeadingZeros((Math.max(1, latency) - 1) / FIRST_BOUND_NANOS);
        add(SUM, latency);
        values.setRelease(LAST, latency);
        values.setRelease(LAST_TIME, now);
        add(Math.min(bucket, BEYOND), 1);
    }

    private void add(int place, long amount) {
        values.setRelease(place, values.getPlain(place) + amount);
    }

    /** How many latencies were recorded. */
    public long count() {
        long count = 0;
        for (int i = 0; i <= BEYOND; i++) {
            count += values.getAcquire(i);
        }
        return count;
    }

    /** How many of them are in a bucket. */
    public long bucket(int bucket) {
        return values.getAcquire(Objects.checkIndex(bucket, BUCKETS));
    }

    /** Their sum in nanoseconds. */
    public long sumNanos() {
        return values.getAcquire(SUM);
    }

    /** The latest of them in nanoseconds, 0 if there is none. */
    public long lastNanos() {
        return values.getAcquire(LAST);
    }

    /** When that was, in packet time. */
    public long lastTimeNanos() {
        return values.getAcquire(LAST_TIME);
    }
}
