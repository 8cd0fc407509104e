package io.flowscope.obs.server;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Token buckets by caller, at most {@link #CALLERS} of them: the one not asked for longest is
 * forgotten first, which gives it a full bucket again, never an empty one.
 */
final class RateLimit {
    static final int CALLERS = 4096;

    private final double perSecond;
    private final double burst;
    private final Map<Object, Bucket> buckets =
            new LinkedHashMap<>(64, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<Object, Bucket> eldest) {
                    return size() > CALLERS;
                }
            };

    RateLimit(double perSecond, double burst) {
        this.perSecond = perSecond;
        this.burst = burst;
    }

    /** Takes a token of this caller's; false if there is none left. */
    synchronized boolean admit(Object caller, long nowNanos) {
        Bucket bucket = buckets.computeIfAbsent(caller, c -> new Bucket(burst, nowNanos));
        double refill = Math.max(0, nowNanos - bucket.atNanos) * 1e-9 * perSecond;
        bucket.tokens = Math.min(burst, bucket.tokens + refill);
        bucket.atNanos = nowNanos;
        if (bucket.tokens < 1) {
            return false;
        }
        bucket.tokens--;
        return true;
    }

    /** Whole seconds until a caller who was refused may come again. */
    int retryAfterSeconds() {
        return Math.max(1, (int) Math.ceil(1 / perSecond));
    }

    private static final class Bucket {
        double tokens;
        long atNanos;

        Bucket(double tokens, long atNanos) {
            this.tokens = tokens;
            this.atNanos = atNanos;
        }
    }
}
