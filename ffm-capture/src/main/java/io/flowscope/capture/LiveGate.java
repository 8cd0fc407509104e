package io.flowscope.capture;

import org.jspecify.annotations.Nullable;

/**
 * Lets one thread read what any thread may stop or close.
 *
 * <ol>
 *   <li>At most one reader is inside; a second one is refused.
 *   <li>The release runs once, when the gate is closed and nobody is inside: by whoever closes, or
 *       by the reader when it leaves.
 *   <li>The wake-up runs only before the release, and never at the same time.
 *   <li>Closing waits for the reader for {@value #CLOSE_WAIT_MILLIS} ms at most, and not at all if
 *       the reader itself closes.
 *   <li>A stop is for good: whoever enters after it leaves again without having read anything. So
 *       it does not matter whether it comes before, in or after a reading.
 * </ol>
 */
final class LiveGate {
    private static final int CLOSE_WAIT_MILLIS = 100;

    private final Object lock = new Object();
    private final Runnable wakeUp;
    private final Runnable release;

    private volatile boolean stopping;
    private boolean closed;
    private boolean released;
    private @Nullable Thread reader;

    /**
     * @param wakeUp makes a sleeping reader look at {@link #isStopping()}
     * @param release frees what the reader uses
     */
    LiveGate(Runnable wakeUp, Runnable release) {
        this.wakeUp = wakeUp;
        this.release = release;
    }

    /** Whether the reader is to leave soon. */
    boolean isStopping() {
        return stopping;
    }

    boolean isClosed() {
        synchronized (lock) {
            return closed;
        }
    }

    /** Begins to read; {@link #leave()} must follow. */
    void enter() {
        synchronized (lock) {
            if (closed) {
                throw new IllegalStateException("closed");
            }
            if (reader != null) {
                throw new IllegalStateException("already read by thread " + reader.getName());
            }
            reader = Thread.currentThread();
        }
    }

    void leave() {
        synchronized (lock) {
            reader = null;
            releaseIfUnused();
            lock.notifyAll();
        }
    }

    void stop() {
        synchronized (lock) {
            stopping = true;
            if (!released) {
                wakeUp.run();
            }
        }
    }

    void close() {
        synchronized (lock) {
            closed = true;
            stopping = true;
            if (!released) {
                wakeUp.run();
            }
            releaseIfUnused();
            boolean byReader =
                    reader != null && reader.threadId() == Thread.currentThread().threadId();
            if (!byReader) {
                await();
            }
        }
    }

    private void await() {
        long deadline = System.nanoTime() + CLOSE_WAIT_MILLIS * 1_000_000L;
        boolean interrupted = false;
        while (!released) {
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                break;
            }
            try {
                lock.wait(left);
            } catch (InterruptedException closingGoesOn) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void releaseIfUnused() {
        if (closed && !released && reader == null) {
            released = true;
            release.run();
        }
    }
}
