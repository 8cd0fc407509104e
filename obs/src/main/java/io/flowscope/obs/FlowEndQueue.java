package io.flowscope.obs;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.TimeUnit;

/**
 * Numbers of flows that have ended, on their way from a tracker's thread to the meters: a meter
 * with a histogram takes some 60 ns, three of them per flow, most of it to ask for the time.
 *
 * <ol>
 *   <li>One thread offers and never waits; one at a time drains.
 *   <li>An entry is written before {@link #written} is released, and read after it was acquired.
 *   <li>A place is reused after {@link #taken} was released by the reader, and acquired.
 *   <li>A queue that is half full wakes whoever drains.
 *   <li>A full queue refuses: whoever offered goes to the meters itself, and nothing is lost.
 * </ol>
 */
final class FlowEndQueue {
    static final int ENTRIES = 1 << 14;

    private static final int WORDS = 4;
    private static final int KIND = 3;
    private static final int FLOW = 0;
    private static final VarHandle WRITTEN;
    private static final VarHandle TAKEN;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            WRITTEN = lookup.findVarHandle(FlowEndQueue.class, "written", long.class);
            TAKEN = lookup.findVarHandle(FlowEndQueue.class, "taken", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final long[] words = new long[ENTRIES * WORDS];
    private final Runnable wake;

    @SuppressWarnings("UnusedVariable") // through its handle
    private volatile long written;

    @SuppressWarnings("UnusedVariable") // through its handle
    private volatile long taken;

    /** The tracker's thread's last look at {@link #taken}. */
    private long takenBefore;

    /**
     * A queue.
     *
     * @param wake called on the tracker's thread when there is much to drain; must not wait
     */
    FlowEndQueue(Runnable wake) {
        this.wake = wake;
    }

    /** Where the numbers go. */
    interface Meters {
        /** A flow has ended. */
        void flow(long durationNanos, long packets, long bytes);

        /** A side of a flow was reassembled. */
        void highWatermark(int side, long bytes);
    }

    /** Tracker's thread: false if the queue is full. */
    boolean flow(long durationNanos, long packets, long bytes) {
        return offer(FLOW, durationNanos, packets, bytes);
    }

    /** Tracker's thread: false if the queue is full. */
    boolean highWatermark(int side, long bytes) {
        return offer(1 + side, bytes, 0, 0);
    }

    private boolean offer(int kind, long a, long b, long c) {
        long at = (long) WRITTEN.get(this);
        if (at - takenBefore == ENTRIES) {
            takenBefore = (long) TAKEN.getAcquire(this);
            if (at - takenBefore == ENTRIES) {
                return false;
            }
        }
        int word = (int) (at & ENTRIES - 1) * WORDS;
        words[word] = a;
        words[word + 1] = b;
        words[word + 2] = c;
        words[word + KIND] = kind;
        WRITTEN.setRelease(this, at + 1);
        if ((at & ENTRIES / 2 - 1) == 0 && at - (long) TAKEN.getAcquire(this) >= ENTRIES / 2) {
            wake.run();
        }
        return true;
    }

    /** Any thread, one at a time: hands over what is there. */
    synchronized void drain(Meters to) {
        long end = (long) WRITTEN.getAcquire(this);
        for (long at = (long) TAKEN.get(this); at < end; at++) {
            int word = (int) (at & ENTRIES - 1) * WORDS;
            if (words[word + KIND] == FLOW) {
                to.flow(words[word], words[word + 1], words[word + 2]);
            } else {
                to.highWatermark((int) words[word + KIND] - 1, words[word]);
            }
            TAKEN.setRelease(this, at + 1);
        }
    }

    /** How long an entry waits at most while somebody drains regularly. */
    static final long DRAIN_MILLIS = TimeUnit.SECONDS.toMillis(1);
}
