package io.flowscope.obs.jfr;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

@Tag("slow")
class JvmLatenciesTest {
    @TempDir private Path folder;

    private static void until(BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + 30_000_000_000L;
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < end, "30 s have passed");
            Thread.sleep(20);
        }
    }

    @Test
    void everyFileOperationAndEverySleepIsMeasured() throws Exception {
        try (JvmLatencies jvm = JvmLatencies.start()) {
            Thread.sleep(500);
            long before = jvm.bytesWritten();
            try (FileChannel file =
                    FileChannel.open(
                            folder.resolve("f"),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE)) {
                for (int i = 0; i < 1000; i++) {
                    file.write(ByteBuffer.allocate(100));
                }
                file.force(true);
                file.position(0);
                file.read(ByteBuffer.allocate(50_000));
            }
            until(() -> jvm.bytesWritten() - before >= 100_000);
            until(() -> jvm.bytesRead() >= 50_000);
            until(() -> jvm.latencies(JvmLatencies.Kind.FSYNC).count() >= 1);
            until(() -> jvm.latencies(JvmLatencies.Kind.WRITE).count() >= 1000);
            assertTrue(jvm.latencies(JvmLatencies.Kind.READ).count() >= 1);
            // 250 ms are in the bucket from 204.8 to 409.6 ms; a busy machine wakes one up later.
            AtomicBoolean over = new AtomicBoolean();
            Thread sleeper = Thread.ofPlatform().name("sleeper").start(() -> sleep(250, over));
            try {
                until(() -> jvm.latencies(JvmLatencies.Kind.WAIT).bucket(12) >= 1);
            } finally {
                over.set(true);
                sleeper.join();
            }
        }
    }

    @Test
    void closingTwiceIsClosingOnce() {
        JvmLatencies jvm = JvmLatencies.start();
        jvm.close();
        jvm.close();
        assertEquals(0, jvm.latencies(JvmLatencies.Kind.FSYNC).bucket(19));
    }

    private static void sleep(long millis, AtomicBoolean over) {
        try {
            while (!over.get()) {
                Thread.sleep(millis);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
