package io.flowscope.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flowscope.bindings.linux.ErrnoCapture;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

@Timeout(60)
class InjectorTest {
    private static final ValueLayout.OfInt BIG =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    /** Some packets, a given time apart, each numbered. */
    private record Made(int count, int lengthBytes, long gapNanos, int flags, int linkType)
            implements PacketSource {
        @Override
        public int linkType() {
            return linkType;
        }

        @Override
        public long forEachBatch(BatchHandler handler) {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment memory = arena.allocate((long) count * lengthBytes);
                MemorySegment descriptors =
                        arena.allocate((long) count * PacketDescriptor.BYTES, 8);
                for (int i = 0; i < count; i++) {
                    long offset = (long) i * lengthBytes;
                    memory.set(BIG, offset + 12, TestSender.ETHER_TYPE << 16);
                    memory.set(BIG, offset + TestSender.NUMBER_OFFSET, i);
                    long at = (long) i * PacketDescriptor.BYTES;
                    Descriptors.put(
                            descriptors,
                            at,
                            offset,
                            1_000_000_000L + i * gapNanos,
                            lengthBytes,
                            lengthBytes,
                            Descriptors.linkTypeAndFlags(linkType, flags),
                            0);
                    descriptors.set(
                            ValueLayout.JAVA_INT, at + PacketDescriptor.VLAN_TCI, 0x8100_0005);
                }
                handler.onBatch(memory, descriptors, count);
            }
            return count;
        }

        @Override
        public long forEach(PacketHandler handler) {
            return forEachBatch(Batches.oneByOne(handler));
        }

        @Override
        public CaptureStatistics statistics() {
            return new CaptureStatistics(count, 0, 0);
        }

        @Override
        public void stop() {}

