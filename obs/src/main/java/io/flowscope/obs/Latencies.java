package io.flowscope.obs;

import io.flowscope.tracker.LatencyHistogram;

import org.jspecify.annotations.Nullable;

/** A sum of {@link LatencyHistogram}s, as they are at the moment. Owner: whoever made it. */
final class Latencies {
    final long[] buckets = new long[LatencyHistogram.BUCKETS];
    long count;
    long sumNanos;
    long lastNanos;
    private long lastTimeNanos = Long.MIN_VALUE;

    /** Adds one; nothing if there is none. */
    Latencies add(@Nullable LatencyHistogram histogram) {
        if (histogram == null || histogram.count() == 0) {
            return this;
        }
        // The count is written last: read first, it is never more than the buckets hold.
        count += histogram.count();
        for (int i = 0; i < buckets.length; i++) {
            buckets[i] += histogram.bucket(i);
        }
        sumNanos += histogram.sumNanos();
        latest(histogram.lastNanos(), histogram.lastTimeNanos());
        return this;
    }

    Latencies add(@Nullable Latencies other) {
        if (other != null) {
            count += other.count;
            for (int i = 0; i < buckets.length; i++) {
                buckets[i] += other.buckets[i];
            }
            sumNanos += other.sumNanos;
            latest(other.lastNanos, other.lastTimeNanos);
        }
        return this;
    }

    private void latest(long nanos, long atNanos) {
        if (atNanos > lastTimeNanos) {
            lastNanos = nanos;
            lastTimeNanos = atNanos;
        }
    }

    /** Those longer than the last bucket's bound; samples that arrive meanwhile are left out. */
    long beyond() {
        long inside = 0;
        for (long bucket : buckets) {
            inside += bucket;
        }
        return Math.max(0, count - inside);
    }
}
