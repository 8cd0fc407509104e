package io.flowscope.cli.top;

import io.flowscope.cli.output.OutputFailure;

import org.jspecify.annotations.Nullable;

import java.io.IOException;

/**
 * Shows a run from a thread of its own, so that nothing that reads packets waits for a terminal.
 */
public abstract class Face implements AutoCloseable {
    final Watch watch;

    private final Runnable leave;
    private final Thread thread =
            Thread.ofPlatform().daemon().name("flowscope-screen").unstarted(this::work);
    private volatile @Nullable RuntimeException failure;
    private boolean shown;

    /**
     * @param leave ends the run
     */
    Face(Watch watch, Runnable leave) {
        this.watch = watch;
        this.leave = leave;
    }

    /** There is something to be seen: the first time, showing begins. */
    public final void show() {
        if (shown) {
            return;
        }
        shown = true;
        watch.begin();
        try {
            begin();
            thread.start();
        } catch (IOException e) {
            failed(new OutputFailure(e));
        }
    }

    /** Whether there was anything to be seen. */
    public final boolean isShown() {
        return shown;
    }

    /** What kept it from being shown, null if nothing did. */
    public final @Nullable RuntimeException failure() {
        return failure;
    }

    /** The thread that shows it first, before any frame. */
    abstract void begin() throws IOException;

    /**
     * Shows frames, on a thread of its own, until {@link #end}.
     *
     * @return whether the user wants to leave
     */
    abstract boolean run() throws IOException, InterruptedException;

    /** Any thread: {@link #run} is to return. */
    abstract void end();

    private void work() {
        try {
            if (run()) {
                leave.run();
            }
        } catch (IOException e) {
            failed(new OutputFailure(e));
        } catch (RuntimeException e) {
            failed(e);
        } catch (Error e) {
            // Such as no memory for a look at very many flows: the run ends as with any failure.
            failed(new IllegalStateException("no screen any more: " + e, e));
        } catch (InterruptedException nobodyDoes) {
            Thread.currentThread().interrupt();
        }
    }

    private void failed(RuntimeException why) {
        failure = why;
        leave.run();
    }

    /** Ends showing and waits for it. */
    @Override
    public void close() {
        end();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
