package io.flowscope.cli.top;

import io.flowscope.capture.CaptureStatistics;
import io.flowscope.cli.top.Moment.Counts;
import io.flowscope.cli.top.Moment.Rates;
import io.flowscope.cli.watch.FlowBoard;
import io.flowscope.cli.watch.Measure;
import io.flowscope.cli.watch.Observation;
import io.flowscope.cli.watch.Timeline;
import io.flowscope.cli.watch.Totals;
import io.flowscope.tracker.EndReason;
import io.flowscope.tracker.FlowRecord;
import io.flowscope.tracker.TrackerCounters;

import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Takes moments of a run, one after the other, on one thread. Rates are of the time between two of
 * them: by the clock of a live capture, by their own time of packets in files. When all is read,
 * they are of all the time.
 */
public final class Watch {
    /** More than a terminal has lines. */
    private static final int ENDED_ROWS = 200;

    private static final int LIVE_STEPS = 60;

    /** Of less time than that there is nothing to be said of how much a second brings. */
    private static final long SHORTEST_NANOS = 50_000_000;

    private final Observation of;
    private long beginNanos;
    private long lastNanos;
    private Counts last = Counts.NONE;

    /** Of a run that is about to begin. */
    public Watch(Observation of) {
        this.of = of;
    }

    /** Packets are read from now on; before the first moment. */
    void begin() {
        beginNanos = System.nanoTime();
        lastNanos = of.isLive() ? beginNanos : 0;
    }

    /** Keeps what {@code top} wants to know of flows that have ended. */
    public static FlowBoard board() {
        return new FlowBoard(ENDED_ROWS, Measure.values());
    }

    /** Whether the next moment is the last one that differs. */
    boolean isOver() {
        return of.isOver();
    }

    /** Now. */
    Moment take() {
        boolean over = of.isOver();
        Counts now = counts();
        long clock = of.isLive() ? System.nanoTime() : of.packetNanos();
        long elapsed = of.isLive() ? clock - beginNanos : of.spanNanos();
        Rates rates = over ? Rates.of(Counts.NONE, now, elapsed) : ratesSinceLast(now, clock);
        Timeline.View steps = of.timeline().view();
        return new Moment(
                of.name(),
                of.isLive(),
                over,
                of.isLive() ? epochNanos() : of.packetNanos(),
                elapsed,
                rates,
                now,
                roundTrips(steps),
                bits(steps),
                of.flows().live(clock),
                ended());
    }

    private Rates ratesSinceLast(Counts now, long clock) {
        boolean early = of.isLive() && clock - lastNanos < SHORTEST_NANOS;
        // Before the first packets of a file there is no time that rates could be of.
        Rates rates = Rates.of(last, now, early || lastNanos == 0 ? 0 : clock - lastNanos);
        if (!early) {
            last = now;
            lastNanos = clock;
        }
        return rates;
    }

    private static long epochNanos() {
        Instant now = Instant.now();
        return now.getEpochSecond() * 1_000_000_000L + now.getNano();
    }

    private Counts counts() {
        TrackerCounters counters = of.counters();
        CaptureStatistics statistics = of.statistics();
        return counters == null
                ? Counts.NONE
                : new Counts(
                        counters.packets(),
                        counters.bytes(),
                        counters.created(),
                        counters.ended(),
                        counters.live(),
                        statistics.drops(),
                        statistics.freezes(),
                        counters.unmatched(),
                        counters.ended(EndReason.EVICTED));
    }

    private long[] roundTrips(Timeline.View steps) {
        long[] sums = new long[Totals.ROUND_TRIP_BUCKETS];
        int length = steps.steps().length;
        for (int i = of.isLive() ? Math.max(0, length - LIVE_STEPS) : 0; i < length; i++) {
            for (int bucket = 0; bucket < sums.length; bucket++) {
                sums[bucket] += steps.steps()[i][Totals.roundTrips(bucket)];
            }
        }
        return sums;
    }

    private static long[] bits(Timeline.View steps) {
        long[] bits = new long[steps.steps().length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Math.round(8e9 * steps.steps()[i][Totals.BYTES] / steps.stepNanos());
        }
        return bits;
    }

    private Map<Measure, List<FlowRecord>> ended() {
        Map<Measure, List<FlowRecord>> ended = new EnumMap<>(Measure.class);
        for (Measure by : Measure.values()) {
            ended.put(by, of.flows().ended(by));
        }
        return ended;
    }
}
