package io.flowscope.obs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.concurrent.atomic.AtomicLong;

class FlowEndQueueTest {
    private final AtomicLong woken = new AtomicLong();

    private static final class Sums implements FlowEndQueue.Meters {
        long flows;
        long sum;
        long watermarks;

        @Override
        public void flow(long durationNanos, long packets, long bytes) {
            flows++;
            sum += durationNanos + packets + bytes;
        }

        @Override
        public void highWatermark(int side, long bytes) {
            watermarks += bytes * (side + 1);
        }
    }

    @Test
    void whatWasOfferedComesOutOnce() {
        FlowEndQueue queue = new FlowEndQueue(woken::incrementAndGet);
        Sums sums = new Sums();
        assertTrue(queue.flow(1, 2, 3));
        assertTrue(queue.highWatermark(0, 10));
        assertTrue(queue.highWatermark(1, 100));
        queue.drain(sums);
        queue.drain(sums);
        assertEquals(1, sums.flows);
        assertEquals(6, sums.sum);
        assertEquals(210, sums.watermarks);
    }

    @Test
    void aFullQueueRefuses() {
        FlowEndQueue queue = new FlowEndQueue(woken::incrementAndGet);
        for (int i = 0; i < FlowEndQueue.ENTRIES; i++) {
            assertTrue(queue.flow(1, 0, 0));
        }
        assertFalse(queue.flow(1, 0, 0));
        assertEquals(1, woken.get(), "woken when it was half full");
        Sums sums = new Sums();
        queue.drain(sums);
        assertEquals(FlowEndQueue.ENTRIES, sums.flows);
        assertTrue(queue.flow(1, 0, 0));
    }

    @Test
    void nothingIsLostBetweenTwoThreads() throws InterruptedException {
        FlowEndQueue queue = new FlowEndQueue(woken::incrementAndGet);
        Sums sums = new Sums();
        AtomicLong refused = new AtomicLong();
        int all = 300_000;
        Thread writer =
                Thread.ofPlatform()
                        .start(
                                () -> {
                                    for (int i = 1; i <= all; i++) {
                                        if (!queue.flow(i, i, -i)) {
                                            refused.addAndGet(i);
                                        }
                                    }
                                });
        while (writer.isAlive()) {
            queue.drain(sums);
        }
        queue.drain(sums);
        assertEquals((long) all * (all + 1) / 2, sums.sum + refused.get());
    }
}
