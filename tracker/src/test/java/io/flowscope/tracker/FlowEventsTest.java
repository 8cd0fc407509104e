package io.flowscope.tracker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flowscope.tracker.model.PacketBatch;
import io.flowscope.tracker.model.RandomTraffic;

import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

class FlowEventsTest {
    private final TrackerOptions options = TrackerOptions.defaults();

    @Test
    void streamHasTheEventsOfTheCallbacksInOrder() {
        try (Arena arena = Arena.ofShared()) {
            PacketBatch batch = new PacketBatch(arena, new RandomTraffic(9).packets(4000));
            List<FlowEvent> called = new ArrayList<>();
            try (FlowTracker tracker = new FlowTracker(options, FlowEvent.listener(called::add))) {
                batch.feed(tracker, 0, batch.count);
                tracker.finish();
            }
            try (Stream<FlowEvent> events =
                    FlowEvents.stream(options, tracker -> batch.feed(tracker, 0, batch.count))) {
                assertEquals(called, events.toList());
            }
        }
    }

    @Test
    void eventsCanBeSwitchedOver() {
        try (Arena arena = Arena.ofShared()) {
            PacketBatch batch = new PacketBatch(arena, new RandomTraffic(9).packets(500));
            long packets = 0;
            try (FlowEvents events =
                    FlowEvents.iterator(options, tracker -> batch.feed(tracker, 0, batch.count))) {
                while (events.hasNext()) {
                    packets +=
                            switch (events.next()) {
                                case FlowEvent.Packet packet -> packet.length() > 0 ? 1 : 0;
                                case FlowEvent.Started started -> 0;
                                case FlowEvent.Ended ended -> 0;
                                case FlowEvent.Anomaly anomaly -> 0;
                                case FlowEvent.Established established -> 0;
                                case FlowEvent.StateChange change -> 0;
                                case FlowEvent.IcmpError error -> 0;
                                case FlowEvent.Message message -> 0;
                                case FlowEvent.ParserClosed closed -> 0;
                                case FlowEvent.Interim interim -> 0;
                            };
                }
            }
            assertTrue(packets > 450, packets + " packets");
        }
    }

    @Test
    void flowsComeAsTheyEnd() {
        try (Arena arena = Arena.ofShared()) {
            PacketBatch batch = new PacketBatch(arena, new RandomTraffic(9).packets(500));
            try (Stream<FlowRecord> flows =
                    FlowEvents.flows(options, tracker -> batch.feed(tracker, 0, batch.count))) {
                assertTrue(flows.allMatch(flow -> flow.reason() != null));
            }
        }
    }

    @Test
    void closingTheStreamEndsItsSource() throws InterruptedException {
        CountDownLatch left = new CountDownLatch(1);
        try (Arena arena = Arena.ofShared()) {
            PacketBatch batch = new PacketBatch(arena, new RandomTraffic(9).packets(500));
            FlowEvents events =
                    FlowEvents.iterator(
                            options,
                            tracker -> {
                                try {
                                    while (true) {
                                        batch.feed(tracker, 0, batch.count);
                                    }
                                } finally {
                                    left.countDown();
                                }
                            });
            events.next();
            events.close();
            assertTrue(left.await(10, TimeUnit.SECONDS));
        }
    }

    @Test
    void failureOfTheSourceReachesWhoeverReads() {
        FlowEvents events =
                FlowEvents.iterator(
                        options,
                        tracker -> {
                            throw new IllegalArgumentException("no such file");
                        });
        IllegalStateException thrown = assertThrows(IllegalStateException.class, events::hasNext);
        assertTrue(thrown.getMessage().contains("no such file"));
        events.close();
    }
}
