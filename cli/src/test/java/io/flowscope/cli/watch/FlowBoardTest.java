package io.flowscope.cli.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flowscope.capture.CaptureFile;
import io.flowscope.tracker.EndReason;
import io.flowscope.tracker.FlowListener;
import io.flowscope.tracker.FlowRecord;
import io.flowscope.tracker.FlowView;
import io.flowscope.tracker.ShardedTracker;
import io.flowscope.tracker.TrackerOptions;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

@Execution(ExecutionMode.CONCURRENT)
class FlowBoardTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final Path SAMPLE =
            Path.of(System.getProperty("flowscope.root", "..")).resolve("samples/sample.pcap");

    private final FlowBoard board = new FlowBoard();

    private static void read(ShardedTracker tracker) {
        try (CaptureFile file = CaptureFile.open(SAMPLE)) {
            file.forEachBatch(tracker::trackBatch);
        }
    }

    private static void assertMostBytesFirst(List<FlowBoard.Row> rows) {
        assertEquals(FlowBoard.ROWS, rows.size());
        for (int i = 1; i < rows.size(); i++) {
            long before = Measure.BYTES.of(rows.get(i - 1).flow());
            assertTrue(before >= Measure.BYTES.of(rows.get(i).flow()), "row " + i);
        }
    }

    @Test
    void liveFlowsAreShownAndTheirSpeedFromTheSecondLookOn() {
        try (ShardedTracker tracker =
                new ShardedTracker(1, TrackerOptions.defaults(), i -> board)) {
            read(tracker);
            board.begin(tracker);
            List<FlowBoard.Row> first = board.rows(0);
            assertMostBytesFirst(first);
            assertEquals(-1, first.get(0).bytesPerSecond());
            assertEquals(first, board.rows(SECOND), "not looked at again so soon");
            assertEquals(0, board.rows(3 * SECOND).get(0).bytesPerSecond());
            assertEquals(-1, board.rows(60 * SECOND).get(0).bytesPerSecond(), "long ago");
            board.end();
        }
    }

    @Test
    void endedFlowsWithMostBytesStay() {
        try (ShardedTracker tracker =
                new ShardedTracker(2, TrackerOptions.defaults(), i -> board)) {
            board.begin(tracker);
            read(tracker);
            tracker.finish();
            board.end();
        }
        List<FlowBoard.Row> rows = board.rows(0);
        assertMostBytesFirst(rows);
        assertTrue(rows.stream().allMatch(r -> r.flow().reason() != null));
    }

    @Test
    void looksFromAnotherThreadNeverMeetAClosedTracker() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        Throwable[] failure = new Throwable[1];
        Thread looker =
                Thread.ofPlatform()
                        .start(
                                () -> {
                                    long now = 0;
                                    try {
                                        while (!over.get()) {
                                            board.rows(now += 2 * SECOND);
                                        }
                                    } catch (Throwable e) {
                                        failure[0] = e;
                                    }
                                });
        for (int i = 0; i < 12; i++) {
            try (ShardedTracker tracker =
                    new ShardedTracker(1, TrackerOptions.defaults(), n -> board)) {
                board.begin(tracker);
                read(tracker);
                board.end();
            }
        }
        over.set(true);
        looker.join();
        assertEquals(null, failure[0]);
    }

    @Test
    void eachSideHasASpeedOfItsOwn() {
        FlowBoard all = new FlowBoard(3, Measure.values());
        try (ShardedTracker tracker = new ShardedTracker(1, TrackerOptions.defaults(), i -> all)) {
            all.begin(tracker);
            assertTrue(all.live(SECOND).isEmpty());
            read(tracker);
            List<FlowBoard.Row> rows = all.live(3 * SECOND);
            assertTrue(rows.size() > 3);
            for (FlowBoard.Row row : rows) {
                // All of it came within two seconds.
                long sent = row.flow().initiator().bytes();
                assertEquals(Math.round(sent / 2.0), row.initiatorRate());
                long received = row.flow().responder().bytes();
                assertEquals(Math.round(received / 2.0), row.responderRate());
            }
            for (FlowBoard.Row row : all.live(100 * SECOND)) {
                assertEquals(0, row.bytesPerSecond(), "long ago, but known");
            }
            all.end();
        }
    }

    @Test
    void endedFlowsAreKeptByEachMeasure() {
        FlowBoard some = new FlowBoard(3, Measure.values());
        List<FlowRecord> all = new ArrayList<>();
        FlowListener both =
                new FlowListener() {
                    @Override
                    public void onEnded(FlowView flow, EndReason reason) {
                        all.add(flow.toRecord());
                        some.onEnded(flow, reason);
                    }
                };
        try (ShardedTracker tracker = new ShardedTracker(1, TrackerOptions.defaults(), i -> both)) {
            read(tracker);
        }
        for (Measure measure : Measure.values()) {
            List<Long> most =
                    all.stream().map(measure::of).sorted(Comparator.reverseOrder()).toList();
            List<Long> kept = some.ended(measure).stream().map(measure::of).toList();
            assertEquals(most.subList(0, 3), kept, measure.name());
        }
    }
}
