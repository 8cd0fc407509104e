package io.flowscope.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;

/** How the kernel shares packets among the rings of a group. */
@Timeout(60)
class FanoutTest {
    private static final int FLOWS = 64;
    private static final int FIRST_PORT = 20_000;
    private static final int SERVER_PORT = 53;
    private static final ValueLayout.OfShort PORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    @Test
    void everyModeSharesOutEveryFrameOnce() {
        int frames = 200;
        try (TestNetwork network = TestNetwork.create();
                TestSender sender = TestSender.far(network)) {
            for (Fanout.Mode mode : Fanout.Mode.values()) {
                for (boolean flags : new boolean[] {false, true}) {
                    // The mode that rolls over needs no flag to do so, and is refused with it.
                    boolean rollover = flags && mode != Fanout.Mode.ROLLOVER;
                    RingOptions options =
                            RingOptions.builder(network.near)
                                    .profile(RingProfile.LOW_LATENCY)
                                    .filter(TestSender.FILTER)
                                    .fanout(new Fanout(0, mode, flags, rollover, true))
                                    .build();
                    AtomicInteger seen = new AtomicInteger();
                    try (Workers workers = Workers.open(options, 2)) {
                        BatchHandler handler =
                                (memory, descriptors, count) -> seen.addAndGet(count);
                        var run =
                                CompletableFuture.runAsync(
                                        () -> workers.forEachBatch(w -> handler));
                        sender.send(frames, 100);
                        Eventually.holds(mode + " " + seen, () -> seen.get() == frames);
                        workers.stop();
                        run.join();
                        assertEquals(frames, workers.statistics().packets(), mode::toString);
                    }
                }
            }
        }
    }

    @Test
    void bothDirectionsOfAFlowGoToTheSameWorker() {
        int rounds = 5;
        int frames = FLOWS * rounds * 2;
        AtomicIntegerArray workersOf = new AtomicIntegerArray(FLOWS);
        AtomicInteger seen = new AtomicInteger();
        try (TestNetwork network = TestNetwork.create();
                TestSender sender = TestSender.far(network);
                Workers workers =
                        Workers.open(
                                RingOptions.builder(network.near)
                                        .profile(RingProfile.LOW_LATENCY)
                                        .filter("udp and port " + SERVER_PORT)
                                        .build(),
                                4)) {
            var run =
                    CompletableFuture.runAsync(
                            () ->
                                    workers.forEachBatch(
                                            worker ->
                                                    (memory, descriptors, count) -> {
                                                        note(
                                                                worker,
                                                                workersOf,
                                                                memory,
                                                                descriptors,
                                                                count);
                                                        seen.addAndGet(count);
                                                    }));
            for (int i = 0; i < frames; i++) {
                sender.header(datagram(i / 2 % FLOWS, i % 2 == 0));
                sender.sendAsIs(60);
            }
            Eventually.holds("all frames", () -> seen.get() == frames);
            workers.stop();
            run.join();
        }
        int used = 0;
        for (int flow = 0; flow < FLOWS; flow++) {
            assertEquals(1, Integer.bitCount(workersOf.get(flow)), "workers of flow " + flow);
            used |= workersOf.get(flow);
        }
        assertTrue(Integer.bitCount(used) > 1, "all flows went to one worker");
    }

    private static void note(
            int worker,
            AtomicIntegerArray workersOf,
            MemorySegment memory,
            MemorySegment descriptors,
            int count) {
        for (int i = 0; i < count; i++) {
            long at = (long) i * PacketDescriptor.BYTES;
            long udp = descriptors.get(ValueLayout.JAVA_LONG, at + PacketDescriptor.OFFSET) + 34;
            int source = memory.get(PORT, udp) & 0xffff;
            int destination = memory.get(PORT, udp + 2) & 0xffff;
            int client = source == SERVER_PORT ? destination : source;
            workersOf.getAndUpdate(client - FIRST_PORT, bits -> bits | 1 << worker);
        }
    }

    /** A frame between 198.18.0.1 and 198.18.0.2, without checksums: nobody takes it. */
    private static byte[] datagram(int flow, boolean forth) {
        byte[] frame = new byte[60];
        MemorySegment bytes = MemorySegment.ofArray(frame);
        frame[0] = 2;
        frame[6] = 2;
        bytes.set(PORT, 12, (short) 0x0800);
        frame[14] = 0x45;
        bytes.set(PORT, 16, (short) 46);
        frame[22] = 64;
        frame[23] = 17;
        for (int at : new int[] {26, 30}) {
            frame[at] = (byte) 198;
            frame[at + 1] = 18;
            frame[at + 3] = (byte) (at == 26 == forth ? 1 : 2);
        }
        bytes.set(PORT, forth ? 34 : 36, (short) (FIRST_PORT + flow));
        bytes.set(PORT, forth ? 36 : 34, (short) SERVER_PORT);
        bytes.set(PORT, 38, (short) 26);
        return frame;
    }
}
