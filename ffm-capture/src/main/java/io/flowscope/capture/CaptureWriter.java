package io.flowscope.capture;

import io.flowscope.bindings.zstd.Zstd;
import io.flowscope.capture.CaptureWriterOptions.Layout;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;

/**
 * Writes packets to a file, a series of files, or a stream. It is a batch handler: {@code
 * source.forEachBatch(writer)} writes a source down.
 *
 * <p>A VLAN tag that stands beside the frame in the descriptor is put back into it. Files have
 * their final names from the beginning and can be read while they are written: if the process is
 * killed, all that was flushed is there, and at most the last record is cut.
 *
 * <p>If writing fails, as on a full disk, the call throws {@link CaptureException}, the file is
 * closed, what was written stays, and every later call throws the same.
 *
 * <p>For one thread at a time.
 */
public final class CaptureWriter implements BatchHandler, AutoCloseable {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
    private static final int ETHERNET = 1;
    private static final int LINUX_COOKED = 113;
    private static final int TAG_BYTES = 4;
    private static final int USUAL_TAG = 0x8100;

    private final CaptureWriterOptions options;
    private final @Nullable FileSeries series;
    private final String name;
    private final RecordLayout layout;
    private final RecordLayout.Frame frame = new RecordLayout.Frame();
    private final Arena arena = Arena.ofShared();
    private final WriteBuffer out;

    /** Owns what the current file's compressor has. */
    private Arena fileArena = Arena.ofShared();

    private ByteSink sink;

    /** The current file's header is written when its first packet comes, or at its end. */
    private boolean begun;

    private long filePackets;
    private long fileStart;
    private long lastFlush;
    private long lastTimestamp;
    private @Nullable CaptureException failure;
    private boolean closed;
    private volatile long packets;
    private long counted;

    private CaptureWriter(
            CaptureWriterOptions options,
            @Nullable FileSeries series,
            String name,
            WritableByteChannel channel)
            throws IOException {
        this.options = options;
        this.series = series;
        this.name = name;
        layout =
                options.layout() == Layout.PCAPNG
                        ? new PcapngLayout(options)
                        : new PcapLayout(
                                options.layout() == Layout.PCAP_NANOSECONDS, options.snapLength());
        sink = sink(channel);
        out = new WriteBuffer(arena, options.bufferBytes(), sink);
    }

    /**
     * Writes to a new file, or over an old one; with a limit set, to a series of files.
     *
     * @throws CaptureException if it cannot be opened
     */
    public static CaptureWriter open(Path file, CaptureWriterOptions options) {
        ensureCompressor(options);
        var series = new FileSeries(file, options.rotates(), options.ringFiles());
        try {
            return new CaptureWriter(options, series, file.toString(), series.open());
        } catch (IOException e) {
            throw new CaptureException(
                    series.current() + " cannot be written: " + FileSeries.reason(e), e);
        }
    }

    /**
     * Writes to a stream, which is closed with the writer.
     *
     * @param name for messages
     */
    public static CaptureWriter to(OutputStream stream, String name, CaptureWriterOptions options) {
        ensureCompressor(options);
        if (options.rotates()) {
            throw new IllegalArgumentException("a stream cannot be rotated");
        }
        try {
            return new CaptureWriter(options, null, name, Channels.newChannel(stream));
        } catch (IOException e) {
            throw new CaptureException(name + " cannot be written: " + e.getMessage(), e);
        }
    }

    private static void ensureCompressor(CaptureWriterOptions options) {
        Throwable missing =
                options.compression() == CaptureWriterOptions.Compression.ZSTD
                        ? Zstd.unavailabilityCause()
                        : null;
        if (missing != null) {
            throw new CaptureException("zstd cannot be written: " + missing.getMessage(), missing);
        }
    }

    private ByteSink sink(WritableByteChannel channel) throws IOException {
        var plain = new ChannelSink(channel);
        return switch (options.compression()) {
            case NONE -> plain;
            case GZIP -> new GzipSink(plain, fileArena);
            case ZSTD -> new ZstdSink(plain, fileArena);
        };
    }

    @Override
    public void onBatch(MemorySegment memory, MemorySegment descriptors, int count) {
        write(memory, descriptors, count);
    }

