package io.flowscope.tracker.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flowscope.tracker.FlowRecord;
import io.flowscope.tracker.TrackerOptions;

import org.junit.jupiter.api.Test;

import java.util.List;

class TimeRulesTest {
    @Test
    void packetThatIsALittleLateIsTakenAsNow() {
        try (Scene scene = new Scene()) {
            scene.at(70_000, scene.datagram(1001)).at(10_000, scene.datagram(1001));
            scene.at(10_000, scene.datagram(1002));
            scene.tracker.finish();
            for (FlowRecord flow : scene.ended) {
                assertEquals(Scene.nanos(70_000), flow.startedNanos());
                assertEquals(Scene.nanos(70_000), flow.lastSeenNanos());
            }
            assertEquals(0, scene.tracker.counters().clockSteps());
        }
    }

    @Test
    void packetMoreThanAMinuteBehindSetsTheTimeBackAndIsCounted() {
        try (Scene scene = new Scene()) {
            scene.at(600_000, scene.datagram(1001)).at(539_999, scene.datagram(1002));
            assertEquals(1, scene.tracker.counters().clockSteps());
            assertEquals(Scene.nanos(539_999), scene.tracker.nowNanos());
        }
    }

    @Test
    void flowFromTheFutureExpiresOneTimeoutAfterTheTimeWasSetBack() {
        try (Scene scene = new Scene()) {
            scene.at(600_000, scene.datagram(1001)).at(100_000, scene.datagram(1002));
            scene.tracker.sweep(Scene.nanos(100_000));
            scene.tracker.sweep(Scene.nanos(159_999));
            assertEquals(2, scene.tracker.liveFlows());
            scene.tracker.sweep(Scene.nanos(160_000));
            assertEquals(0, scene.tracker.liveFlows());
        }
    }

    @Test
    void noFlowEndsBeforeItBegan() {
        try (Scene scene = new Scene()) {
            scene.at(600_000, scene.datagram(1001)).at(100_000, scene.datagram(1002));
            scene.tracker.sweep(Scene.nanos(100_000));
            scene.tracker.finish();
            for (FlowRecord flow : scene.ended) {
                assertEquals(flow.startedNanos(), flow.lastSeenNanos());
                assertEquals(flow.initiator().firstNanos(), flow.initiator().lastNanos());
                assertEquals(0, flow.durationNanos());
            }
        }
    }

    @Test
    void withoutTimeoutsTheLastPacketKeepsItsTime() {
        try (Scene scene = new Scene(TrackerOptions.builder().noTimeouts())) {
            scene.at(500_000, scene.datagram(1001)).at(600_000, scene.datagram(1001));
            scene.at(100_000, scene.datagram(1002));
            scene.tracker.sweep(Scene.nanos(200_000));
            scene.tracker.sweep(Scene.nanos(90_000_000));
            assertEquals(2, scene.tracker.liveFlows());
            scene.tracker.finish();
            assertEquals(Scene.nanos(500_000), scene.ended.get(0).startedNanos());
            assertEquals(Scene.nanos(600_000), scene.ended.get(0).lastSeenNanos());
        }
    }

    @Test
    void jumpForwardEndsWhatIsIdleOverTheNextPackets() {
        try (Scene scene = new Scene()) {
            for (int port = 2000; port < 2100; port++) {
                scene.at(0, scene.datagram(port));
            }
            scene.said();
            for (int i = 0; i < 2000; i++) {
                scene.at(90_000 + i, scene.datagram(1001));
            }
            List<String> ended =
                    scene.said().stream().filter(each -> each.startsWith("ended idle")).toList();
            assertEquals(100, ended.size());
            assertEquals(1, scene.tracker.liveFlows());
        }
    }

    @Test
    void sweepEndsAllThatIsExpiredAtOnce() {
        try (Scene scene = new Scene()) {
            for (int port = 2000; port < 12_000; port++) {
                scene.at(0, scene.datagram(port));
            }
            scene.tracker.sweep(Scene.nanos(60_000));
            assertEquals(0, scene.tracker.liveFlows());
        }
    }

    @Test
    void timesBeyondWhatNanosecondsCanSayAreBounded() {
        try (Scene scene = new Scene()) {
            byte[] frame = scene.datagram(1001).bytes();
            var memory = java.lang.foreign.MemorySegment.ofArray(frame);
            scene.tracker.track(memory, 0, frame.length, frame.length, Long.MIN_VALUE);
            scene.tracker.track(memory, 0, frame.length, frame.length, Long.MAX_VALUE);
            scene.tracker.finish();
            assertEquals(2, scene.ended.size());
            assertEquals(0, scene.ended.get(0).startedNanos());
            assertEquals(1L << 62, scene.ended.get(1).startedNanos());
        }
    }
}
