package io.flowscope.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

@Timeout(60)
class WorkersTest {
    private static RingOptions.Builder options(TestNetwork network) {
        return RingOptions.builder(network.near)
                .profile(RingProfile.LOW_LATENCY)
                .filter(TestSender.FILTER);
    }

    @Test
    void everyFrameGoesToExactlyOneWorker() {
        int frames = 10_000;
        Fanout turns = new Fanout(0, Fanout.Mode.LOAD_BALANCE, false, false, true);
        AtomicLongArray each = new AtomicLongArray(3);
        AtomicLong all = new AtomicLong();
        try (TestNetwork network = TestNetwork.create();
                TestSender sender = TestSender.far(network);
                Workers workers = Workers.open(options(network).fanout(turns).build(), 3, 0, 1)) {
            CompletableFuture<Long> run =
                    CompletableFuture.supplyAsync(
                            () ->
                                    workers.forEachBatch(
                                            worker ->
                                                    (memory, descriptors, count) -> {
                                                        each.addAndGet(worker, count);
                                                        all.addAndGet(count);
                                                    }));
            sender.send(frames, 100);
            Eventually.holds("all frames", () -> all.get() == frames);
            workers.stop();
            assertEquals(frames, run.join());
            assertEquals(frames, workers.statistics().packets());
            for (int i = 0; i < 3; i++) {
                assertTrue(each.get(i) >= frames / 4, "worker " + i + ": " + each.get(i));
            }
        }
    }

    @Test
    void oneHandlerThatThrowsStopsAll() {
        try (TestNetwork network = TestNetwork.create();
                TestSender sender = TestSender.far(network);
                Workers workers = Workers.open(options(network).build(), 2)) {
            sender.send(10, 100);
            IllegalStateException thrown =
                    assertThrows(
                            IllegalStateException.class,
                            () ->
                                    workers.forEachBatch(
                                            worker ->
                                                    (memory, descriptors, count) -> {
                                                        throw new IllegalStateException("mine");
                                                    }));
            assertEquals("mine", thrown.getMessage());
            for (Thread thread : Thread.getAllStackTraces().keySet()) {
                assertFalse(thread.getName().startsWith("flowscope-worker"), "still runs");
            }
        }
    }
}
