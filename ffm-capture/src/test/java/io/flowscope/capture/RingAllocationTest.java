package io.flowscope.capture;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flowscope.bindings.linux.DescriptorCalls;
import io.flowscope.bindings.linux.ErrnoCapture;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
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

    /**
     * What the JVM's own stub for poll allocates per call until it has been compiled, which takes
     * its time on a busy machine; nothing of ours may come on top.
     */
    private static final long STUB_BYTES = 40;

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

    /** Until it is compiled, the JVM's way into native code allocates some bytes per call. */
    @BeforeAll
    static void compileThePoll() {
        try (Arena arena = Arena.ofConfined()) {
            ErrnoCapture errno = ErrnoCapture.allocate(arena);
            for (int i = 0; i < 100_000; i++) {
                DescriptorCalls.poll(errno, MemorySegment.NULL, 0, 0);
            }
        }
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
                long polls = ring.ringStatistics().polls();
                send(sender, ring, frames);
                polls = ring.ringStatistics().polls() - polls;
                least = Math.min(least, allocated.get() - before - polls * STUB_BYTES);
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
            long most = MOST_BYTES + sleeps * STUB_BYTES;
            assertTrue(least < most, least + " bytes for " + sleeps + " sleeps");
        }
    }

    private static RingOptions.Builder options(TestNetwork network) {
        return RingOptions.builder(network.near).filter(TestSender.FILTER);
    }
}
