package io.flowscope.cli;

import io.flowscope.capture.BatchHandler;
import io.flowscope.capture.CaptureException;
import io.flowscope.capture.PacketSource;
import io.flowscope.tracker.FlowTracker;
import io.flowscope.tracker.TrackerCounters;
import io.flowscope.tracker.packet.DecodeOutcome;

import org.jspecify.annotations.Nullable;

/** A source's packets through a tracker, to the end of both. */
final class Tracking {
    private Tracking() {}

    /**
     * Tracks all packets and ends all flows, though the source be damaged.
     *
     * @return what is wrong with the source, null if nothing is
     */
    static @Nullable CaptureException track(
            PacketSource packets, FlowTracker tracker, Stdio stdio) {
        return track(packets, tracker::trackBatch, tracker, stdio);
    }

    /** Likewise, the packets going to the tracker through a handler of the caller's. */
    static @Nullable CaptureException track(
            PacketSource packets, BatchHandler handler, FlowTracker tracker, Stdio stdio) {
        CaptureException damage = null;
        try {
            LiveSource.read(packets, handler, idle -> pulse(tracker, stdio, idle));
        } catch (CaptureException e) {
            damage = e;
        }
        tracker.finish();
        return damage;
    }

    /** Results of a live capture are seen soon, and flows end though no packet comes. */
    private static void pulse(FlowTracker tracker, Stdio stdio, boolean idle) {
        if (idle) {
            tracker.sweep(LiveSource.settledNanos());
        }
        stdio.out.flush();
    }

    /** An input of which not one packet could be decoded is a failure. */
    static void checkLinkTypes(@Nullable String name, TrackerCounters counters) {
        if (counters.packets() > 0
                && counters.unmatched(DecodeOutcome.UNSUPPORTED_LINK_TYPE) == counters.packets()) {
            throw new CommandFailure(
                    (name == null ? "the capture" : name)
                            + " has packets of unsupported link types only");
        }
    }
}
