package io.flowscope.cli.watch;

import io.flowscope.capture.CaptureStatistics;
import io.flowscope.tracker.AnomalyKind;
import io.flowscope.tracker.LatencyHistogram;
import io.flowscope.tracker.TrackerCounters;

import org.jspecify.annotations.Nullable;

/**
 * What a {@link Timeline} follows: numbers that only ever grow, each at a place of an array.
 *
 * <pre>
 *   0       1     2     3     4 …                 4 + kinds …
 *   packets bytes flows drops anomalies, by kind  round trips, by bucket, and those beyond
 * </pre>
 */
@SuppressWarnings("EnumOrdinal") // places in arrays that never leave the process
public final class Totals {
    /** Packets. */
    public static final int PACKETS = 0;

    /** Wire bytes. */
    public static final int BYTES = 1;

    /** Flows that began. */
    public static final int FLOWS = 2;

    /** Packets that the source lost. */
    public static final int DROPS = 3;

    /** How many places round trips have. */
    public static final int ROUND_TRIP_BUCKETS = LatencyHistogram.BUCKETS + 1;

    private static final int ANOMALIES = 4;
    private static final int ROUND_TRIPS = ANOMALIES + AnomalyKind.values().length;

    /** How many numbers there are. */
    static final int COUNT = ROUND_TRIPS + ROUND_TRIP_BUCKETS;

    private Totals() {}

    /** The place of a kind. */
    public static int anomalies(AnomalyKind kind) {
        return ANOMALIES + kind.ordinal();
    }

    /** The place of a bucket; the one behind the last has those beyond. */
    public static int roundTrips(int bucket) {
        return ROUND_TRIPS + bucket;
    }

    static long[] of(
            @Nullable TrackerCounters counters, CaptureStatistics statistics, long[] roundTrips) {
        long[] totals = new long[COUNT];
        if (counters != null) {
            totals[PACKETS] = counters.packets();
            totals[BYTES] = counters.bytes();
            totals[FLOWS] = counters.created();
            for (AnomalyKind kind : AnomalyKind.values()) {
                totals[anomalies(kind)] = counters.anomalies(kind);
            }
        }
        totals[DROPS] = statistics.drops();
        System.arraycopy(roundTrips, 0, totals, ROUND_TRIPS, ROUND_TRIP_BUCKETS);
        return totals;
    }
}
