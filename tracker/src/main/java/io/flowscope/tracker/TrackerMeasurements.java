package io.flowscope.tracker;

import org.jspecify.annotations.Nullable;

import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * What a tracker measures for its metrics hook, by owner: a small number that the hook gives to
 * each process, or whatever flows are attributed to. Owner 0 is unknown; every flow begins there.
 *
 * <p>All methods may be called from any thread. The tracker's thread alone writes, with release
 * stores; readers use acquire loads, which pair with them.
 */
public final class TrackerMeasurements {
    /** The largest number of an owner. */
    public static final int MOST_OWNERS = 4095;

    /** Attributions that wait for the tracker's next batch; further ones are refused. */
    public static final int MOST_WAITING = 1 << 16;

    private static final LatencyKind[] KINDS = LatencyKind.values();

    private final Tally tally;
    private final AtomicReferenceArray<@Nullable LatencyHistogram> latencies =
            new AtomicReferenceArray<>((MOST_OWNERS + 1) * KINDS.length);
    private final AtomicLongArray networkBytes = new AtomicLongArray(2 * (MOST_OWNERS + 1));

    /** The tracker's thread's: where it counted last, which is where it counts next more often. */
    private @Nullable LatencyHistogram lastHistogram;

    private int lastPlace;
    private final Queue<Attribution> attributions = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicLong lateAttributions = new AtomicLong();

    /** A flow, by record and start, and whose it is. */
    record Attribution(int slot, long startedNanos, int owner) {}

    TrackerMeasurements(Tally tally) {
        this.tally = tally;
    }

    /** What the tracker has counted, up to the end of its last batch. */
    public TrackerCounters counters() {
        return tally.read();
    }

    /** Latencies of a kind and an owner; null if there was none yet. */
    public @Nullable LatencyHistogram latencies(LatencyKind kind, int owner) {
        return latencies.getAcquire(place(kind, owner));
    }

    @SuppressWarnings("EnumOrdinal") // a place in an array that never leaves the process
    private static int place(LatencyKind kind, int owner) {
        return Objects.checkIndex(owner, MOST_OWNERS + 1) * KINDS.length + kind.ordinal();
    }

    /** Payload bytes that this host's owner has sent. */
    public long sentBytes(int owner) {
        return networkBytes.getAcquire(2 * owner);
    }

    /** Payload bytes that this host's owner has received. */
    public long receivedBytes(int owner) {
        return networkBytes.getAcquire(2 * owner + 1);
    }

    /**
     * Says whose a flow is, from the next batch on. A flow that has ended by then is left alone.
     *
     * @param slot {@link FlowView#slot()}
     * @param startedNanos {@link FlowView#startedNanos()}
     * @param owner 1 to {@link #MOST_OWNERS}
     * @return false if too many attributions are waiting
     */
    public boolean attribute(int slot, long startedNanos, int owner) {
        Objects.checkIndex(owner, MOST_OWNERS + 1);
        if (waiting.incrementAndGet() > MOST_WAITING) {
            waiting.decrementAndGet();
            return false;
        }
        attributions.add(new Attribution(slot, startedNanos, owner));
        return true;
    }

    /** Attributions whose flow had ended by the time they were applied. */
    public long lateAttributions() {
        return lateAttributions.getAcquire();
    }

    void tooLate() {
        lateAttributions.setRelease(lateAttributions.getPlain() + 1);
    }

    /** The tracker's thread: the next attribution, null if none waits. */
    @Nullable Attribution nextAttribution() {
        Attribution next = attributions.poll();
        if (next != null) {
            waiting.decrementAndGet();
        }
        return next;
    }

    void latency(LatencyKind kind, int owner, long nanos, long now) {
        int place = place(kind, owner);
        LatencyHistogram histogram = lastHistogram;
        if (histogram == null || place != lastPlace) {
            histogram = at(place);
            lastHistogram = histogram;
            lastPlace = place;
        }
        histogram.record(nanos, now);
    }

    private LatencyHistogram at(int place) {
        LatencyHistogram present = latencies.getPlain(place);
        if (present != null) {
            return present;
        }
        LatencyHistogram made = new LatencyHistogram();
        latencies.setRelease(place, made);
        return made;
    }

    void sent(int owner, long bytes) {
        add(2 * owner, bytes);
    }

    void received(int owner, long bytes) {
        add(2 * owner + 1, bytes);
    }

    private void add(int place, long bytes) {
        networkBytes.setRelease(place, networkBytes.getPlain(place) + bytes);
    }
}
