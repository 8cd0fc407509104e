package io.flowscope.capture;

/**
 * A count of 32 bits that begins at 0 and wraps, made one of 64 that does not. It must be read
 * before it has gone on by 2^31. A step back, as when an interface is replaced by a new one of its
 * name, counts as nothing. For one thread at a time.
 */
final class WideCount {
    private int last;
    private long sum;

    /** The sum, now that the count stands here. */
    long at(int now) {
        sum += Math.max(now - last, 0);
        last = now;
        return sum;
    }
}
