package io.flowscope.capture;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.lang.management.ManagementFactory;
import java.util.concurrent.atomic.AtomicLong;

/** What the reading thread allocates: nothing per packet, per block or per sleep. */
@Tag("unchecked")
@Tag("slow")
@Timeout(120)
class RingAllocationTest {
    private static final com.sun.management.ThreadMXBean THREADS =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** Less than one object per batch or sleep; a look at the interface now and then is allowed. */
    private static final int MOST_BYTES = 4096;

    /** Written by the reading thread after each batch. */
    private final AtomicLong packets = new AtomicLong();

    private final AtomicLong allocated = new AtomicLong();

    private Thread read(RingCapture ring) {
        BatchHandler handler =
                (memory, descriptors, count) -> {
                    packets.addAndGet(count);
                    allocated.set(THREADS.getCurrentThreadAllocatedBytes());
                };
        return Thread.ofPlatform().start(() -> ring.forEachBatch(handler));
    }

    private void send(TestSender sender, RingCapture ring, int frames) {
        long before = packets.get() + ring.statistics().drops();
        sender.send(frames, 100);
        Eventually.holds(
                "all frames", () -> packets.get() + ring.statistics().drops() >= before + frames);
    }

    @Test
    void aPacketCostsNoAllocation() throws InterruptedException {
        int frames = 200_000;
        try (TestNetwork network = TestNetwork.create();
                TestSender sender = TestSender.far(network);
                RingCapture ring = RingCapture.open(options(network).build())) {
            Thread reader = read(ring);
            long least = Long.MAX_VALUE;
            for (int i = 0; i < 5; i++) {
                long before = allocated.get();
                send(sender, ring, frames);
                least = Math.min(least, allocated.get() - before);
            }
            ring.stop();
            reader.join();
            assertTrue(least < MOST_BYTES, least + " bytes for " + frames + " packets");
        }
    }

    @Test
    void aSleepCostsNoAllocation() throws InterruptedException {
        int sleeps = 1_000;
        try (TestNetwork network = TestNetwork.create();
                TestSender sender = TestSender.far(network);
                RingCapture ring =
                        RingCapture.open(
                                options(network).profile(RingProfile.LOW_LATENCY).build())) {
            Thread reader = read(ring);
            long least = Long.MAX_VALUE;
            for (int i = 0; i < 5; i++) {
                long before = allocated.get();
                long polls = ring.ringStatistics().polls();
                while (ring.ringStatistics().polls() < polls + sleeps) {
                    send(sender, ring, 1);
                }
                least = Math.min(least, allocated.get() - before);
            }
            ring.stop();
            reader.join();
            assertTrue(least < MOST_BYTES, least + " bytes for " + sleeps + " sleeps");
        }
    }

    private static RingOptions.Builder options(TestNetwork network) {
        return RingOptions.builder(network.near).filter(TestSender.FILTER);
    }
}
