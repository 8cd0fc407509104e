package io.flowscope.cli.watch;

/**
 * How much {@link Totals} have grown in each of up to {@link #STEPS} equal steps of time. Of a live
 * capture the oldest steps go; of files, whose length nobody knows before, two steps become one, so
 * that the whole stays. Any thread may call.
 */
public final class Timeline {
    static final int STEPS = 300;

    private final boolean sliding;
    private final long[][] steps = new long[STEPS][];
    private long[] last = new long[Totals.COUNT];
    private boolean begun;
    private long beginNanos;
    private long stepNanos;
    private int length;

    /**
     * @param sliding keeps the latest steps instead of all of the time
     * @param stepNanos of a step, at first
     */
    Timeline(boolean sliding, long stepNanos) {
        this.sliding = sliding;
        this.stepNanos = stepNanos;
    }

    /**
     * What has come since the last time belongs to the step that this time is in.
     *
     * @param totals so far; not kept
     */
    synchronized void add(long nanos, long[] totals) {
        if (!begun) {
            begun = true;
            beginNanos = nanos - Math.floorMod(nanos, stepNanos);
        }
        // Time that was set back leaves what comes meanwhile in the latest step.
        int step = Math.max(index(nanos), length - 1);
        while (length <= step) {
            steps[length++] = new long[Totals.COUNT];
        }
        for (int i = 0; i < Totals.COUNT; i++) {
            steps[step][i] += totals[i] - last[i];
        }
        last = totals.clone();
    }

    private int index(long nanos) {
        long step = Math.floorDiv(nanos - beginNanos, stepNanos);
        if (sliding && step >= STEPS) {
            int gone = (int) Math.min(length, step - STEPS + 1);
            System.arraycopy(steps, gone, steps, 0, length - gone);
            length -= gone;
            beginNanos += (step - STEPS + 1) * stepNanos;
            return STEPS - 1;
        }
        while (step >= STEPS) {
            halve();
            step = Math.floorDiv(nanos - beginNanos, stepNanos);
        }
        return (int) Math.max(0, step);
    }

    /** Two steps become one. */
    private void halve() {
        for (int i = 0; i < length; i++) {
            if (i % 2 == 0) {
                steps[i / 2] = steps[i];
            } else {
                for (int n = 0; n < Totals.COUNT; n++) {
                    steps[i / 2][n] += steps[i][n];
                }
            }
        }
        length = (length + 1) / 2;
        stepNanos *= 2;
    }

    /**
     * The steps as they are.
     *
     * @param beginNanos when the first one begins
     * @param stepNanos how long each is
     * @param steps by step, then as {@link Totals} says
     */
    @SuppressWarnings("ArrayRecordComponent") // a copy on its way out, not a value to compare
    public record View(long beginNanos, long stepNanos, long[][] steps) {}

    /** A copy of them. */
    public synchronized View view() {
        long[][] copy = new long[length][];
        for (int i = 0; i < length; i++) {
            copy[i] = steps[i].clone();
        }
        return new View(beginNanos, stepNanos, copy);
    }

    /** How long a step is by now. */
    synchronized long stepNanos() {
        return stepNanos;
    }
}
