package io.flowscope.obs;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * A histogram that one tracker's thread counts into, for some nanoseconds a sample: plain numbers,
 * written with release stores, read by any thread with acquire loads.
 *
 * <p>The largest sample is handed over once. It alone has two who write, so the tracker replaces it
 * in one step; that happens only as often as a sample is larger than all since it was last taken.
 */
final class Buckets {
    private static final long NONE = -1;

    private final long[] bounds;

    /** Samples by bucket, those beyond the last bound, and the sum of all samples. */
    private final AtomicLongArray values;

    private final AtomicLong most = new AtomicLong(NONE);

    /**
     * Empty buckets.
     *
     * @param bounds the largest sample of each bucket, ascending; not changed by anybody
     */
    Buckets(long[] bounds) {
        this.bounds = bounds;
        values = new AtomicLongArray(bounds.length + 2);
    }

    /** The tracker's thread: one more sample, at least 0. */
    void record(long sample) {
        int bucket = 0;
        for (long bound : bounds) {
            // Without a jump: which bucket it will be is not to be foreseen.
            bucket += (int) (bound - sample >>> Long.SIZE - 1);
        }
        add(bucket, 1);
        add(bounds.length + 1, sample);
        if (sample > most.getOpaque()) {
            most.accumulateAndGet(sample, Math::max);
        }
    }

    private void add(int place, long amount) {
        values.setRelease(place, values.getPlain(place) + amount);
    }

    /** Adds samples by bucket, those beyond, and the sum. */
    void addTo(long[] sums) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] += values.getAcquire(i);
        }
    }

    /** The largest sample since this was last called, negative if there was none. */
    long takeMost() {
        return most.getOpaque() == NONE ? NONE : most.getAndSet(NONE);
    }
}
