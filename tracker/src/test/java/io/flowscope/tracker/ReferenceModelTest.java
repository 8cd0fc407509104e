package io.flowscope.tracker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import io.flowscope.tracker.model.EventLog;
import io.flowscope.tracker.model.ModelTracker;
import io.flowscope.tracker.model.PacketBatch;
import io.flowscope.tracker.model.RandomTraffic;
import io.flowscope.tracker.model.TestPacket;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import java.lang.foreign.Arena;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;

/** The tracker and a model of plain collections, fed the same traffic, agree event for event. */
@Execution(ExecutionMode.CONCURRENT)
class ReferenceModelTest {
    @Test
    void agreesOnRandomTraffic() {
        LongStream.range(0, 8).parallel().forEach(seed -> compare(seed, 250));
    }

    @Test
    @Tag("slow")
    void agreesOnMoreRandomTraffic() {
        LongStream.range(8, 500).parallel().forEach(seed -> compare(seed, 250));
    }

    @Test
    @Tag("slow")
    @Tag("unchecked") // for its length; the shorter runs are checked as well
    void agreesOnMuchRandomTraffic() {
        LongStream.range(10_000, 40_000).parallel().forEach(seed -> compare(seed, 250));
        LongStream.range(50_000, 50_100).parallel().forEach(seed -> compare(seed, 20_000));
    }

    private static void compare(long seed, int count) {
        Random random = new Random(seed * 31 + 7);
        TrackerOptions options = options(random);
        List<TestPacket> packets = new RandomTraffic(seed).packets(count);
        ModelTracker model = new ModelTracker(options);
        EventLog log = new EventLog();
        try (Arena arena = Arena.ofConfined();
                FlowTracker tracker = new FlowTracker(options, log)) {
            PacketBatch batch = new PacketBatch(arena, packets);
            int done = 0;
            while (done < count) {
                int end = Math.min(count, done + 1 + random.nextInt(100));
                batch.feed(tracker, done, end);
                packets.subList(done, end).forEach(model::track);
                if (random.nextInt(10) == 0) {
                    long time = packets.get(end - 1).time + random.nextInt(1_000_000_000);
                    tracker.sweep(time);
                    model.sweep(time);
                }
                checkCounters(seed, tracker, model);
                done = end;
            }
            tracker.finish();
            model.finish();
            checkCounters(seed, tracker, model);
            assertEquals(0, tracker.liveFlows());
        }
        compare(seed, model.lines, log.lines);
    }

    private static void checkCounters(long seed, FlowTracker tracker, ModelTracker model) {
        TrackerCounters counters = tracker.counters();
        String where = "seed " + seed;
        assertEquals(model.created, counters.created(), where);
        assertEquals(model.ended, counters.ended(), where);
        assertEquals(model.live(), counters.live(), where);
        assertEquals(model.live(), tracker.liveFlows(), where);
        assertEquals(counters.created(), counters.ended() + counters.live(), where);
        assertEquals(model.clockSteps, counters.clockSteps(), where);
        assertEquals(model.unmatched, counters.unmatched(), where);
    }

    private static void compare(long seed, List<String> expected, List<String> actual) {
        int common = Math.min(expected.size(), actual.size());
        for (int i = 0; i < common; i++) {
            if (!expected.get(i).equals(actual.get(i))) {
                fail(
                        "seed %d, event %d%nmodel   %s%ntracker %s%nafter   %s"
                                .formatted(
                                        seed,
                                        i,
                                        expected.get(i),
                                        actual.get(i),
                                        i == 0 ? "" : expected.get(i - 1)));
            }
        }
        assertEquals(expected.size(), actual.size(), "events, seed " + seed);
    }

    static TrackerOptions options(Random random) {
        TrackerOptions.Builder builder =
                TrackerOptions.builder()
                        .maxFlows(1 << random.nextInt(9))
                        .anomalies(true)
                        .roundTrips(random.nextInt(4) != 0)
                        .flipSynAck(random.nextInt(4) != 0)
                        .closeLinger(Duration.ofMillis(random.nextInt(3) * 2500L))
                        .sweepInterval(Duration.ofMillis(1 + random.nextInt(3000)));
        if (random.nextInt(3) == 0) {
            builder.tcpIdle(Duration.ofMillis(1 + random.nextInt(20_000)))
                    .udpIdle(Duration.ofMillis(1 + random.nextInt(2_000)))
                    .otherIdle(Duration.ofMillis(1 + random.nextInt(2_000)));
        }
        if (random.nextInt(6) == 0) {
            builder.noTimeouts();
        }
        if (random.nextInt(3) == 0) {
            builder.activeTimeout(Duration.ofMillis(1 + random.nextInt(5_000)));
        }
        return builder.build();
    }
}
