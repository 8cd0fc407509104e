package io.flowscope.tracker;

import static io.flowscope.tracker.model.Trace.CLIENT;
import static io.flowscope.tracker.model.Trace.SERVER;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flowscope.tracker.model.EventLog;
import io.flowscope.tracker.model.PacketBatch;
import io.flowscope.tracker.model.RandomTraffic;
import io.flowscope.tracker.model.TestPacket;
import io.flowscope.tracker.model.Trace;
import io.flowscope.tracker.packet.PacketCursor;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

class LifecycleTest {
    private static final TestPacket PACKET = TestPacket.udp(CLIENT, SERVER, 1);

    @Test
    void closeEndsAllFlowsOnTheTrackersOwnThread() {
        Trace trace = new Trace();
        trace.send(PACKET);
        trace.close();
        trace.tracker.close();
        assertEquals("ended finished", trace.take().getLast());
        assertEquals(1, trace.tracker.counters().ended());
    }

    @Test
    void lateAccessThrows() {
        EventLog log = new EventLog();
        try (Arena arena = Arena.ofConfined()) {
            PacketBatch batch = new PacketBatch(arena, List.of(PACKET));
            FlowTracker tracker = new FlowTracker(TrackerOptions.defaults(), log);
            batch.feed(tracker, 0, 1);
            tracker.close();
            assertThrows(IllegalStateException.class, () -> batch.feed(tracker, 0, 1));
            assertThrows(IllegalStateException.class, () -> batch.feedSingly(tracker));
            assertThrows(IllegalStateException.class, tracker::finish);
            assertThrows(IllegalStateException.class, tracker::snapshot);
            assertThrows(IllegalStateException.class, () -> tracker.sweep(1));
            assertEquals(1, tracker.counters().packets());
        }
    }

    @Test
    void listenerCanCloseItsTracker() {
        AtomicReference<FlowTracker> tracker = new AtomicReference<>();
        List<String> seen = new ArrayList<>();
        FlowListener listener =
                new FlowListener() {
                    @Override
                    public void onPacket(FlowView flow, Side side, PacketCursor packet) {
                        seen.add(flow.key().toString());
                        tracker.get().close();
                    }
                };
        tracker.set(new FlowTracker(TrackerOptions.defaults(), listener));
        try (Arena arena = Arena.ofConfined()) {
            PacketBatch batch = new PacketBatch(arena, List.of(PACKET));
            batch.feed(tracker.get(), 0, 1);
            assertThrows(IllegalStateException.class, () -> batch.feed(tracker.get(), 0, 1));
        }
        assertEquals(1, seen.size());
    }

    @Test
    void listenerMustNotCallItsTracker() {
        AtomicReference<FlowTracker> tracker = new AtomicReference<>();
        FlowListener listener =
                new FlowListener() {
                    @Override
                    public void onStarted(FlowView flow) {
                        tracker.get().finish();
                    }
                };
        tracker.set(new FlowTracker(TrackerOptions.defaults(), listener));
        try (Arena arena = Arena.ofConfined();
                FlowTracker closing = tracker.get()) {
            PacketBatch batch = new PacketBatch(arena, List.of(PACKET));
            assertThrows(IllegalStateException.class, () -> batch.feed(closing, 0, 1));
        }
    }

    @Test
    void listenerThatThrowsLeavesAWholeTracker() {
        FlowListener listener =
                new FlowListener() {
                    @Override
                    public void onEnded(FlowView flow, EndReason reason) {
                        throw new IllegalArgumentException("mine");
                    }
                };
        TrackerOptions options = TrackerOptions.builder().maxFlows(1).build();
        FlowTracker tracker = new FlowTracker(options, listener);
        try (Arena arena = Arena.ofConfined()) {
            TestPacket other = TestPacket.udp(SERVER, new TestPacket.Endpoint(false, 5, 5), 1);
            PacketBatch batch = new PacketBatch(arena, List.of(PACKET, other));
            batch.feed(tracker, 0, 1);
            assertThrows(IllegalArgumentException.class, () -> batch.feed(tracker, 1, 2));
            assertEquals(0, tracker.liveFlows());
            batch.feed(tracker, 1, 2);
            assertEquals(1, tracker.liveFlows());
        }
        assertThrows(IllegalArgumentException.class, tracker::close);
        assertThrows(IllegalStateException.class, tracker::snapshot);
    }

