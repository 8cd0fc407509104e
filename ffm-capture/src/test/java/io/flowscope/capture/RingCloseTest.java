package io.flowscope.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

@Timeout(600)
class RingCloseTest {
    /**
     * Each batch in an arena of its own makes no other race of it: a fifth will do in that mode.
     */
    private static final int ROUNDS =
            Integer.getInteger("flowscope.close.rounds", Batches.CHECKED ? 2_000 : 10_000);

    private static final int AT_A_TIME = 16;

    private static RingOptions options(TestNetwork network) {
        return RingOptions.builder(network.near)
                .blockBytes(4096)
                .blockCount(4)
                .retireMillis(1)
                .build();
    }

    /** Opening and closing wait for the kernel, not for a processor: many at the same time. */
    @Test
    @Tag("slow")
    void closingWhileReadingNeverCrashesAndIsPrompt() throws Exception {
        int descriptors;
        int mappings;
        try (TestNetwork network = TestNetwork.create();
                TestSender sender = TestSender.far(network)) {
            RingOptions options = options(network);
            round(options, new Random(1), 0);
            descriptors = descriptors();
            mappings = mappings();
            AtomicBoolean done = new AtomicBoolean();
            Thread traffic =
                    Thread.ofPlatform()
                            .start(
                                    () -> {
                                        while (!done.get()) {
                                            sender.send(64, 300);
                                            LockSupport.parkNanos(2_000_000);
                                        }
                                    });
            AtomicInteger next = new AtomicInteger();
            AtomicReference<Throwable> failure = new AtomicReference<>();
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < AT_A_TIME; i++) {
                Random random = new Random(i);
                threads.add(
                        Thread.ofPlatform()
                                .start(
                                        () -> {
                                            try {
                                                int round;
                                                while ((round = next.getAndIncrement()) < ROUNDS) {
                                                    round(options, random, round);
                                                }
                                            } catch (Throwable thrown) {
                                                failure.compareAndSet(null, thrown);
                                            }
                                        }));
            }
            for (Thread thread : threads) {
                thread.join();
            }
            done.set(true);
            traffic.join();
            assertNull(failure.get(), () -> "round failed: " + failure.get());
            // What the network's commands had open may have been closed since the first count.
            int first = descriptors;
            Eventually.holds("no more open files", () -> descriptors() <= first);
            assertEquals(mappings, mappings(), "mapped rings");
        }
    }

    /** One thread reads every byte, another closes at a random moment. */
    private static void round(RingOptions options, Random random, int round)
            throws InterruptedException {
        RingCapture ring = RingCapture.open(options);
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        CountDownLatch begun = new CountDownLatch(1);
        Thread reader =
                Thread.ofPlatform()
                        .start(
                                () -> {
                                    begun.countDown();
                                    try {
                                        ring.forEachBatch(
                                                (memory, descriptors, count) -> {
                                                    long offset =
                                                            descriptors.get(
                                                                    ValueLayout.JAVA_LONG, 0);
                                                    memory.get(
                                                            ValueLayout.JAVA_LONG_UNALIGNED,
                                                            offset);
                                                    memory.get(ValueLayout.JAVA_BYTE, 16383);
                                                });
                                    } catch (Throwable failure) {
                                        thrown.set(failure);
                                    }
                                });
        if (round % 2 == 0) {
            begun.await();
        }
        LockSupport.parkNanos(random.nextInt(400_000));
        ring.close();
        ring.close();
        reader.join(5000);
        assertTrue(!reader.isAlive(), "the reader stays");
        boolean tooLate =
                thrown.get() instanceof IllegalStateException e && "closed".equals(e.getMessage());
        if (thrown.get() != null && !tooLate) {
            throw new AssertionError("round " + round, thrown.get());
        }
    }

    @Test
    void aHandlerMayCloseItsOwnRing() throws InterruptedException {
        try (TestNetwork network = TestNetwork.create();
                TestSender sender = TestSender.far(network)) {
            RingCapture ring = RingCapture.open(options(network));
            sender.send(100, 100);
            AtomicInteger calls = new AtomicInteger();
            ring.forEachBatch(
                    (memory, descriptors, count) -> {
                        calls.incrementAndGet();
                        ring.close();
                        memory.get(ValueLayout.JAVA_BYTE, 0);
                    });
            assertEquals(1, calls.get());
            assertTrue(ring.statistics().packets() >= 1);
        }
    }

    @Test
    void closeReturnsAlthoughTheHandlerIsBusyAndTheMemoryStaysUntilItReturns() throws Exception {
        try (TestNetwork network = TestNetwork.create();
                TestSender sender = TestSender.far(network)) {
            Promptly.between(90, 500, () -> closedWithABusyHandler(network, sender));
        }
    }

    /** How many milliseconds closing took. */
    private static double closedWithABusyHandler(TestNetwork network, TestSender sender)
            throws InterruptedException {
        RingCapture ring = RingCapture.open(options(network));
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch mayLeave = new CountDownLatch(1);
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread reader =
                Thread.ofPlatform()
                        .start(
                                () ->
                                        ring.forEachBatch(
                                                (memory, descriptors, count) -> {
                                                    inside.countDown();
                                                    try {
                                                        mayLeave.await();
                                                        memory.get(ValueLayout.JAVA_BYTE, 0);
                                                    } catch (Throwable failure) {
                                                        thrown.set(failure);
                                                    }
                                                }));
        sender.send(1, 100);
        inside.await();
        long begin = System.nanoTime();
        ring.close();
        double millis = Promptly.since(begin);
        mayLeave.countDown();
        reader.join();
        assertNull(thrown.get());
        assertEquals(0, mappings());
        return millis;
    }

    private static int descriptors() {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return (int) open.count();
        } catch (IOException noProc) {
            throw new java.io.UncheckedIOException(noProc);
        }
    }

    private static int mappings() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
            return (int) lines.filter(line -> line.contains("socket:")).count();
        } catch (IOException noProc) {
            throw new java.io.UncheckedIOException(noProc);
        }
    }
}
