package io.flowscope.tracker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flowscope.tracker.model.EventLog;
import io.flowscope.tracker.model.PacketBatch;
import io.flowscope.tracker.model.RandomTraffic;
import io.flowscope.tracker.model.TestPacket;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Random;

@Tag("slow")
@Execution(ExecutionMode.CONCURRENT)
class BatchTest {
    private static List<String> run(
            TrackerOptions options, PacketBatch batch, int mode, Random random) {
        EventLog log = new EventLog();
        try (FlowTracker tracker = new FlowTracker(options, log)) {
            if (mode == 0) {
                batch.feedSingly(tracker);
            }
            for (int done = 0; mode != 0 && done < batch.count; ) {
                int size = mode == 1 ? batch.count : 1 + random.nextInt(mode);
                int end = Math.min(batch.count, done + size);
                batch.feed(tracker, done, end);
                done = end;
            }
        }
        return log.lines;
    }

    @Test
    void eventsDoNotDependOnHowPacketsAreGrouped() {
        for (long seed = 0; seed < 12; seed++) {
            Random random = new Random(seed);
            TrackerOptions options = ReferenceModelTest.options(random);
            List<TestPacket> packets = new RandomTraffic(seed).packets(600);
            packets.forEach(packet -> packet.interfaceIndex = -1);
            try (Arena arena = Arena.ofConfined()) {
                PacketBatch batch = new PacketBatch(arena, packets);
                List<String> singly = run(options, batch, 0, random);
                for (int mode : new int[] {1, 2, 31, 33, 200}) {
                    assertEquals(singly, run(options, batch, mode, random), "seed " + seed);
                }
            }
        }
    }

    @Test
    void twoRunsGiveTheSameEventsThoughTheirHashesDiffer() {
        List<TestPacket> packets = new RandomTraffic(3).packets(5000);
        try (Arena arena = Arena.ofConfined()) {
            PacketBatch batch = new PacketBatch(arena, packets);
            TrackerOptions options = TrackerOptions.builder().maxFlows(64).build();
            Random random = new Random(1);
            assertEquals(run(options, batch, 1, random), run(options, batch, 1, random));
        }
    }

    @Test
    void arbitraryBytesNeverThrow() {
        Random random = new Random(11);
        try (Arena arena = Arena.ofConfined();
                FlowTracker tracker =
                        new FlowTracker(
                                TrackerOptions.builder().maxFlows(50).anomalies(true).build(),
                                new EventLog())) {
            List<TestPacket> packets = new RandomTraffic(5).packets(3000);
            PacketBatch batch = new PacketBatch(arena, packets);
            MemorySegment memory = batch.memory;
            for (int round = 0; round < 20; round++) {
                for (int i = 0; i < memory.byteSize() / 50; i++) {
                    long at = random.nextLong(memory.byteSize());
                    memory.set(ValueLayout.JAVA_BYTE, at, (byte) random.nextInt());
                }
                batch.feed(tracker, 0, batch.count);
            }
            TrackerCounters counters = tracker.counters();
            assertEquals(60_000, counters.packets());
            assertEquals(counters.created(), counters.ended() + counters.live());
        }
    }
}
