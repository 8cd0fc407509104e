package io.flowscope.capture;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets one thread read and any thread stop or close, so that memory goes only after the reader.
 *
 * <ol>
 *   <li>What {@code release} frees is used between {@link #enter} and {@link #leave} only.
 *   <li>{@code release} runs once: by {@link #close} if nobody is inside, else by the reader in
 *       {@link #leave}.
 *   <li>{@link #close} waits for the reader, but no longer than {@value #WAIT_MILLIS} ms, and not
 *       at all if it is the reader that closes.
 *   <li>{@code wake} runs after {@link #isStopped} became true, so a reader that looks before it
 *       waits is never missed.
 * </ol>
 */
final class ReaderGate {
    static final int WAIT_MILLIS = 100;

    private final String name;
    private final Runnable wake;
    private final Runnable release;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition left = lock.newCondition();

    /** Guarded by the lock. */
    private @Nullable Thread reader;

    private boolean closed;
    private boolean released;

    /** Read by the reader once per batch. */
    private volatile boolean stopped;

    /**
     * Guards a source.
     *
     * @param name for messages
     * @param wake makes a waiting reader return; called from any thread, more than once
     * @param release frees what the source holds
     */
    ReaderGate(String name, Runnable wake, Runnable release) {
        this.name = name;
        this.wake = wake;
        this.release = release;
    }

    /** The calling thread reads from here on. */
    void enter() {
        lock.lock();
        try {
            if (closed) {
                throw new IllegalStateException(name + " is closed");
            }
            if (reader != null) {
                throw new IllegalStateException(
                        name
                                + " is being read "
                                + (reader.equals(Thread.currentThread())
                                        ? "by this thread already"
                                        : "by " + reader.getName()));
            }
            reader = Thread.currentThread();
        } finally {
            lock.unlock();
        }
    }

    /** The reader is done, and frees everything if the source was closed meanwhile. */
    void leave() {
        boolean last;
        lock.lock();
        try {
            reader = null;
            last = takeRelease();
        } finally {
            lock.unlock();
        }
        if (last) {
            release.run();
        }
        lock.lock();
        try {
            left.signalAll();
        } finally {
            lock.unlock();
        }
    }

    boolean isStopped() {
        return stopped;
    }

    void stop() {
        stopped = true;
        lock.lock();
        try {
            if (released) {
                return;
            }
        } finally {
            lock.unlock();
        }
        wake.run();
    }

    void close() {
        stopped = true;
        boolean last;
        boolean wait;
        lock.lock();
        try {
            closed = true;
            last = takeRelease();
            wait = reader != null && !reader.equals(Thread.currentThread());
        } finally {
            lock.unlock();
        }
        if (last) {
            release.run();
        } else if (wait) {
            wake.run();
            awaitReader();
        }
    }

    /** Whether it is the caller's turn to free everything. */
    private boolean takeRelease() {
        boolean mine = closed && !released && reader == null;
        released |= mine;
        return mine;
    }

    private void awaitReader() {
        long nanos = TimeUnit.MILLISECONDS.toNanos(WAIT_MILLIS);
        boolean interrupted = false;
        lock.lock();
        try {
            while (reader != null && nanos > 0) {
                try {
                    nanos = left.awaitNanos(nanos);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            lock.unlock();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
