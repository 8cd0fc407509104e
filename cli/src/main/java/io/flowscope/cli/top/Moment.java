package io.flowscope.cli.top;

import io.flowscope.cli.watch.FlowBoard.Row;
import io.flowscope.cli.watch.Measure;
import io.flowscope.tracker.FlowRecord;

import java.util.List;
import java.util.Map;

/**
 * A run at one moment.
 *
 * @param source what is read
 * @param live whether it is captured now
 * @param over whether all has been read
 * @param nowNanos of the packets' clock: today's of a live capture, else the latest packet's
 * @param elapsedNanos since the capture began; of files, from the first packet to the latest
 * @param rates what a second brings
 * @param totals what has come so far
 * @param roundTrips counts by bucket, of the last minute or of all of a file
 * @param bits per second, step by step
 * @param flows live ones, in no order
 * @param ended those with most of something
 */
@SuppressWarnings("ArrayRecordComponent") // not compared, and nobody writes there
record Moment(
        String source,
        boolean live,
        boolean over,
        long nowNanos,
        long elapsedNanos,
        Rates rates,
        Counts totals,
        long[] roundTrips,
        long[] bits,
        List<Row> flows,
        Map<Measure, List<FlowRecord>> ended) {

    /** How many; what is lost comes last. */
    record Counts(
            long packets,
            long bytes,
            long started,
            long finished,
            long live,
            long drops,
            long freezes,
            long unmatched,
            long evicted) {
        static final Counts NONE = new Counts(0, 0, 0, 0, 0, 0, 0, 0, 0);
    }

    /** Each a second since the last moment, or of all the time; -1 where no time has passed. */
    record Rates(long packets, long bits, long started, long finished) {
        static Rates of(Counts before, Counts now, long nanos) {
            return new Rates(
                    perSecond(now.packets - before.packets, nanos),
                    perSecond(8 * (now.bytes - before.bytes), nanos),
                    perSecond(now.started - before.started, nanos),
                    perSecond(now.finished - before.finished, nanos));
        }

        private static long perSecond(long number, long nanos) {
            return nanos <= 0 ? -1 : Math.round(number * 1e9 / nanos);
        }
    }
}
