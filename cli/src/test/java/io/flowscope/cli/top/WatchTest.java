package io.flowscope.cli.top;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.flowscope.capture.CaptureFile;
import io.flowscope.cli.top.Moment.Counts;
import io.flowscope.cli.top.Moment.Rates;
import io.flowscope.cli.watch.FlowBoard.Row;
import io.flowscope.cli.watch.Measure;
import io.flowscope.cli.watch.Observation;
import io.flowscope.obs.FlowMetrics;
import io.flowscope.obs.MetricsOptions;
import io.flowscope.tracker.PacketDescriptor;
import io.flowscope.tracker.ShardedTracker;
import io.flowscope.tracker.TrackerOptions;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;

class WatchTest {
    private static final Path SAMPLE =
            Path.of(System.getProperty("flowscope.root", "..")).resolve("samples/sample.pcap");

    /** One after the other, so that there are moments between them. */
    private static void track(ShardedTracker tracker, Observation observation, CaptureFile file) {
        file.forEachBatch(
                (memory, descriptors, count) -> {
                    for (int i = 0; i < count; i++) {
                        var one = descriptors.asSlice((long) i * PacketDescriptor.BYTES);
                        long time = one.get(JAVA_LONG, PacketDescriptor.TIMESTAMP);
                        observation.from(time);
                        tracker.trackBatch(memory, one, 1);
                        observation.at(time);
                    }
                });
    }

    @Test
    void aFileIsSeenAsItIsReadAndInTheEndAsAWhole() {
        MetricsOptions known = MetricsOptions.defaults();
        try (FlowMetrics metrics = FlowMetrics.bind(new SimpleMeterRegistry(), known);
                Observation observation = new Observation("x.pcap", false, metrics, Watch.board());
                CaptureFile file = CaptureFile.open(SAMPLE)) {
            Watch watch = new Watch(observation);
            watch.begin();
            Moment nothing = watch.take();
            assertEquals(Counts.NONE, nothing.totals());
            assertEquals(new Rates(-1, -1, -1, -1), nothing.rates());
            TrackerOptions options = TrackerOptions.defaults();
            try (ShardedTracker tracker =
                    new ShardedTracker(1, options, i -> observation.flows())) {
                observation.begin(tracker, file);
                track(tracker, observation, file);
                Moment read = watch.take();
                assertFalse(read.over());
                assertEquals(192, read.totals().packets());
                assertEquals(read.totals().live(), read.flows().size());
                assertTrue(read.flows().stream().allMatch(row -> row.flow().reason() == null));
                tracker.finish();
                observation.end();
            }
            observation.over();
            Moment end = watch.take();
            assertTrue(end.over());
            assertEquals(0, end.flows().size());
            assertEquals(end.totals().started(), end.ended().get(Measure.BYTES).size());
            assertEquals(observation.spanNanos(), end.elapsedNanos());
            double seconds = end.elapsedNanos() / 1e9;
            assertEquals(Math.round(192 / seconds), end.rates().packets());
            assertEquals(Math.round(8 * end.totals().bytes() / seconds), end.rates().bits());
        }
    }

    @Test
    void ratesAreOfTheTimeBetweenAndUnknownWhereThereIsNone() {
        Counts before = new Counts(10, 1000, 1, 0, 1, 0, 0, 0, 0);
        Counts now = new Counts(30, 5000, 5, 2, 4, 0, 0, 0, 0);
        assertEquals(new Rates(10, 16_000, 2, 1), Rates.of(before, now, 2_000_000_000));
        assertEquals(new Rates(-1, -1, -1, -1), Rates.of(before, now, 0));
        assertEquals(new Rates(-1, -1, -1, -1), Rates.of(before, now, -5), "time was set back");
        assertEquals(-1, Row.still(Moments.flows().get(0)).bytesPerSecond());
    }
}
