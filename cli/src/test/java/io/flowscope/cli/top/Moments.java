package io.flowscope.cli.top;

import io.flowscope.capture.CaptureFile;
import io.flowscope.cli.top.Moment.Counts;
import io.flowscope.cli.top.Moment.Rates;
import io.flowscope.cli.watch.FlowBoard.Row;
import io.flowscope.cli.watch.Measure;
import io.flowscope.cli.watch.Totals;
import io.flowscope.tracker.FlowRecord;
import io.flowscope.tracker.FlowTracker;
import io.flowscope.tracker.TrackerOptions;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Moments of the sample, with speeds of the test's own. */
final class Moments {
    private static final Path SAMPLE =
            Path.of(System.getProperty("flowscope.root", "..")).resolve("samples/sample.pcap");

    private Moments() {}

    /** The sample's flows as they are before they end. */
    static List<FlowRecord> flows() {
        try (CaptureFile file = CaptureFile.open(SAMPLE);
                FlowTracker tracker = new FlowTracker(TrackerOptions.defaults())) {
            file.forEachBatch(tracker::trackBatch);
            return tracker.snapshot();
        }
    }

    /** All of them live, each a little faster than the one before. */
    static List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        for (FlowRecord flow : flows()) {
            rows.add(new Row(flow, 1000L * rows.size(), 500L * rows.size()));
        }
        return rows;
    }

    static Moment of(String source, boolean live, List<Row> rows, List<FlowRecord> ended) {
        long[] roundTrips = new long[Totals.ROUND_TRIP_BUCKETS];
        roundTrips[2] = 60;
        roundTrips[5] = 40;
        long now =
                rows.stream().mapToLong(r -> r.flow().lastSeenNanos()).max().orElse(0)
                        + 65_000_000_000L;
        return new Moment(
                source,
                live,
                false,
                now,
                83_400_000_000L,
                new Rates(12_345, 98_100_000, 12, 10),
                new Counts(1_000_000, 654_321_000, 4_000, 2_766, 1_234, 0, 0, 7, 0),
                roundTrips,
                new long[] {0, 10_000_000, 98_100_000, 50_000_000},
                rows,
                Map.of(
                        Measure.BYTES, ended,
                        Measure.PACKETS, ended,
                        Measure.ROUND_TRIP, ended,
                        Measure.RETRANSMITS, ended));
    }
}
