package io.flowscope.obs.process;

import io.flowscope.tracker.FlowView;
import io.flowscope.tracker.Side;
import io.flowscope.tracker.TrackerMeasurements;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Flows of one tracker whose owner is to be found: a ring of plain numbers from the tracker's
 * thread to the one that looks up. The tracker's thread neither waits nor allocates; when the ring
 * is full the flow stays unknown.
 *
 * <pre>
 *   entry, 8 longs: | slot | started | ip version, protocol | local 2 | remote 2 | ports |
 * </pre>
 *
 * <p>{@link #written} is released behind an entry and acquired before it is read; {@link #taken}
 * the other way round.
 */
public final class FlowRequests {
    static final int ENTRIES = 8192;

    private static final int WORDS = 8;

    final TrackerMeasurements measurements;
    private final long[] words = new long[ENTRIES * WORDS];
    private final AtomicLong written = new AtomicLong();
    private final AtomicLong taken = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();

    FlowRequests(TrackerMeasurements measurements) {
        this.measurements = measurements;
    }

    /** Tracker's thread: asks for a flow whose one side is this host's. */
    public void ask(FlowView flow, Side local) {
        long at = written.getPlain();
        if (at - taken.getAcquire() == ENTRIES) {
            refused.setRelease(refused.getPlain() + 1);
            return;
        }
        Side remote = local == Side.INITIATOR ? Side.RESPONDER : Side.INITIATOR;
        int word = (int) (at & ENTRIES - 1) * WORDS;
        words[word] = flow.slot();
        words[word + 1] = flow.startedNanos();
        words[word + 2] = (long) flow.ipVersion() << 8 | flow.protocol();
        words[word + 3] = flow.addressHigh(local);
        words[word + 4] = flow.addressLow(local);
        words[word + 5] = flow.addressHigh(remote);
        words[word + 6] = flow.addressLow(remote);
        words[word + 7] = (long) flow.port(local) << 16 | flow.port(remote);
        written.setRelease(at + 1);
    }

    /** Flows that were not asked for because the ring was full. */
    long refused() {
        return refused.getAcquire();
    }

    /** The other thread: copies the oldest entry out; false if there is none. */
    boolean take(long[] entry) {
        long at = taken.getPlain();
        if (at == written.getAcquire()) {
            return false;
        }
        System.arraycopy(words, (int) (at & ENTRIES - 1) * WORDS, entry, 0, WORDS);
        taken.setRelease(at + 1);
        return true;
    }
}
