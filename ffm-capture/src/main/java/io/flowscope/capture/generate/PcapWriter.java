package io.flowscope.capture.generate;

import io.flowscope.capture.BatchHandler;
import io.flowscope.capture.CaptureException;
import io.flowscope.capture.PacketDescriptor;
import io.flowscope.capture.PacketHandler;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes a pcap file, and knows nothing else: no rotation, no interfaces, no compression. Little
 * endian on every machine, so the same packets give the same file.
 *
 * <pre>
 *   file header                                        per packet
 *   +-------+-------+---------+-------+---------+------+  +---------+----------+----------+--------+
 *   | magic | 2 | 4 | zone: 0 | 0     | snaplen | link |  | seconds | fraction | captured | length |
 *   | 4     | 2 | 2 | 4       | 4     | 4       | 4    |  | 4       | 4        | 4        | 4      |
 *   +-------+-------+---------+-------+---------+------+  +---------+----------+----------+--------+
 * </pre>
 */
public final class PcapWriter implements PacketHandler, BatchHandler, AutoCloseable {
    private static final int SNAP_LENGTH = 262_144;
    private static final int BUFFER_BYTES = 64 << 10;

    /** How finely a file counts time. */
    public enum Precision {
        /** Microseconds: what every reader understands. */
        MICROSECONDS(0xA1B2C3D4, 1_000),
        /** Nanoseconds. */
        NANOSECONDS(0xA1B23C4D, 1);

        private final int magic;
        private final int nanos;

        Precision(int magic, int nanos) {
            this.magic = magic;
            this.nanos = nanos;
        }
    }

    private final OutputStream out;
    private final int unitNanos;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int used;

    private PcapWriter(OutputStream out, Precision precision, int linkType) {
        this.out = out;
        unitNanos = precision.nanos;
        putInt(precision.magic);
        putInt(2 | 4 << 16);
        putInt(0);
        putInt(0);
        putInt(SNAP_LENGTH);
        putInt(linkType);
    }

    /** Writes to a stream, which is closed with the writer. */
    public static PcapWriter to(OutputStream out, Precision precision, int linkType) {
        return new PcapWriter(out, precision, linkType);
    }

    /**
     * Writes to a new file, or over an old one.
     *
     * @throws CaptureException if it cannot be opened
     */
    public static PcapWriter to(Path file, Precision precision, int linkType) {
        try {
            return new PcapWriter(Files.newOutputStream(file), precision, linkType);
        } catch (IOException e) {
            throw new CaptureException("cannot write " + file + ": " + e, e);
        }
    }

    @Override
    public void onPacket(
            MemorySegment memory, long offset, int captured, int length, long timestampNanos) {
        if (BUFFER_BYTES - used < 16) {
            flush();
        }
        long seconds = Math.floorDiv(timestampNanos, 1_000_000_000L);
        putInt((int) seconds);
        putInt((int) (timestampNanos - seconds * 1_000_000_000L) / unitNanos);
        putInt(captured);
        putInt(length);
        for (int done = 0; done < captured; ) {
            if (used == BUFFER_BYTES) {
                flush();
            }
            int piece = Math.min(captured - done, BUFFER_BYTES - used);
            MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, offset + done, buffer, used, piece);
            used += piece;
            done += piece;
        }
    }

    @Override
    public void onBatch(MemorySegment memory, MemorySegment descriptors, int count) {
        for (int i = 0; i < count; i++) {
            long at = (long) i * PacketDescriptor.BYTES;
            onPacket(
                    memory,
                    descriptors.get(ValueLayout.JAVA_LONG, at + PacketDescriptor.OFFSET),
                    descriptors.get(ValueLayout.JAVA_INT, at + PacketDescriptor.CAPTURED),
                    descriptors.get(ValueLayout.JAVA_INT, at + PacketDescriptor.LENGTH),
                    descriptors.get(ValueLayout.JAVA_LONG, at + PacketDescriptor.TIMESTAMP));
        }
    }

    private void putInt(int value) {
        buffer[used] = (byte) value;
        buffer[used + 1] = (byte) (value >>> 8);
        buffer[used + 2] = (byte) (value >>> 16);
        buffer[used + 3] = (byte) (value >>> 24);
        used += 4;
    }

    private void flush() {
        try {
            out.write(buffer, 0, used);
        } catch (IOException e) {
            throw new CaptureException("cannot write the capture: " + e.getMessage(), e);
        }
        used = 0;
    }

    /** Writes what is left and closes the file. */
    @Override
    public void close() {
        try (out) {
            out.write(buffer, 0, used);
            used = 0;
        } catch (IOException e) {
            throw new CaptureException("cannot write the capture: " + e.getMessage(), e);
        }
    }
}
