package io.flowscope.capture;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Compresses into one gzip member. */
final class GzipSink implements ByteSink {
    private static final int OUTPUT_BYTES = 256 << 10;
    private static final int TRAILER_BYTES = 8;

    /** Deflate, no optional field, no time, written on Unix: the same input gives the same file. */
    private static final byte[] HEADER = {0x1F, (byte) 0x8B, 8, 0, 0, 0, 0, 0, 0, 3};

    private static final ValueLayout.OfInt LITTLE_INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final ByteSink below;
    private final Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
    private final CRC32 crc = new CRC32();
    private final MemorySegment output;
    private final ByteBuffer outputView;
    private MemorySegment viewed;
    private ByteBuffer view;

    GzipSink(ByteSink below, Arena arena) throws IOException {
        this.below = below;
        output = arena.allocate(OUTPUT_BYTES, Long.BYTES);
        outputView = output.asByteBuffer();
        viewed = output;
        view = outputView;
        MemorySegment.copy(HEADER, 0, output, ValueLayout.JAVA_BYTE, 0, HEADER.length);
        below.write(output, HEADER.length);
    }

    @Override
    public void write(MemorySegment memory, int length) throws IOException {
        if (!memory.equals(viewed)) {
            viewed = memory;
            view = memory.asByteBuffer();
        }
        crc.update(view.limit(length).position(0));
        deflater.setInput(view.position(0));
        while (!deflater.needsInput()) {
            drain(Deflater.NO_FLUSH);
        }
    }

    /**
     * @return whether the output was filled, so that more may be waiting
     */
    private boolean drain(int mode) throws IOException {
        outputView.clear();
        int length = deflater.deflate(outputView, mode);
        if (length > 0) {
            below.write(output, length);
        }
        return length == OUTPUT_BYTES;
    }

    @Override
    public void flush() throws IOException {
        boolean more;
        do {
            more = drain(Deflater.SYNC_FLUSH);
        } while (more);
        below.flush();
    }

    @Override
    public void end() throws IOException {
        deflater.finish();
        while (!deflater.finished()) {
            drain(Deflater.NO_FLUSH);
        }
        output.set(LITTLE_INT, 0, (int) crc.getValue());
        output.set(LITTLE_INT, 4, (int) deflater.getBytesRead());
        below.write(output, TRAILER_BYTES);
        deflater.end();
        below.end();
    }

    @Override
    public void abandon() {
        deflater.end();
        below.abandon();
    }
}