        @Override
        public void close() {}
    }

    /** What arrives on the near side: the times of the frames, which must be in order. */
    private static List<Long> received(
            TestNetwork network, String filter, int count, Runnable action) {
        List<Long> times = Collections.synchronizedList(new ArrayList<>());
        try (RingCapture ring =
                RingCapture.open(
                        RingOptions.builder(network.near).filter(filter).retireMillis(1).build())) {
            CompletableFuture<Long> reader =
                    CompletableFuture.supplyAsync(
                            () ->
                                    ring.forEach(
                                            (memory, offset, captured, length, nanos) ->
                                                    times.add(nanos)));
            action.run();
            Eventually.holds(count + " frames", () -> times.size() >= count);
            ring.stop();
            reader.join();
            assertEquals(count, times.size());
        }
        return times;
    }

    private static Injector far(TestNetwork network, InjectorOptions options) {
        return network.callFar(() -> Injector.open(options));
    }

    @Test
    void sendsEverythingInEveryRound() {
        try (TestNetwork network = TestNetwork.create();
                Injector injector = far(network, InjectorOptions.of(network.far))) {
            assertEquals(List.of(), injector.notes());
            received(
                    network,
                    TestSender.FILTER,
                    3 * 2000,
                    () ->
                            assertEquals(
                                    6000,
                                    injector.replay(
                                            () -> new Made(2000, 200, 0, 0, 1),
                                            new ReplayOptions(0, 3))));
            assertEquals(
                    new InjectorStatistics(6000, 6000 * 200, 0, 0, 0, 0), injector.statistics());
        }
    }

    @Test
    void keepsThePausesOfTheOriginalOrAFractionOfThem() throws Exception {
        try (TestNetwork network = TestNetwork.create();
                Injector injector = far(network, InjectorOptions.of(network.far))) {
            Supplier<PacketSource> source = () -> new Made(20, 100, 10_000_000, 0, 1);
            for (double speed : new double[] {1, 4}) {
                ReplayOptions options = new ReplayOptions(speed, 1);
                Promptly.between(
                        190 / speed - 40,
                        190 / speed + 40,
                        () ->
                                millis(
                                        received(
                                                network,
                                                TestSender.FILTER,
                                                20,
                                                () -> injector.replay(source, options))));
            }
        }
    }

    /** From the first to the last. */
    private static double millis(List<Long> times) {
        return (times.getLast() - times.getFirst()) / 1e6;
    }

    @Test
    void keepsToPacketsAndBitsPerSecond() throws Exception {
        try (TestNetwork network = TestNetwork.create()) {
            InjectorOptions free = InjectorOptions.of(network.far);
            // 1000 frames of 125 bytes: 10 000 frames or 10 million bits a second are 100 ms.
            for (InjectorOptions options :
                    List.of(
                            free.withPacketsPerSecond(10_000),
                            free.withBitsPerSecond(10_000_000))) {
                try (Injector injector = far(network, options)) {
                    Runnable replay =
                            () ->
                                    injector.replay(
                                            () -> new Made(1000, 125, 0, 0, 1),
                                            ReplayOptions.asFastAsPossible());
                    Promptly.between(
                            80,
                            200,
                            () -> millis(received(network, TestSender.FILTER, 1000, replay)));
                }
            }
        }
    }

    @Test
    void putsTagsBackAndCountsWhatItLeavesOut() {
        try (TestNetwork network = TestNetwork.create();
                Injector injector = far(network, InjectorOptions.of(network.far))) {
            received(
                    network,
                    "vlan 5 and ether proto 0x88b5",
                    10,
                    () -> {
                        ReplayOptions fast = ReplayOptions.asFastAsPossible();
                        injector.replay(
                                () -> new Made(10, 100, 0, PacketDescriptor.FLAG_VLAN, 1), fast);
                        injector.replay(() -> new Made(3, 100, 0, 0, 101), fast);
                        injector.replay(() -> new Made(2, 5000, 0, 0, 1), fast);
                    });
            assertEquals(new InjectorStatistics(10, 1040, 0, 2, 3, 0), injector.statistics());
        }
    }

    @Test
    void sendsWithMessagesWhereThereIsNoRing() {
        try (TestNetwork network = TestNetwork.create();
                Arena arena = Arena.ofShared()) {
            ErrnoCapture errno = ErrnoCapture.allocate(arena);
            received(
                    network,
                    TestSender.FILTER,
                    200,
                    () ->
                            network.callFar(
                                    () -> {
                                        PacketSocket socket = PacketSocket.open(errno, "test");
                                        socket.bindForSending(
                                                errno,
                                                NetworkInterfaceState.of(errno, network.far)
                                                        .index());
                                        MessageQueue queue = new MessageQueue(arena, socket, 1522);
                                        for (int i = 0; i < 200; i++) {
                                            long at = queue.next();
                                            while (at < 0) {
                                                assertEquals(0, queue.flush(errno));
                                                at = queue.next();
                                            }
                                            queue.memory()
                                                    .set(BIG, at + 12, TestSender.ETHER_TYPE << 16);
                                            queue.add(100 + i);
                                        }
                                        assertEquals(0, queue.flush(errno));
                                        assertTrue(queue.isEmpty());
                                        socket.close(errno);
                                        return null;
                                    }));
        }
    }

    @Test
    void anEndlessReplayStopsPromptlyAndForGood() throws Exception {
        try (TestNetwork network = TestNetwork.create()) {
            Promptly.within(100, () -> stopped(network));
        }
    }

    /** How many milliseconds it took to stop an endless replay, which then is stopped for good. */
    private static double stopped(TestNetwork network) throws InterruptedException {
        try (Injector injector = far(network, InjectorOptions.of(network.far))) {
            Thread sender =
                    Thread.ofPlatform()
                            .start(
                                    () ->
                                            injector.replay(
                                                    () -> new Made(10, 100, 1_000_000_000, 0, 1),
                                                    new ReplayOptions(1, 0)));
            Eventually.holds("the first frame", () -> injector.statistics().packets() >= 1);
            long begin = System.nanoTime();
            injector.stop();
            sender.join();
            double millis = Promptly.since(begin);
            long sent = injector.statistics().packets();
            assertEquals(
                    0,
                    injector.replay(
                            () -> new Made(10, 100, 0, 0, 1), ReplayOptions.asFastAsPossible()));
            assertEquals(sent, injector.statistics().packets());
            return millis;
        }
    }

    @Test
    void aDownInterfaceIsAnError() {
        try (TestNetwork network = TestNetwork.create();
                Injector injector = far(network, InjectorOptions.of(network.far))) {
            network.inNamespace("ip", "link", "set", network.far, "down");
            CaptureException down =
                    assertThrows(
                            CaptureException.class,
                            () ->
                                    injector.replay(
                                            () -> new Made(10, 100, 0, 0, 1),
                                            ReplayOptions.asFastAsPossible()));
            assertTrue(String.valueOf(down.getMessage()).contains("ENETDOWN"), down.getMessage());
            assertEquals(0, injector.statistics().packets());
            assertEquals(0, injector.statistics().bytes());
            // What waits is sent with the next, once it is up again.
            network.inNamespace("ip", "link", "set", network.far, "up");
            injector.replay(() -> new Made(5, 100, 0, 0, 1), ReplayOptions.asFastAsPossible());
            assertEquals(15, injector.statistics().packets());
            assertEquals(1_500, injector.statistics().bytes());
        }
    }
}
