package io.flowscope.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

@Timeout(30)
class RingCaptureTest {
    private static final ValueLayout.OfInt NUMBER =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private static TestNetwork network;

    @BeforeAll
    static void connect() {
        network = TestNetwork.create();
    }

    @AfterAll
    static void disconnect() {
        if (network != null) {
            network.close();
        }
    }

    private static RingOptions.Builder options() {
        return RingOptions.builder(network.near)
                .filter(TestSender.FILTER)
                .blockBytes(1 << 16)
                .blockCount(8)
                .retireMillis(5);
    }

    /** Reads on a thread of its own until it is stopped. */
    private static Thread reading(PacketSource source, BatchHandler handler) {
        return Thread.ofPlatform().start(() -> source.forEachBatch(handler));
    }

    private static void await(String what, java.util.function.BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, "timed out: " + what);
            LockSupport.parkNanos(1_000_000);
        }
    }

    @Test
    void deliversEveryFrameOnceAndInOrder() throws InterruptedException {
        int frames = 20_000;
        AtomicLong next = new AtomicLong();
        AtomicLong wrong = new AtomicLong();
        try (TestSender sender = TestSender.far(network);
                RingCapture ring =
                        RingCapture.open(options().profile(RingProfile.THROUGHPUT).build())) {
            Thread reader =
                    reading(
                            ring,
                            (memory, descriptors, count) -> {
                                for (int i = 0; i < count; i++) {
                                    long at = (long) i * PacketDescriptor.BYTES;
                                    long offset = descriptors.get(ValueLayout.JAVA_LONG, at);
                                    int number =
                                            memory.get(NUMBER, offset + TestSender.NUMBER_OFFSET);
                                    wrong.addAndGet(number == next.getAndIncrement() ? 0 : 1);
                                }
                            });
            sender.send(frames, 100);
            await("all frames", () -> next.get() == frames);
            ring.stop();
            reader.join();
            assertEquals(0, wrong.get());
            RingStatistics statistics = ring.ringStatistics();
            assertEquals(frames, statistics.packets());
            assertEquals(frames, statistics.delivered());
            assertEquals(0, statistics.drops());
            assertEquals(0, statistics.sequenceGaps());
        }
    }

    @Test
    void countsEveryFrameAsDeliveredOrDroppedWhenTheHandlerIsSlow() throws InterruptedException {
        int frames = 30_000;
        try (TestSender sender = TestSender.far(network);
                RingCapture ring =
                        RingCapture.open(options().blockBytes(1 << 14).blockCount(4).build())) {
            AtomicLong delivered = new AtomicLong();
            Thread reader =
                    reading(
                            ring,
                            (memory, descriptors, count) -> {
                                delivered.addAndGet(count);
                                LockSupport.parkNanos(300_000);
                            });
            sender.send(frames, 200);
            await(
                    "delivered + dropped = sent",
                    () -> delivered.get() + ring.statistics().drops() == frames);
            Thread.sleep(20);
            ring.stop();
            reader.join();
            RingStatistics statistics = ring.ringStatistics();
            assertTrue(statistics.drops() > 0, "nothing was dropped");
            assertEquals(frames, statistics.packets());
            assertEquals(frames, statistics.delivered() + statistics.drops());
            assertEquals(delivered.get(), statistics.delivered());
        }
    }

    @Test
    void describesLengthsTimesAndDirection() throws InterruptedException {
        long before = System.currentTimeMillis();
        long[] seen = new long[PacketDescriptor.BYTES / 8];
        try (TestSender sender = TestSender.far(network);
                RingCapture ring = RingCapture.open(options().snapBytes(64).build())) {
            sender.send(1, 900);
            Thread reader =
                    reading(
                            ring,
                            (memory, descriptors, count) -> {
                                MemorySegment.copy(
                                        descriptors, ValueLayout.JAVA_LONG, 0, seen, 0, 5);
                                ring.stop();
                            });
            reader.join();
        }
        MemorySegment packet = MemorySegment.ofArray(seen);
        long nanos = packet.get(ValueLayout.JAVA_LONG, PacketDescriptor.TIMESTAMP);
        assertTrue(nanos / 1_000_000 >= before - 1, "time " + nanos);
        assertTrue(nanos / 1_000_000 <= System.currentTimeMillis(), "time " + nanos);
        assertEquals(64, packet.get(ValueLayout.JAVA_INT, PacketDescriptor.CAPTURED));
        assertEquals(900, packet.get(ValueLayout.JAVA_INT, PacketDescriptor.LENGTH));
        assertEquals(1, packet.get(ValueLayout.JAVA_SHORT, PacketDescriptor.LINK_TYPE));
        int flags = packet.get(ValueLayout.JAVA_SHORT, PacketDescriptor.FLAGS);
        assertEquals(
                PacketDescriptor.DIRECTION_OTHER_HOST, flags & PacketDescriptor.DIRECTION_MASK);
        assertEquals(PacketDescriptor.FLAG_TRUNCATED, flags & PacketDescriptor.FLAG_TRUNCATED);
    }

    @Test
    void stopReturnsWithin100MillisWithoutTraffic() throws InterruptedException {
        int slow = 0;
        List<Double> took = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            try (RingCapture ring = RingCapture.open(options().build())) {
                Thread reader = reading(ring, (memory, descriptors, count) -> {});
                Thread.sleep(i % 4);
                long begin = System.nanoTime();
                ring.stop();
                reader.join();
                took.add(Promptly.since(begin));
                slow += took.getLast() < 100 ? 0 : 1;
            }
        }
        // A busy machine keeps one or another waiting; each of the four moments comes five times.
        assertTrue(slow < 5, "took " + took + " ms");
    }

    @Test
    void aRingThatWasStoppedHandsOverNothingMore() throws InterruptedException {
        try (TestSender sender = TestSender.far(network);
                RingCapture stoppedBefore = RingCapture.open(options().build());
                RingCapture stoppedWithin = RingCapture.open(options().build())) {
            stoppedBefore.stop();
            sender.send(10, 100);
            AtomicLong seen = new AtomicLong();
            BatchHandler stop =
                    (memory, descriptors, count) -> {
                        seen.incrementAndGet();
                        stoppedWithin.stop();
                    };
            stoppedWithin.forEachBatch(stop);
            assertEquals(1, seen.get());
            sender.send(10, 100);
            for (RingCapture ring : List.of(stoppedBefore, stoppedWithin)) {
                for (int i = 0; i < 2; i++) {
                    assertEquals(0, ring.forEachBatch((m, d, n) -> seen.incrementAndGet()));
                }
                assertEquals(20, ring.statistics().packets());
            }
            assertEquals(1, seen.get());
        }
    }

    @Test
    void aRecalledReaderLeavesOnceAndReadsOn() throws InterruptedException {
        try (TestSender sender = TestSender.far(network);
                RingCapture ring = RingCapture.open(options().build())) {
            ring.recall();
            assertEquals(0, ring.forEachBatch((memory, descriptors, count) -> {}));
            sender.send(10, 100);
            AtomicLong seen = new AtomicLong();
            while (seen.get() < 10) {
                ring.forEachBatch(
                        (memory, descriptors, count) -> {
                            seen.addAndGet(count);
                            ring.recall();
                        });
            }
            assertEquals(10, seen.get());
        }
    }

    @Test
    void aHandlerThatThrowsEndsTheReadingAndTheRestCanStillBeRead() throws InterruptedException {
        try (TestSender sender = TestSender.far(network);
                RingCapture ring = RingCapture.open(options().build())) {
            sender.send(10, 100);
            IllegalStateException thrown =
                    assertThrows(
                            IllegalStateException.class,
                            () ->
                                    ring.forEachBatch(
                                            (memory, descriptors, count) -> {
                                                throw new IllegalStateException("mine");
                                            }));
            assertEquals("mine", thrown.getMessage());
            sender.send(10, 100);
            AtomicLong rest = new AtomicLong();
            Thread reader = reading(ring, (memory, descriptors, count) -> rest.addAndGet(count));
            await("the second ten", () -> rest.get() == 10);
            ring.stop();
            reader.join();
        }
    }

    @Test
    void readingAfterCloseIsRefusedAndStatisticsStay() {
        RingCapture ring;
        try (TestSender sender = TestSender.far(network)) {
            ring = RingCapture.open(options().build());
            sender.send(5, 100);
            ring.close();
            ring.close();
            ring.stop();
        }
        assertThrows(IllegalStateException.class, () -> ring.forEachBatch((m, d, n) -> {}));
        assertEquals(5, ring.statistics().packets());
    }

    @Test
    void anUnknownInterfaceIsNamedWithWhatToDo() {
        CaptureException failure =
                assertThrows(
                        CaptureException.class,
                        () ->
                                RingCapture.open(
                                        RingOptions.of("fs-nowhere", RingProfile.LOW_MEMORY)));
        assertEquals(
                "if_nametoindex for interface 'fs-nowhere' failed: ENODEV;"
                        + " there is no such interface: 'ip link' lists those there are",
                failure.getMessage());
        assertTrue(RingCapture.isAvailable());
    }

    @Test
    void aTagThatTheKernelTookOutIsDescribedAndFiltered() throws InterruptedException {
        AtomicLong tags = new AtomicLong(-1);
        try (TestSender sender = TestSender.far(network);
                RingCapture ring =
                        RingCapture.open(
                                options().filter("vlan 77 and ether proto 0x88b5").build())) {
            byte[] header = new byte[20];
            header[0] = 2;
            header[6] = 2;
            header[12] = (byte) 0x81;
            header[15] = 76;
            header[16] = (byte) 0x88;
            header[17] = (byte) 0xb5;
            sender.header(header);
            sender.send(3, 100);
            header[15] = 77;
            header[14] = (byte) 0x60;
            sender.header(header);
            sender.send(1, 100);
            ring.forEachBatch(
                    (memory, descriptors, count) -> {
                        int flags = descriptors.get(ValueLayout.JAVA_SHORT, PacketDescriptor.FLAGS);
                        assertEquals(1, count);
                        assertFalse((flags & PacketDescriptor.FLAG_VLAN) == 0, "no tag");
                        tags.set(descriptors.get(ValueLayout.JAVA_INT, PacketDescriptor.VLAN_TCI));
                        ring.stop();
                    });
            assertEquals(0x8100_604dL, tags.get() & 0xffff_ffffL);
            assertEquals(1, ring.statistics().packets());
        }
    }
}
