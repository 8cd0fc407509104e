package io.flowscope.cli;

import io.flowscope.cli.output.ByteSink;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ctrl-C and SIGTERM: work that can be stopped is asked to stop, and the process lives on until its
 * results are out; the JVM then ends it with 128 + signal. Work that cannot be stopped ends at
 * once.
 *
 * <p>While results flow, the process waits; after {@link #PATIENCE_SECONDS} without a byte written
 * it goes, so that a reader who never reads does not keep it alive.
 */
final class Interruption {
    private static final int PATIENCE_SECONDS = 10;

    private final CountDownLatch finished = new CountDownLatch(1);
    private @Nullable Runnable stop;
    private boolean interrupted;

    /** Takes part in the end of the process from now on. */
    void install(ByteSink out) {
        Thread hook = new Thread(() -> onShutdown(out), "flowscope-interrupt");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /**
     * How the work now running is stopped; called from another thread. Runs at once if the user has
     * interrupted already. Null: nothing runs that could be stopped.
     */
    synchronized void onInterrupt(@Nullable Runnable action) {
        stop = action;
        if (interrupted && action != null) {
            action.run();
        }
    }

    /** The user wants to leave by another way than a signal: likewise, and the process goes on. */
    synchronized void leave() {
        interrupted = true;
        if (stop != null) {
            stop.run();
        }
    }

    /** The user has interrupted: finish what is there and begin nothing new. */
    synchronized boolean isInterrupted() {
        return interrupted;
    }

    /** All results are out. */
    void finished() {
        finished.countDown();
    }

    private void onShutdown(ByteSink out) {
        synchronized (this) {
            if (finished.getCount() == 0 || stop == null) {
                return;
            }
            interrupted = true;
            stop.run();
        }
        try {
            long before = -1;
            while (!finished.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                long now = out.bytesWritten();
                if (now == before) {
                    return;
                }
                before = now;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
