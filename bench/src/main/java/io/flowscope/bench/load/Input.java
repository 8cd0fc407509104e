package io.flowscope.bench.load;

import io.flowscope.capture.CaptureFile;
import io.flowscope.capture.PacketDescriptor;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;

/**
 * A workload as a file, and what everybody who reads it must find.
 *
 * @param workload what it is
 * @param file where it is
 * @param packets how many packets the file has
 * @param bytes their bytes on the wire
 */
public record Input(Workload workload, Path file, long packets, long bytes) {
    /** Writes the file if it is not there, and reads it once: from then on it is cached. */
    public static Input of(Workload workload, Path cache) throws IOException {
        Path file = workload.file(cache);
        long[] bytes = new long[1];
        try (CaptureFile source = CaptureFile.open(file)) {
            long packets =
                    source.forEachBatch(
                            (memory, descriptors, count) -> {
                                for (int i = 0; i < count; i++) {
                                    long at = (long) i * PacketDescriptor.BYTES;
                                    bytes[0] +=
                                            descriptors.get(
                                                    ValueLayout.JAVA_INT,
                                                    at + PacketDescriptor.LENGTH);
                                }
                            });
            return new Input(workload, file, packets, bytes[0]);
        }
    }
}
