package io.flowscope.tracker;

import io.flowscope.tracker.packet.DecodeOutcome;

/**
 * What a tracker, or several, have counted up to the end of a batch. Immutable.
 *
 * <p>{@link #created()} is always the sum of {@link #ended()} and {@link #live()}.
 */
public final class TrackerCounters {
    private final long[] values;

    TrackerCounters(long[] values) {
        this.values = values;
    }

    /** The sum of this and another tracker's. */
    public TrackerCounters plus(TrackerCounters other) {
        long[] sum = values.clone();
        for (int i = 0; i < sum.length; i++) {
            sum[i] += other.values[i];
        }
        return new TrackerCounters(sum);
    }

    /** Packets handed in. */
    public long packets() {
        return values[Tally.PACKETS];
    }

    /** Their bytes on the wire. */
    public long bytes() {
        return values[Tally.BYTES];
    }

    /** Packets that belong to no flow. */
    public long unmatched() {
        return values[Tally.UNMATCHED];
    }

    /**
     * Packets that belong to no flow because of the decoder's outcome; of {@link
     * DecodeOutcome#MATCHED} those to which the extractor gave no key.
     */
    public long unmatched(DecodeOutcome outcome) {
        return values[Tally.unmatched(outcome)];
    }

    /** Fragments whose first one did not come in time. */
    public long lostFragments() {
        return values[Tally.LOST_FRAGMENTS];
    }

    /** Flows that have started. */
    public long created() {
        return created(Transport.TCP) + created(Transport.UDP) + created(Transport.OTHER);
    }

    /** Flows of a transport that have started. */
    public long created(Transport transport) {
        return values[Tally.created(transport)];
    }

    /** Flows that have ended. */
    public long ended() {
        long sum = 0;
        for (EndReason reason : EndReason.values()) {
            sum += ended(reason);
        }
        return sum;
    }

    /** Flows that have ended for a reason. */
    public long ended(EndReason reason) {
        return values[Tally.ended(reason)];
    }

    /** Flows in the table. */
    public long live() {
        return values[Tally.LIVE];
    }

    /** Anomalies of a kind. */
    public long anomalies(AnomalyKind kind) {
        return values[Tally.anomalies(kind)];
    }

    /** How often time jumped back by more than a minute. */
    public long clockSteps() {
        return values[Tally.CLOCK_STEPS];
    }

    /** TCP resets that were not obeyed because they were outside the window. */
    public long resetsIgnored() {
        return values[Tally.RESETS_IGNORED];
    }

    /** ICMP errors that quoted a packet of a live flow. */
    public long icmpErrors() {
        return values[Tally.ICMP_ERRORS];
    }

    /** Packets handed in while the tracker was paused; they are in no other count. */
    public long skipped() {
        return values[Tally.SKIPPED];
    }

    /** Packets dropped as repetitions; they are in no other count. */
    public long duplicates() {
        return values[Tally.DUPLICATES];
    }
}
