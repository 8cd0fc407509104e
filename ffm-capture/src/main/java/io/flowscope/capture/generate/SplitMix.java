package io.flowscope.capture.generate;

/**
 * Random numbers that are the same on every JVM: a counter stepped by the golden ratio, each value
 * put through a finishing mix of shifts and multiplications.
 */
final class SplitMix {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private long state;

    SplitMix(long seed) {
        state = seed;
    }

    long next() {
        state += GOLDEN;
        return mix(state);
    }

    /** Uniform from 0 to bound - 1. */
    int below(int bound) {
        return (int) (((next() >>> 32) * bound) >>> 32);
    }

    /** Uniform from low to high, both included. */
    int between(int low, int high) {
        return low + below(high - low + 1);
    }

    /** True for a share of all calls, given as {@link #threshold}. */
    boolean chance(long threshold) {
        return threshold != 0 && (next() >>> 32) < threshold;
    }

    /** A share from 0 to 1 as a number of 32 bits to compare with. */
    static long threshold(double share) {
        return (long) (share * 0x1p32);
    }

    /** Whether an item belongs to a share of all items, the same each time it is asked. */
    static boolean belongs(long hash, long threshold) {
        return (hash >>> 32) < threshold;
    }

    static long mix(long value) {
        long v = value;
        v = (v ^ (v >>> 30)) * 0xBF58476D1CE4E5B9L;
        v = (v ^ (v >>> 27)) * 0x94D049BB133111EBL;
        return v ^ (v >>> 31);
    }
}
