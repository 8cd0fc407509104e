package io.flowscope.tracker;

/**
 * Packet time. It is the largest time so far; a packet that is a little late is taken as now, and
 * one more than {@link #STEP_NANOS} behind sets the time back to its own.
 */
final class Clock {
    /** How far back a packet's time must be for the clock to be set back. */
    static final long STEP_NANOS = 60_000_000_000L;

    /** Times are kept in a range in which sums of them do not overflow: 1970 to 2116. */
    private static final long LATEST = 1L << 62;

    private final Tally tally;
    private long now = Long.MIN_VALUE;

    Clock(Tally tally) {
        this.tally = tally;
    }

    /** The time of a packet. */
    long advance(long timestamp) {
        long time = Math.max(0, Math.min(timestamp, LATEST));
        if (time >= now) {
            now = time;
        } else if (now - time > STEP_NANOS) {
            now = time;
            tally.add(Tally.CLOCK_STEPS, 1);
        }
        return now;
    }

    /** The time of the last packet; 0 before the first. */
    long now() {
        return Math.max(0, now);
    }
}
