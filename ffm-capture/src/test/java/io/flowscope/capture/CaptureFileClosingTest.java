package io.flowscope.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flowscope.capture.generate.PcapWriter;
import io.flowscope.capture.generate.TrafficGenerator;
import io.flowscope.capture.generate.TrafficSpec;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

class CaptureFileClosingTest {
    private static final long PROMPT_MILLIS = 100;

    @TempDir Path folder;
    private Path file;

    @BeforeEach
    void generate() {
        file = folder.resolve("some.pcap");
        var spec = TrafficSpec.builder().flows(10).packets(2_000).build();
        try (var generator = TrafficGenerator.of(spec);
                var writer = PcapWriter.to(file, PcapWriter.Precision.NANOSECONDS, 1)) {
            generator.forEachBatch(writer);
        }
    }

    /** Opens a stream that has a header and then nothing. */
    private interface Opening {
        CaptureFile open() throws Exception;
    }

    private static void stopsPromptly(boolean close, Opening silent) throws Exception {
        Promptly.within(PROMPT_MILLIS, () -> stopped(silent.open(), close));
    }

    /** How many milliseconds it took to stop it. */
    private static double stopped(CaptureFile capture, boolean close) throws Exception {
        var begun = new CountDownLatch(1);
        var done =
                CompletableFuture.supplyAsync(
                        () -> {
                            begun.countDown();
                            return capture.forEachBatch((m, d, n) -> {});
                        });
        assertTrue(begun.await(10, TimeUnit.SECONDS));
        Thread.sleep(150);
        assertFalse(done.isDone());
        long start = System.nanoTime();
        if (close) {
            capture.close();
        } else {
            capture.stop();
        }
        assertEquals(0, done.get(5, TimeUnit.SECONDS));
        double millis = Promptly.since(start);
        capture.close();
        return millis;
    }

    @Test
    void aSilentPipeIsStoppedAndClosedPromptly() throws Exception {
        for (boolean close : new boolean[] {false, true}) {
            for (boolean header : new boolean[] {false, true}) {
                List<Pipe> pipes = new ArrayList<>();
                stopsPromptly(
                        close,
                        () -> {
                            Pipe pipe = Pipe.open();
                            pipes.add(pipe);
                            if (header) {
                                pipe.sink().write(ByteBuffer.wrap(Files.readAllBytes(file), 0, 24));
                            }
                            var options = CaptureFileOptions.standard();
                            return CaptureFile.open(pipe.source(), "pipe", options);
                        });
                for (Pipe pipe : pipes) {
                    pipe.sink().close();
                }
            }
        }
    }

    @Test
    void aNamedPipeIsStoppedPromptly() throws Exception {
        Path fifo = folder.resolve("fifo");
        Tools.lines("mkfifo", fifo.toString());
        List<OutputStream> held = new ArrayList<>();
        stopsPromptly(
                false,
                () -> {
                    var writer =
                            CompletableFuture.supplyAsync(
                                    () -> {
                                        try {
                                            return Files.newOutputStream(fifo);
                                        } catch (java.io.IOException e) {
                                            throw new java.io.UncheckedIOException(e);
                                        }
                                    });
                    CaptureFile capture = CaptureFile.open(fifo);
                    held.add(writer.get(5, TimeUnit.SECONDS));
                    held.getLast().write(Files.readAllBytes(file), 0, 24);
                    return capture;
                });
        for (OutputStream each : held) {
            each.close();
        }
    }

    @Test
    void aSilentStreamIsStoppedAndClosedPromptly() throws Exception {
        for (boolean close : new boolean[] {false, true}) {
            stopsPromptly(
                    close,
                    () -> {
                        InputStream source = new PipedInputStream(new PipedOutputStream());
                        return CaptureFile.open(source, "stream", CaptureFileOptions.standard());
                    });
        }
    }

    @Test
    void packetsOfAPipeComeBeforeItEnds() throws Exception {
        Pipe pipe = Pipe.open();
        byte[] bytes = Files.readAllBytes(file);
        var got = new CountDownLatch(1);
        CaptureFile capture =
                CaptureFile.open(pipe.source(), "pipe", CaptureFileOptions.standard());
        var done =
                CompletableFuture.supplyAsync(
                        () -> capture.forEachBatch((m, d, n) -> got.countDown()));
        pipe.sink().write(ByteBuffer.wrap(bytes, 0, 1_000));
        assertTrue(got.await(5, TimeUnit.SECONDS));
        pipe.sink().close();
        assertTrue(done.get(5, TimeUnit.SECONDS) > 0);
        assertTrue(capture.ending().isTruncated());
        capture.close();
    }

    @Test
    void theHandlerMayCloseAndLateAccessThrows() {
        var kept = new AtomicReference<MemorySegment>();
        CaptureFile capture = CaptureFile.open(file);
        long delivered =
                capture.forEachBatch(
                        (memory, descriptors, count) -> {
                            kept.set(memory);
                            capture.close();
                            capture.close();
                            assertTrue(memory.get(ValueLayout.JAVA_LONG, 40) != 0);
                        });
        assertTrue(delivered > 0 && delivered < 2_000);
        assertThrows(IllegalStateException.class, () -> kept.get().get(ValueLayout.JAVA_BYTE, 0));
        assertThrows(IllegalStateException.class, () -> capture.forEachBatch((m, d, n) -> {}));
        assertEquals(delivered, capture.statistics().packets());
        capture.close();
    }