    @Test
    void closingFromAnotherThreadWhilePacketsAreTrackedIsSafe() throws InterruptedException {
        closeRounds(60);
    }

    @Test
    @Tag("slow")
    @Tag("unchecked") // for its length; the short run is checked as well
    void closingFromAnotherThreadIsSafeTenThousandTimes() throws InterruptedException {
        closeRounds(10_000);
    }

    private static void closeRounds(int rounds) throws InterruptedException {
        List<TestPacket> packets = new RandomTraffic(1).packets(400);
        TrackerOptions options = TrackerOptions.builder().maxFlows(100).build();
        try (Arena arena = Arena.ofShared()) {
            PacketBatch batch = new PacketBatch(arena, packets);
            int slow = 0;
            for (int round = 0; round < rounds; round++) {
                FlowTracker tracker = new FlowTracker(options, FlowListener.NONE);
                CountDownLatch running = new CountDownLatch(1);
                AtomicReference<Throwable> thrown = new AtomicReference<>();
                Thread reader =
                        Thread.ofPlatform()
                                .start(
                                        () -> {
                                            try {
                                                while (true) {
                                                    batch.feed(tracker, 0, batch.count);
                                                    running.countDown();
                                                }
                                            } catch (Throwable t) {
                                                thrown.set(t);
                                            }
                                        });
                running.await();
                long before = System.nanoTime();
                tracker.close();
                tracker.close();
                long taken = System.nanoTime() - before;
                reader.join();
                assertInstanceOf(IllegalStateException.class, thrown.get());
                slow += taken < 1_000_000_000 ? 0 : 1;
                assertThrows(IllegalStateException.class, tracker::snapshot);
            }
            // A busy machine may keep one or another waiting.
            assertTrue(slow <= rounds / 50, slow + " of " + rounds + " took longer than a second");
        }
    }

    @Test
    void snapshotFromAnotherThreadShowsWholeRecords() throws InterruptedException {
        List<TestPacket> packets = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            TestPacket.Endpoint host = new TestPacket.Endpoint(i % 2 == 0, 1 + i % 7, 1000);
            TestPacket.Endpoint peer = new TestPacket.Endpoint(i % 2 == 0, 9, 53);
            packets.add(TestPacket.udp(host, peer, 100));
        }
        TrackerOptions options = TrackerOptions.builder().maxFlows(9).moments(true).build();
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        try (Arena arena = Arena.ofShared();
                FlowTracker tracker = new FlowTracker(options)) {
            PacketBatch batch = new PacketBatch(arena, packets);
            batch.feed(tracker, 0, batch.count);
            CountDownLatch done = new CountDownLatch(1);
            Thread watcher =
                    Thread.ofPlatform()
                            .start(
                                    () -> {
                                        try {
                                            for (int i = 0; i < 3000; i++) {
                                                tracker.snapshot().forEach(LifecycleTest::check);
                                            }
                                        } catch (Throwable t) {
                                            thrown.set(t);
                                        } finally {
                                            done.countDown();
                                        }
                                    });
            while (done.getCount() > 0) {
                batch.feed(tracker, 0, batch.count);
            }
            watcher.join();
        }
        if (thrown.get() != null) {
            throw new AssertionError(thrown.get());
        }
    }

    /** Every packet has the same size, so the numbers of a whole record agree. */
    private static void check(FlowRecord flow) {
        SideStatistics side = flow.initiator();
        assertFalse(side.packets() == 0, flow::toString);
        assertEquals(side.packets() * 100, side.payloadBytes(), flow::toString);
        int frame = flow.key().kind() == io.flowscope.tracker.key.FlowKey.Kind.IPV6 ? 162 : 142;
        assertEquals(side.packets() * frame, side.bytes(), flow::toString);
        assertEquals(side.packets(), flow.moments().initiatorBytes().count(), flow::toString);
    }
}