    /**
     * Writes packets; see {@link BatchHandler#onBatch}.
     *
     * @throws CaptureException if they cannot be written
     */
    public void write(MemorySegment memory, MemorySegment descriptors, int count) {
        ensureUsable();
        try {
            for (int i = 0; i < count; i++) {
                load(memory, descriptors, (long) i * PacketDescriptor.BYTES);
                packet();
            }
            if (count > 0 && lastTimestamp - lastFlush >= options.flushNanos()) {
                lastFlush = lastTimestamp;
                out.drain();
                sink.flush();
            }
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private void load(MemorySegment memory, MemorySegment descriptors, long at) {
        RecordLayout.Frame next = frame;
        int flags = descriptors.get(SHORT, at + PacketDescriptor.FLAGS);
        next.memory = memory;
        next.offset = descriptors.get(LONG, at + PacketDescriptor.OFFSET);
        next.timestampNanos = descriptors.get(LONG, at + PacketDescriptor.TIMESTAMP);
        next.present = descriptors.get(INT, at + PacketDescriptor.CAPTURED);
        next.length = descriptors.get(INT, at + PacketDescriptor.LENGTH);
        next.linkType = descriptors.get(SHORT, at + PacketDescriptor.LINK_TYPE) & 0xFFFF;
        next.interfaceNumber = descriptors.get(INT, at + PacketDescriptor.INTERFACE);
        next.direction = flags & PacketDescriptor.DIRECTION_MASK;
        next.tagAt = -1;
        int tag = 0;
        if ((flags & PacketDescriptor.FLAG_VLAN) != 0) {
            tag = loadTag(descriptors, at);
        }
        next.captured = next.present + tag;
        next.length += tag;
        int snapLength = options.snapLength();
        if (next.captured > snapLength) {
            cut(snapLength);
        }
    }

    private int loadTag(MemorySegment descriptors, long at) {
        int place = frame.linkType == ETHERNET ? 12 : frame.linkType == LINUX_COOKED ? 14 : -1;
        if (place < 0 || frame.present < place) {
            return 0;
        }
        int protocol = descriptors.get(SHORT, at + PacketDescriptor.VLAN_TPID) & 0xFFFF;
        frame.tagAt = place;
        frame.tagProtocol = protocol == 0 ? USUAL_TAG : protocol;
        frame.tagControl = descriptors.get(SHORT, at + PacketDescriptor.VLAN_TCI) & 0xFFFF;
        return TAG_BYTES;
    }

    /** A frame is not cut inside its tag but before it. */
    private void cut(int snapLength) {
        frame.captured = snapLength;
        if (frame.tagAt < 0) {
            frame.present = snapLength;
        } else if (snapLength < frame.tagAt + TAG_BYTES) {
            frame.captured = Math.min(snapLength, frame.tagAt);
            frame.present = frame.captured;
            frame.tagAt = -1;
        } else {
            frame.present = snapLength - TAG_BYTES;
        }
    }

    private void packet() throws IOException {
        if (options.rotates() && filePackets > 0 && isFileFull()) {
            rotate();
        }
        if (!begun) {
            begin(frame.linkType);
        }
        layout.packet(out, frame);
        lastTimestamp = frame.timestampNanos;
        filePackets++;
        counted++;
        packets = counted;
    }

    private boolean isFileFull() {
        long bytes = options.rotateBytes();
        long nanos = options.rotateNanos();
        long most = options.rotatePackets();
        return (bytes > 0 && out.total() + layout.recordBytes(frame) > bytes)
                || (nanos > 0 && frame.timestampNanos - fileStart >= nanos)
                || (most > 0 && filePackets >= most);
    }

    private void begin(int linkType) throws IOException {
        begun = true;
        fileStart = frame.timestampNanos;
        lastFlush = frame.timestampNanos;
        layout.begin(out, linkType);
    }

    private void rotate() throws IOException {
        endFile();
        if (series == null) {
            throw new AssertionError("only files are rotated");
        }
        fileArena = Arena.ofShared();
        sink = sink(series.open());
        out.begin(sink);
        begun = false;
        filePackets = 0;
    }

    private void endFile() throws IOException {
        if (!begun) {
            begin(ETHERNET);
            layout.empty(out, ETHERNET);
        }
        out.drain();
        sink.end();
        Arenas.close(fileArena);
    }

    /**
     * Writes an interface's counters into the file, if its format has a place for them and the
     * interface has packets in the file.
     *
     * @param interfaceNumber as in the packets' descriptors
     */
    public void writeStatistics(int interfaceNumber, CaptureStatistics counters) {
        ensureUsable();
        try {
            layout.statistics(out, interfaceNumber, counters, lastTimestamp);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** Makes all packets so far readable to others. */
    public void flush() {
        ensureUsable();
        try {
            out.drain();
            sink.flush();
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private void ensureUsable() {
        if (closed) {
            throw new IllegalStateException("the writer of " + name + " is closed");
        }
        if (failure != null) {
            throw failure;
        }
    }

    private CaptureException failed(IOException e) {
        String where = series == null ? name : series.current().toString();
        var told =
                new CaptureException(
                        where
                                + " cannot be written: "
                                + e.getMessage()
                                + "; what was written before stays readable",
                        e);
        failure = told;
        sink.abandon();
        Arenas.close(fileArena);
        return told;
    }

    /** Packets taken so far, all files together; may be asked from any thread. */
    public long packets() {
        return packets;
    }

    /** How many files were begun. */
    public int files() {
        return series == null ? 1 : series.opened();
    }

    /**
     * Writes what was gathered and ends the file properly.
     *
     * @throws CaptureException if that fails
     */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            if (failure == null) {
                endFile();
            }
        } catch (IOException e) {
            throw failed(e);
        } finally {
            Arenas.close(arena);
        }
    }
}
