package io.flowscope.tracker.table;

import java.util.Arrays;

/**
 * The idle timeouts in use, numbered, so that a record holds 11 bits instead of 64. Exact to the
 * nanosecond for the first 2048 different ones; a further one gets the number of the nearest longer
 * that is there, or of the longest.
 */
public final class Timeouts {
    /** No timeout. */
    public static final long NEVER = Long.MAX_VALUE;

    private static final int LIMIT = 1 << 11;

    private long[] nanos = new long[8];
    private int count;
    private long briefest = NEVER;

    /** With no timeout numbered yet. */
    public Timeouts() {}

    /** The timeout with a number. */
    public long nanos(int number) {
        return nanos[number];
    }

    /** The shortest of all: a flow seen more lately than that is not idle, whatever its own is. */
    public long briefestNanos() {
        return briefest;
    }

    /** The number of a timeout; out of the packet's path unless a user chooses per flow. */
    public int numberOf(long timeoutNanos) {
        for (int i = 0; i < Math.min(count, 16); i++) {
            if (nanos[i] == timeoutNanos) {
                return i;
            }
        }
        return search(timeoutNanos);
    }

    private int search(long timeoutNanos) {
        int nearest = -1;
        int longest = 0;
        for (int i = 0; i < count; i++) {
            long each = nanos[i];
            if (each == timeoutNanos) {
                return i;
            }
            if (each > timeoutNanos && (nearest < 0 || each < nanos[nearest])) {
                nearest = i;
            }
            if (each > nanos[longest]) {
                longest = i;
            }
        }
        if (count == LIMIT) {
            return nearest < 0 ? longest : nearest;
        }
        if (count == nanos.length) {
            nanos = Arrays.copyOf(nanos, count * 2);
        }
        nanos[count] = timeoutNanos;
        briefest = Math.min(briefest, timeoutNanos);
        return count++;
    }
}
