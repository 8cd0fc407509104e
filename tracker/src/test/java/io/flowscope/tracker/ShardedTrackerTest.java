package io.flowscope.tracker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flowscope.tracker.model.PacketBatch;
import io.flowscope.tracker.model.RandomTraffic;
import io.flowscope.tracker.model.TestPacket;
import io.flowscope.tracker.model.TestPacket.Endpoint;

import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

class ShardedTrackerTest {
    private static final TrackerOptions OPTIONS = TrackerOptions.builder().noTimeouts().build();

    private static PacketBatch traffic(Arena arena, long seed) {
        List<TestPacket> packets = new RandomTraffic(seed).packets(3000);
        for (int i = 0; i < packets.size(); i++) {
            packets.get(i).time = 1_000_000L * i;
        }
        return new PacketBatch(arena, packets);
    }

    private static List<FlowEvent> sharded(PacketBatch batch, int shards, int most) {
        List<FlowEvent> events = new ArrayList<>();
        Random random = new Random(most);
        try (ShardedTracker tracker = ShardedTracker.merged(shards, OPTIONS, events::add)) {
            for (int done = 0; done < batch.count; ) {
                int end = Math.min(batch.count, done + 1 + random.nextInt(most));
                tracker.trackBatch(
                        batch.memory,
                        batch.descriptors.asSlice((long) done * PacketDescriptor.BYTES),
                        end - done);
                done = end;
            }
            tracker.finish();
            TrackerCounters counters = tracker.counters();
            assertEquals(batch.count, counters.packets());
            assertEquals(counters.created(), counters.ended());
        }
        return events;
    }

    /** Most flows end by {@code finish}, in the order of their trackers. */
    private static boolean isEnd(FlowEvent event) {
        return event instanceof FlowEvent.Ended;
    }

    @Test
    void eventsArriveInTheOrderOfThePacketsWhateverTheNumberOfTrackers() {
        try (Arena arena = Arena.ofShared()) {
            PacketBatch batch = traffic(arena, 4);
            List<FlowEvent> one = sharded(batch, 1, 3000);
            List<FlowEvent> expected = one.stream().filter(event -> !isEnd(event)).toList();
            for (int shards = 2; shards <= 5; shards++) {
                List<FlowEvent> many = sharded(batch, shards, 3000);
                assertEquals(expected, many.stream().filter(event -> !isEnd(event)).toList());
                Comparator<FlowEvent> order = Comparator.comparing(Object::toString);
                assertEquals(
                        one.stream().filter(event -> isEnd(event)).sorted(order).toList(),
                        many.stream().filter(event -> isEnd(event)).sorted(order).toList());
            }
        }
    }

    @Test
    void whatHasExpiredByTheLastPacketOfAllIsIdleInEveryTracker() {
        List<TestPacket> packets = new ArrayList<>();
        Endpoint server = new Endpoint(false, 1, 53);
        for (int host = 2; host < 62; host++) {
            packets.add(TestPacket.udp(new Endpoint(false, host, 1), server, 1));
        }
        packets.add(TestPacket.udp(new Endpoint(false, 62, 1), server, 1).at(100_000_000_000L));
        for (int shards = 1; shards <= 4; shards++) {
            List<EndReason> reasons = new ArrayList<>();
            try (Arena arena = Arena.ofShared();
                    ShardedTracker tracker =
                            ShardedTracker.merged(
                                    shards,
                                    TrackerOptions.defaults(),
                                    event -> {
                                        if (event instanceof FlowEvent.Ended ended) {
                                            reasons.add(ended.reason());
                                        }
                                    })) {
                PacketBatch batch = new PacketBatch(arena, packets);
                tracker.trackBatch(batch.memory, batch.descriptors, batch.count);
                tracker.finish();
            }
            assertEquals(60, Collections.frequency(reasons, EndReason.IDLE), shards + " shards");
            assertEquals(1, Collections.frequency(reasons, EndReason.FINISHED));
        }
    }

    @Test
    void orderDoesNotDependOnBatches() {
        try (Arena arena = Arena.ofShared()) {
            PacketBatch batch = traffic(arena, 5);
            assertEquals(sharded(batch, 3, 3000), sharded(batch, 3, 40));
        }
    }

    @Test
    void eachTrackersListenerHearsItsOwnFlows() {
        List<List<FlowEvent>> heard = new ArrayList<>();
        try (Arena arena = Arena.ofShared()) {
            PacketBatch batch = traffic(arena, 6);
            try (ShardedTracker tracker =
                    new ShardedTracker(
                            3,
                            OPTIONS,
                            shard -> {
                                List<FlowEvent> mine = new ArrayList<>();
                                heard.add(mine);
                                return FlowEvent.listener(mine::add);
                            })) {
                tracker.trackBatch(batch.memory, batch.descriptors, batch.count);
                assertEquals(tracker.snapshot().size(), tracker.counters().live());
            }
        }
        assertTrue(heard.stream().allMatch(events -> events.size() > 100));
        long keys =
                heard.stream()
                        .mapToLong(events -> events.stream().map(FlowEvent::key).distinct().count())
                        .sum();
        long distinct = heard.stream().flatMap(List::stream).map(FlowEvent::key).distinct().count();
        assertEquals(distinct, keys);
    }

    @Test
    void failureInOneTrackerReachesTheCaller() {
        try (Arena arena = Arena.ofShared()) {
            PacketBatch batch = traffic(arena, 6);
            FlowListener failing =
                    new FlowListener() {
                        @Override
                        public void onStarted(FlowView flow) {
                            throw new IllegalArgumentException("mine");
                        }
                    };
            try (ShardedTracker tracker = new ShardedTracker(2, OPTIONS, shard -> failing)) {
                assertThrows(
                        IllegalArgumentException.class,
                        () -> tracker.trackBatch(batch.memory, batch.descriptors, batch.count));
            }
        }
    }

    @Test
    void lateAccessThrows() {
        ShardedTracker tracker = new ShardedTracker(2, OPTIONS, shard -> FlowListener.NONE);
        tracker.close();
        tracker.close();
        assertThrows(IllegalStateException.class, tracker::finish);
    }
}
