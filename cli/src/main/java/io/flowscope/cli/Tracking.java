package io.flowscope.cli;

import io.flowscope.capture.BatchHandler;
import io.flowscope.capture.CaptureException;
import io.flowscope.capture.PacketSource;
import io.flowscope.tracker.ShardedTracker;
import io.flowscope.tracker.TrackerCounters;
import io.flowscope.tracker.packet.DecodeOutcome;

import org.jspecify.annotations.Nullable;

import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * The packets of inputs through trackers, as many as {@code --workers} says, and their results in
 * order to one place. One use per run of a command.
 */
final class Tracking {
    /** For putting datagrams together: some 250 of the largest at a time. */
    static final long FRAGMENT_BYTES = 16L << 20;

    private final int workers;
    private final Stdio stdio;
    private final Runnable settle;
    private final Summary summary = new Summary();
    private boolean begun;

    Tracking(int workers, Stdio stdio) {
        this(workers, stdio, () -> {});
    }

    /**
     * @param settle lets results reach the standard output that are held back until there are more
     */
    Tracking(int workers, Stdio stdio, Runnable settle) {
        this.workers = workers;
        this.stdio = stdio;
        this.settle = settle;
    }

    /** Whether there was any input. */
    boolean begun() {
        return begun;
    }

    /** What all inputs came to. */
    Summary summary() {
        return summary;
    }

    /**
     * Tracks all packets of one input and ends all flows, though the source be damaged.
     *
     * @param name the input's name if results must say it
     * @param results hears the results, in order
     * @param setup makes what one tracker is made of, given where its results go
     * @throws CaptureException if the source is damaged; what was read so far is tracked
     */
    <R> void track(
            @Nullable String name,
            PacketSource packets,
            Consumer<? super R> results,
            Function<Consumer<R>, ShardedTracker.Setup> setup) {
        track(name, packets, results, setup, Onlooker.NOBODY);
    }

    /** Somebody who wants to see an input's tracker at work. */
    interface Onlooker {
        /** Nobody. */
        Onlooker NOBODY = (tracker, packets) -> tracker::trackBatch;

        /**
         * An input begins.
         *
         * @return what its packets are given to
         */
        BatchHandler begins(ShardedTracker tracker, PacketSource packets);

        /** All its packets are tracked, and the tracker is about to be closed. */
        default void ends() {}
    }

    /** Likewise, before somebody's eyes. */
    <R> void track(
            @Nullable String name,
            PacketSource packets,
            Consumer<? super R> results,
            Function<Consumer<R>, ShardedTracker.Setup> setup,
            Onlooker onlooker) {
        begun = true;
        try (ShardedTracker tracker = ShardedTracker.collecting(workers, results, setup)) {
            CaptureException damage;
            try {
                damage = read(packets, onlooker.begins(tracker, packets), tracker);
            } finally {
                onlooker.ends();
            }
            summary.add(tracker.counters(), packets.statistics());
            if (damage != null) {
                throw damage;
            }
            checkLinkTypes(name, tracker.counters());
        }
    }

    /**
     * Says what all inputs came to, if there was any.
     *
     * @param output writes what comes after the last row
     * @param leftOut how many rows a table then had no room for
     * @param rows what these are called
     */
    void end(Runnable output, LongSupplier leftOut, String rows, Summary.Style style) {
        if (!begun) {
            return;
        }
        output.run();
        stdio.out.flush();
        if (leftOut.getAsLong() > 0) {
            stdio.say(leftOut.getAsLong() + " more " + rows + "; --top 0 shows all");
        }
        summary.print(stdio, style);
    }

    private @Nullable CaptureException read(
            PacketSource packets, BatchHandler handler, ShardedTracker tracker) {
        CaptureException damage = null;
        try {
            LiveSource.read(packets, handler, idle -> pulse(tracker, idle));
        } catch (CaptureException e) {
            damage = e;
        }
        tracker.finish();
        return damage;
    }

    /** Results of a live capture are seen soon, and flows end though no packet comes. */
    private void pulse(ShardedTracker tracker, boolean idle) {
        if (idle) {
            tracker.sweep(LiveSource.settledNanos());
        }
        settle.run();
        stdio.out.flush();
    }

    /** An input of which not one packet could be decoded is a failure. */
    private static void checkLinkTypes(@Nullable String name, TrackerCounters counters) {
        if (counters.packets() > 0
                && counters.unmatched(DecodeOutcome.UNSUPPORTED_LINK_TYPE) == counters.packets()) {
            throw new CommandFailure(
                    (name == null ? "the capture" : name)
                            + " has packets of unsupported link types only");
        }
    }
}
