package io.flowscope.capture;

import java.util.concurrent.locks.LockSupport;

/**
 * Says when the next frame is due. What is late is sent at once, but never more than a tenth of a
 * second's worth: a pause is not made up for by a burst.
 */
final class Pacer {
    private static final long MAX_ARREARS_NANOS = 100_000_000;

    /** Below this, sleeping would oversleep. */
    private static final long SPIN_NANOS = 80_000;

    private static final long LONGEST_SLEEP_NANOS = 20_000_000;

    private final double nanosPerPacket;
    private final double nanosPerByte;
    private double dueNanos;

    Pacer(double packetsPerSecond, double bitsPerSecond) {
        nanosPerPacket = packetsPerSecond > 0 ? 1e9 / packetsPerSecond : 0;
        nanosPerByte = bitsPerSecond > 0 ? 8e9 / bitsPerSecond : 0;
    }

    boolean isUnlimited() {
        return nanosPerPacket == 0 && nanosPerByte == 0;
    }

    /** Nanoseconds from now until a frame of this length may go; it is taken as sent. */
    long take(int lengthBytes, long nowNanos) {
        if (dueNanos == 0 || dueNanos < nowNanos - MAX_ARREARS_NANOS) {
            dueNanos = nowNanos;
        }
        long wait = (long) dueNanos - nowNanos;
        dueNanos += Math.max(nanosPerPacket, nanosPerByte * lengthBytes);
        return Math.max(0, wait);
    }

    /** Waits one step towards a moment; the caller looks whether it is to stop, and comes again. */
    static void approach(long momentNanos) {
        long left = momentNanos - System.nanoTime();
        if (left > SPIN_NANOS) {
            LockSupport.parkNanos(Math.min(left - SPIN_NANOS / 2, LONGEST_SLEEP_NANOS));
        } else {
            Thread.onSpinWait();
        }
    }
}
