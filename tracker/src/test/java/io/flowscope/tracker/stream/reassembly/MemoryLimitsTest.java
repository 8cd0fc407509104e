package io.flowscope.tracker.stream.reassembly;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flowscope.tracker.stream.MemoryCapPolicy;
import io.flowscope.tracker.stream.OverlapPolicy;
import io.flowscope.tracker.stream.StreamEnd;
import io.flowscope.tracker.stream.StreamOptions;
import io.flowscope.tracker.stream.StreamStatistics;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;

@Execution(ExecutionMode.CONCURRENT)
class MemoryLimitsTest {
    private static final int CAP = 200_000;

    @Test
    void theCapIsNeverExceededByAByteAndEveryByteIsAccountedForWhateverThePolicy() {
        floods(0, 3);
    }

    @Test
    @Tag("slow")
    void theCapIsNeverExceededInManyMoreFloods() {
        floods(3, 40);
    }

    private static void floods(int from, int to) {
        for (MemoryCapPolicy policy : MemoryCapPolicy.values()) {
            for (OverlapPolicy overlap : OverlapPolicy.values()) {
                for (int seed = from; seed < to; seed++) {
                    flood(policy, overlap, seed);
                }
            }
        }
    }

    private static void flood(MemoryCapPolicy policy, OverlapPolicy overlap, int seed) {
        Random random = new Random(seed);
        StreamOptions options =
                StreamOptions.builder()
                        .memoryCapBytes(CAP)
                        .memoryCap(policy)
                        .overlap(overlap)
                        .bufferBytes(random.nextBoolean() ? 5_000 : 100_000)
                        .holdBytes(50_000)
                        .noTimeouts()
                        .build();
        long[] allocated = {0};
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment packet = arena.allocate(2_000).fill((byte) 'x');
            Reassembler reassembler =
                    new Reassembler(
                            options,
                            (bytes, alignment) -> {
                                allocated[0] += bytes;
                                return arena.allocate(bytes, alignment);
                            },
                            new Recorder.Host());
            int flows = 20;
            int[] handles = new int[flows];
            long[] payload = {0};
            for (int i = 0; i < flows; i++) {
                int flow = i;
                handles[i] =
                        reassembler.open(
                                i,
                                (stream, memory, at, length, time) ->
                                        flow % 3 == 0 ? length - length % 1_000 : length);
            }
            for (int step = 0; step < 5_000; step++) {
                int handle = handles[random.nextInt(flows)];
                int length = 1 + random.nextInt(1_460);
                int seq = random.nextInt(3) == 0 ? random.nextInt(500) : random.nextInt(300_000);
                reassembler.onSegment(handle, 0, seq, 0, 0, packet, 0, length, length, step);
                payload[0] += length;
                StreamStatistics now = reassembler.statistics();
                assertTrue(now.memoryBytes() <= now.memoryReservedBytes());
                assertTrue(now.memoryReservedBytes() <= CAP);
            }
            for (int handle : handles) {
                reassembler.end(handle, StreamEnd.FLOW_ENDED, 5_000);
            }
            StreamStatistics end = reassembler.statistics();
            assertEquals(0, end.memoryBytes());
            assertEquals(0, end.open());
            assertEquals(
                    payload[0],
                    end.deliveredBytes()
                            + end.duplicateBytes()
                            + end.oversizeBytes()
                            + end.outOfOrderBytes()
                            + end.ignoredBytes());
            assertTrue(end.oversizeBytes() > 0, "the cap was reached");
            assertTrue(end.memoryHighWaterBytes() > CAP / 3);
            assertEquals(policy == MemoryCapPolicy.DROP_LARGEST, end.endedForMemory() > 0);
            long records = allocated[0] - end.memoryReservedBytes();
            assertTrue(records > 0 && records < 200_000, "records " + records);
        }
    }

    @Test
    void ignoringTheNewKeepsWhatIsHeld() {
        StreamOptions.Builder options = StreamOptions.builder().memoryCapBytes(8_192);
        try (Wire wire = new Wire(options).handshake()) {
            wire.send(2, "cd").send(100_000, "far").send(0, "ab");
            assertEquals("bytes abcd", wire.events());
            assertEquals(3, wire.counters().oversizeBytes());
            assertTrue(wire.host.told.contains("0 BUFFER_OVERFLOW 3"));
        }
    }

    @Test
    void stoppingEndsTheSideThatAsks() {
        StreamOptions.Builder options =
                StreamOptions.builder().memoryCapBytes(8_192).memoryCap(MemoryCapPolicy.STOP);
        try (Wire wire = new Wire(options).handshake()) {
            wire.send(2, "cd").send(100_000, "far").send(0, "ab");
            assertEquals("end BUFFER_OVERFLOW", wire.events());
            assertEquals(7, wire.counters().oversizeBytes());
        }
    }

    @Test
    void droppingTheLargestEndsAnotherFlowAndMakesRoom() {
        StreamOptions options =
                StreamOptions.builder()
                        .memoryCapBytes(65_536)
                        .memoryCap(MemoryCapPolicy.DROP_LARGEST)
                        .build();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment packet = arena.allocate(2_000).fill((byte) 'x');
            Reassembler reassembler = new Reassembler(options, arena, new Recorder.Host());
            Recorder large = new Recorder();
            Recorder small = new Recorder();
            int first = reassembler.open(1, large);
            int second = reassembler.open(2, small);
            reassembler.onSegment(first, 0, -1, 0, Reassembler.SYN, packet, 0, 0, 0, 0);
            reassembler.onSegment(second, 0, -1, 0, Reassembler.SYN, packet, 0, 0, 0, 0);
            for (int at = 1; at < 38_000; at += 1_000) {
                reassembler.onSegment(first, 0, at, 0, 0, packet, 0, 1_000, 1_000, 0);
            }
            for (int at = 1; at < 20_000; at += 1_000) {
                reassembler.onSegment(second, 0, at, 0, 0, packet, 0, 1_000, 1_000, 0);
            }
            assertEquals(StreamEnd.BUFFER_OVERFLOW, large.ends[0]);
            assertEquals(1, reassembler.statistics().endedForMemory());
            reassembler.onSegment(second, 0, 0, 0, 0, packet, 0, 1, 1, 0);
            assertEquals(20_001, small.bytes[0].size());
        }
    }
}
