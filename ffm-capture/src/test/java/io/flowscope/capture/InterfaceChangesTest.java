package io.flowscope.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flowscope.capture.CaptureEvent.Kind;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

@Tag("slow")
@Timeout(60)
class InterfaceChangesTest {
    private final List<CaptureEvent> events = new CopyOnWriteArrayList<>();
    private final AtomicLong received = new AtomicLong();

    private RingCapture open(TestNetwork network, boolean shared) {
        return RingCapture.open(
                RingOptions.builder(network.near)
                        .profile(RingProfile.LOW_LATENCY)
                        .filter(TestSender.FILTER)
                        .fanout(shared ? Fanout.byFlow() : null)
                        .listener(events::add)
                        .build());
    }

    private Thread read(RingCapture ring) {
        return Thread.ofPlatform()
                .start(() -> ring.forEachBatch((m, d, count) -> received.addAndGet(count)));
    }

    private void awaitEvent(Kind kind) {
        Eventually.holds(
                kind + " among " + events, () -> events.stream().anyMatch(e -> e.kind() == kind));
    }

    private void awaitFrames(TestNetwork network, long count) {
        try (TestSender sender = TestSender.far(network)) {
            sender.send(10, 100);
        }
        Eventually.holds(count + " frames", () -> received.get() == count);
    }

    @Test
    void capturingGoesOnWhenAnInterfaceThatWasDownIsUpAgain() throws InterruptedException {
        try (TestNetwork network = TestNetwork.create();
                RingCapture ring = open(network, false)) {
            Thread reader = read(ring);
            awaitFrames(network, 10);
            TestNetwork.run("ip", "link", "set", network.near, "down");
            awaitEvent(Kind.INTERFACE_DOWN);
            TestNetwork.run("ip", "link", "set", network.near, "up");
            awaitEvent(Kind.INTERFACE_UP);
            awaitFrames(network, 20);
            ring.stop();
            reader.join();
            assertEquals(0, ring.statistics().drops());
        }
    }

    @Test
    void capturingGoesOnUnderAnotherName() throws InterruptedException {
        try (TestNetwork network = TestNetwork.create();
                RingCapture ring = open(network, false)) {
            Thread reader = read(ring);
            String other = network.near + "x";
            TestNetwork.run("ip", "link", "set", network.near, "name", other);
            awaitEvent(Kind.INTERFACE_RENAMED);
            assertEquals(other, events.getFirst().interfaceName());
            awaitFrames(network, 10);
            TestNetwork.run("ip", "link", "set", other, "name", network.near);
            ring.stop();
            reader.join();
        }
    }

    @Test
    void capturingGoesOnWithANewInterfaceOfTheSameName() throws InterruptedException {
        comesBack(false);
    }

    @Test
    void sharedCapturingGoesOnWithANewInterfaceOfTheSameName() throws InterruptedException {
        comesBack(true);
    }

    private void comesBack(boolean shared) throws InterruptedException {
        try (TestNetwork network = TestNetwork.create();
                RingCapture ring = open(network, shared)) {
            Thread reader = read(ring);
            awaitFrames(network, 10);
            network.disconnect();
            awaitEvent(Kind.INTERFACE_REMOVED);
            long polls = ring.ringStatistics().polls();
            long begin = System.nanoTime();
            Thread.sleep(500);
            double most = 20 * Math.max(1, Promptly.since(begin) / 500);
            assertTrue(ring.ringStatistics().polls() - polls < most, "spins while it waits");
            network.connect();
            awaitEvent(Kind.INTERFACE_BACK);
            Eventually.holds(
                    "up",
                    () ->
                            events.stream().anyMatch(e -> e.kind() == Kind.INTERFACE_UP)
                                    || ring.ring().link().isUp());
            awaitFrames(network, 20);
            ring.stop();
            reader.join();
            assertEquals(20, ring.statistics().packets());
        }
    }
}
