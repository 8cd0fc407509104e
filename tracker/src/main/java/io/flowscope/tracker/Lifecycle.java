package io.flowscope.tracker;

import org.jspecify.annotations.Nullable;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * Who is inside a tracker, and who frees its memory.
 *
 * <ol>
 *   <li>Entering and leaving cost a plain store each; there is no lock and no fence on the packets'
 *       path.
 *   <li>Whoever closes from another thread marks the tracker closed, waits long enough for the
 *       other thread's last store to become visible, and then as long as it is inside, at most 100
 *       ms. If it leaves, the closer frees; if not, it frees when it leaves. Exactly one does.
 *   <li>Should a thread enter unseen in spite of this, it meets a closed arena: every access to it
 *       then throws IllegalStateException. Nothing reads freed memory.
 * </ol>
 */
final class Lifecycle {
    private static final long VISIBLE_NANOS = 1_000_000;
    private static final long PATIENCE_NANOS = 100_000_000;
    private static final long PAUSE_NANOS = 100_000;
    private static final VarHandle INSIDE;

    static {
        try {
            INSIDE = MethodHandles.lookup().findVarHandle(Lifecycle.class, "inside", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Runnable free;
    private final AtomicBoolean closing = new AtomicBoolean();
    private final AtomicBoolean freed = new AtomicBoolean();
    private volatile boolean closed;
    private boolean inside;

    /** The thread that uses the tracker; written by it alone, read by a closer. */
    private volatile @Nullable Thread user;

    Lifecycle(Runnable free) {
        this.free = free;
    }

    boolean isClosed() {
        return closed;
    }

    /** The tracker's thread: begins to use the memory. */
    void enter() {
        if (inside) {
            throw new IllegalStateException("a listener must not call its tracker");
        }
        inside = true;
        if (user == null) {
            user = Thread.currentThread();
        }
    }

    /** The tracker's thread: no longer uses the memory. */
    void leave() {
        INSIDE.setRelease(this, false);
        if (closed) {
            freeOnce();
        }
    }

    void close(Runnable finish) {
        if (!closing.compareAndSet(false, true)) {
            return;
        }
        boolean own = user == null || Thread.currentThread().equals(user);
        if (own && inside) {
            closed = true;
        } else if (own) {
            inside = true;
            try {
                finish.run();
            } finally {
                closed = true;
                leave();
            }
        } else {
            closed = true;
            if (hasLeft()) {
                freeOnce();
            }
        }
    }

    private boolean hasLeft() {
        LockSupport.parkNanos(VISIBLE_NANOS);
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while ((boolean) INSIDE.getAcquire(this)) {
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        return true;
    }

    private void freeOnce() {
        if (freed.compareAndSet(false, true)) {
            free.run();
        }
    }
}