    @Test
    void aHandlersExceptionIsThrownOnAndNothingIsStuck() {
        try (CaptureFile capture = CaptureFile.open(file)) {
            var thrown =
                    assertThrows(
                            ArithmeticException.class,
                            () ->
                                    capture.forEachBatch(
                                            (m, d, n) -> {
                                                throw new ArithmeticException("mine");
                                            }));
            assertEquals("mine", thrown.getMessage());
            long rest = capture.forEachBatch((m, d, n) -> {});
            assertEquals(2_000 - 512, rest);
        }
    }

    @Test
    void twoThreadsCannotReadAtOnce() {
        try (CaptureFile capture = CaptureFile.open(file)) {
            capture.forEachBatch(
                    (m, d, n) ->
                            assertThrows(
                                    IllegalStateException.class,
                                    () -> capture.forEachBatch((a, b, c) -> {})));
        }
    }

    @Test
    void closeReturnsSoonWhileAHandlerIsBusyAndTheReaderFrees() throws Exception {
        var inside = new CountDownLatch(1);
        var leave = new CountDownLatch(1);
        var kept = new AtomicReference<MemorySegment>();
        CaptureFile capture = CaptureFile.open(file);
        var done =
                CompletableFuture.supplyAsync(
                        () ->
                                capture.forEachBatch(
                                        (memory, d, n) -> {
                                            kept.set(memory);
                                            inside.countDown();
                                            try {
                                                assertTrue(leave.await(10, TimeUnit.SECONDS));
                                            } catch (InterruptedException e) {
                                                throw new IllegalStateException(e);
                                            }
                                            assertTrue(memory.get(ValueLayout.JAVA_LONG, 40) != 0);
                                        }));
        assertTrue(inside.await(5, TimeUnit.SECONDS));
        long start = System.nanoTime();
        capture.close();
        long millis = (System.nanoTime() - start) / 1_000_000;
        assertTrue(millis < 1_000, "close took " + millis + " ms");
        leave.countDown();
        assertEquals(512, done.get(5, TimeUnit.SECONDS));
        // A batch lent in checked mode belongs to the reader's thread as well.
        Class<? extends RuntimeException> refusal =
                Batches.CHECKED ? WrongThreadException.class : IllegalStateException.class;
        assertThrows(refusal, () -> kept.get().get(ValueLayout.JAVA_BYTE, 0));
    }

    private void closeWhileReading(int rounds) throws Exception {
        var random = new Random(5);
        for (int round = 0; round < rounds; round++) {
            var options = CaptureFileOptions.builder().mapped(round % 3 == 2).readBytes(16 << 10);
            CaptureFile capture = CaptureFile.open(file, options.batchPackets(16).build());
            long[] sum = {0};
            Thread reader =
                    Thread.ofPlatform()
                            .start(
                                    () -> {
                                        try {
                                            capture.forEach(
                                                    (m, o, c, l, t) ->
                                                            sum[0] +=
                                                                    m.get(
                                                                            ValueLayout.JAVA_BYTE,
                                                                            o));
                                        } catch (IllegalStateException e) {
                                            // Closed before the reader came.
                                            sum[0] = -1;
                                        }
                                    });
            int wait = random.nextInt(200);
            long until = System.nanoTime() + wait * 1_000L;
            while (System.nanoTime() < until) {
                Thread.onSpinWait();
            }
            capture.close();
            reader.join(5_000);
            assertFalse(reader.isAlive());
        }
    }

    @Test
    void closingWhileReadingIsSafe() throws Exception {
        closeWhileReading(300);
    }

    @Test
    @Tag("slow")
    void closingWhileReadingIsSafeTenThousandTimesAndLeaksNothing() throws Exception {
        closeWhileReading(200);
        long descriptors = count("/proc/self/fd");
        long mappings = mappings();
        closeWhileReading(10_000);
        assertTrue(count("/proc/self/fd") <= descriptors + 3);
        assertTrue(mappings() <= mappings + 20);
    }

    private static long count(String directory) throws Exception {
        try (Stream<Path> entries = Files.list(Path.of(directory))) {
            return entries.count();
        }
    }

    private static long mappings() throws Exception {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
            return lines.filter(line -> line.contains("some.pcap") || line.contains("[anon"))
                    .count();
        }
    }

    @Test
    void aFileThatCannotBeOpenedSaysWhyAndLeaksNothing() throws Exception {
        Path empty = Files.write(folder.resolve("empty"), new byte[0]);
        long before = count("/proc/self/fd");
        for (int i = 0; i < 100; i++) {
            for (boolean mapped : new boolean[] {false, true}) {
                var options = CaptureFileOptions.builder().mapped(mapped).build();
                assertThrows(CaptureException.class, () -> CaptureFile.open(empty, options));
            }
        }
        assertTrue(count("/proc/self/fd") <= before + 2);
        String missing =
                assertThrows(CaptureException.class, () -> CaptureFile.open(folder.resolve("none")))
                        .getMessage();
        assertTrue(missing.startsWith("there is no file "), missing);
        String directory =
                assertThrows(CaptureException.class, () -> CaptureFile.open(folder)).getMessage();
        assertTrue(directory.contains("is a folder"), directory);
    }
}
