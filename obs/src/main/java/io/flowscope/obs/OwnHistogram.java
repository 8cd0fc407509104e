package io.flowscope.obs;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.CountAtBucket;
import io.micrometer.core.instrument.distribution.HistogramSnapshot;
import io.micrometer.core.instrument.noop.NoopDistributionSummary;
import io.micrometer.core.instrument.noop.NoopTimer;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.function.LongConsumer;

/**
 * A histogram in the place of a registry's own, counted by trackers into {@link Buckets}. The
 * registry's meter, taken out of it again, says which buckets its filters want, and remembers the
 * largest sample for as long as they want: it is handed the largest of each second, not every one.
 * What a tracker had counted when it was closed is kept.
 */
final class OwnHistogram {
    /** Buckets beyond which looking at each of them would take longer than it should. */
    private static final int MOST_BOUNDS = 32;

    private final Meter meter;
    private final double perUnit;
    private final double[] bounds;
    private final LongConsumer toMeter;
    private final DoubleSupplier max;
    private final List<Buckets> open = new ArrayList<>();
    private final long[] before;

    private OwnHistogram(
            Meter meter,
            double perUnit,
            double[] bounds,
            LongConsumer toMeter,
            DoubleSupplier max) {
        this.meter = meter;
        this.perUnit = perUnit;
        this.bounds = bounds;
        this.toMeter = toMeter;
        this.max = max;
        before = new long[bounds.length + 2];
    }

    /** In the place of a timer, in seconds; null if it has what buckets have not. */
    static @Nullable OwnHistogram of(Timer timer) {
        double[] bounds = timer instanceof NoopTimer ? null : bounds(timer.takeSnapshot());
        return bounds == null
                ? null
                : new OwnHistogram(
                        timer,
                        1e9,
                        bounds,
                        nanos -> timer.record(nanos, TimeUnit.NANOSECONDS),
                        () -> timer.max(TimeUnit.SECONDS));
    }

    /** In the place of a summary; null if it has what buckets have not. */
    static @Nullable OwnHistogram of(DistributionSummary summary) {
        double[] bounds =
                summary instanceof NoopDistributionSummary ? null : bounds(summary.takeSnapshot());
        return bounds == null
                ? null
                : new OwnHistogram(
                        summary, 1, bounds, s -> summary.record((double) s), summary::max);
    }

    private static double @Nullable [] bounds(HistogramSnapshot of) {
        double[] bounds =
                Arrays.stream(of.histogramCounts())
                        .mapToDouble(CountAtBucket::bucket)
                        .filter(Double::isFinite)
                        .toArray();
        boolean usual = of.percentileValues().length == 0 && bounds.length <= MOST_BOUNDS;
        return usual && bounds.length > 0 ? bounds : null;
    }

    /** The meter whose place it takes. */
    Meter meter() {
        return meter;
    }

    /** The sum of samples as it is shown. */
    double inUnits(long sum) {
        return sum / perUnit;
    }

    /** The largest sample of each bucket, as it is shown. */
    double[] bounds() {
        return Arrays.stream(bounds).map(b -> b / perUnit).toArray();
    }

    /** Buckets for one more tracker. */
    synchronized Buckets open() {
        // Samples are whole numbers: of what lies between two of them the lower one decides.
        long[] whole = Arrays.stream(bounds).mapToLong(b -> (long) Math.floor(b)).toArray();
        Buckets buckets = new Buckets(whole);
        open.add(buckets);
        return buckets;
    }

    /** A tracker counts no more. */
    synchronized void close(Buckets buckets) {
        drain();
        if (open.remove(buckets)) {
            buckets.addTo(before);
        }
    }

    /** Samples of all trackers by bucket, those beyond the last bound, and their sum. */
    synchronized long[] sums() {
        long[] sums = before.clone();
        open.forEach(b -> b.addTo(sums));
        return sums;
    }

    /** Hands the largest samples since the last time to whoever remembers them. */
    synchronized void drain() {
        for (Buckets each : open) {
            long most = each.takeMost();
            if (most >= 0) {
                toMeter.accept(most);
            }
        }
    }

    /** The largest sample of the last minutes. */
    double max() {
        drain();
        return max.getAsDouble();
    }
}
