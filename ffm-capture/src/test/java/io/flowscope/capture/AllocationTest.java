package io.flowscope.capture;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flowscope.capture.CaptureWriterOptions.Layout;
import io.flowscope.capture.generate.PcapWriter;
import io.flowscope.capture.generate.TrafficGenerator;
import io.flowscope.capture.generate.TrafficSpec;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;

/** Reading and writing allocate per file and per read, and nothing per packet. */
@Tag("unchecked")
@Tag("slow")
class AllocationTest {
    private static final int PACKETS = 400_000;
    private static final int FEW_PACKETS = 40_000;

    /** Less than a tenth of a byte per packet is none. */
    private static final double MOST_BYTES = 0.1;

    @TempDir Path folder;

    private Path generate(int packets) {
        Path file = folder.resolve(packets + ".pcap");
        var spec = TrafficSpec.builder().flows(10).packets(packets).build();
        try (var generator = TrafficGenerator.of(spec);
                var writer = PcapWriter.to(file, PcapWriter.Precision.NANOSECONDS, 1)) {
            generator.forEachBatch(writer);
        }
        return file;
    }

    private static long allocated(Runnable work) {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        work.run();
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    /**
     * What one more packet costs, warmed up: the difference of two files, so that opening is out.
     */
    private static double bytesPerPacket(Runnable few, Runnable many) {
        for (int i = 0; i < 15; i++) {
            few.run();
            many.run();
        }
        long least = Long.MAX_VALUE;
        double bytes = MOST_BYTES;
        // The compiler takes its time on a busy machine.
        for (int i = 0; i < 5 || bytes >= MOST_BYTES && i < 40; i++) {
            least = Math.min(least, allocated(many) - allocated(few));
            bytes = least / (double) (PACKETS - FEW_PACKETS);
        }
        return bytes;
    }

    private static void read(Path file, boolean mapped) {
        long[] sum = {0};
        var options = CaptureFileOptions.builder().mapped(mapped).build();
        try (CaptureFile capture = CaptureFile.open(file, options)) {
            capture.forEach((m, o, c, l, t) -> sum[0] += m.get(ValueLayout.JAVA_BYTE, o));
        }
        assertTrue(sum[0] != 0);
    }

    private static void copy(Path file, Path to, Layout layout) {
        var options = CaptureWriterOptions.builder().layout(layout).build();
        try (CaptureFile capture = CaptureFile.open(file);
                var writer = CaptureWriter.open(to, options)) {
            capture.forEachBatch(writer);
        }
    }

    @Test
    void readingAPacketAllocatesNothing() {
        Path few = generate(FEW_PACKETS);
        Path many = generate(PACKETS);
        for (boolean mapped : new boolean[] {false, true}) {
            double bytes = bytesPerPacket(() -> read(few, mapped), () -> read(many, mapped));
            assertTrue(bytes < MOST_BYTES, bytes + " bytes per packet");
        }
    }

    @Test
    void writingAPacketAllocatesNothing() {
        Path few = generate(FEW_PACKETS);
        Path many = generate(PACKETS);
        Path to = folder.resolve("out");
        for (Layout layout : Layout.values()) {
            double bytes =
                    bytesPerPacket(() -> copy(few, to, layout), () -> copy(many, to, layout));
            assertTrue(bytes < MOST_BYTES, bytes + " bytes per packet");
        }
    }
}
