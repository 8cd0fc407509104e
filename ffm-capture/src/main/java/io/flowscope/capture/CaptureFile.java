package io.flowscope.capture;

import org.jspecify.annotations.Nullable;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.InterruptibleChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import java.util.List;

/**
 * Packets of a capture file: pcap and pcapng of every kind, also compressed by gzip or zstd, from a
 * file, a pipe, a channel or a stream.
 *
 * <p>Records are described where they were read to; nothing is copied or allocated per packet. A
 * handler gets every whole packet. If the file ends inside a record, the reading ends like that of
 * any other file and {@link #ending} tells; if a record makes no sense, {@link #forEachBatch}
 * throws {@link CaptureException} after all packets before it were handed over.
 *
 * <p>A regular file's header is read when it is opened. Pipes, channels and streams are not touched
 * before the first call that needs their bytes, so that it can be stopped. Once stopped, a file
 * hands over nothing more.
 */
public final class CaptureFile implements PacketSource {
    private final String name;
    private final CaptureFileOptions options;
    private final Arena arena = Arena.ofShared();
    private final CaptureNotes notes = new CaptureNotes();
    private final ReaderGate gate;
    private final MemorySegment descriptors;

    /** The size of a mapped file now; null unless mapped. */
    private final @Nullable FileChannel mappedFile;

    /** The feed to interrupt and close; replaced when compression is found. */
    private volatile ByteFeed feed;

    private Window window;
    private volatile @Nullable RecordFormat format;
    private volatile Ending ending = Ending.NONE;

    /** The reader's own count, and the same for others. */
    private long counted;

    private volatile long packets;

    private volatile long drops;

    private CaptureFile(
            String name,
            CaptureFileOptions options,
            ByteFeed feed,
            @Nullable FileChannel mappedFile) {
        this.name = name;
        this.options = options;
        this.feed = feed;
        this.mappedFile = mappedFile;
        gate = new ReaderGate(name, () -> this.feed.interrupt(), this::release);
        descriptors =
                arena.allocate((long) options.batchPackets() * PacketDescriptor.BYTES, Long.BYTES);
        window =
                mappedFile == null
                        ? Window.reading(
                                arena, feed, options.readBytes(), CaptureHeader.MOST_RECORD_BYTES)
                        : Window.mapped(arena, feed, MemorySegment.NULL);
    }

    /**
     * Opens a file and reads its header.
     *
     * @throws CaptureException if it cannot be read or is no capture
     */
    public static CaptureFile open(Path file) {
        return open(file, CaptureFileOptions.standard());
    }

    /**
     * Opens a file and reads its header, unless it is a pipe.
     *
     * @throws CaptureException if it cannot be read or is no capture
     */
    public static CaptureFile open(Path file, CaptureFileOptions options) {
        FileOpening opening = FileOpening.of(file);
        FileChannel channel = opening.channel();
        boolean regular = opening.isRegular();
        boolean mapped = regular && options.mapped() && !opening.isCompressed();
        var feed = new ChannelFeed(channel, !regular);
        var capture = new CaptureFile(file.toString(), options, feed, mapped ? channel : null);
        if (regular) {
            capture.openNow();
        }
        return capture;
    }

    /** Reads a channel, which is closed with the source; its name is for messages. */
    public static CaptureFile open(
            ReadableByteChannel channel, String name, CaptureFileOptions options) {
        ByteFeed feed =
                channel instanceof InterruptibleChannel
                        ? new ChannelFeed(channel, true)
                        : new StreamFeed(Channels.newInputStream(channel));
        return new CaptureFile(name, options, feed, null);
    }

    /** Reads a stream, which is closed with the source; its name is for messages. */
    public static CaptureFile open(InputStream stream, String name, CaptureFileOptions options) {
        if (stream instanceof FileInputStream file) {
            return open(file.getChannel(), name, options);
        }
        return new CaptureFile(name, options, new StreamFeed(stream), null);
    }

    /** Reads what is piped into this process. Closing it ends the standard input. */
    public static CaptureFile standardInput(CaptureFileOptions options) {
        return open(new FileInputStream(FileDescriptor.in), "standard input", options);
    }

    /**
     * Several files as one source, in time order.
     *
     * @throws CaptureException if one cannot be read or is no capture; then none stays open
     */
    public static MergedSource merge(List<Path> files) {
        return MergedSource.open(files);
    }

    private void openNow() {
        try {
            gate.enter();
            try {
                firstLinkType();
            } finally {
                gate.leave();
            }
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /** -1 if the file has no interface. Waits for the header of what is not a regular file. */
    @Override
    public int linkType() {
        RecordFormat known = format;
        if (known != null && known.linkType() >= 0) {
            return known.linkType();
        }
        gate.enter();
        try {
            return firstLinkType();
        } finally {
            gate.leave();
        }
    }

    private int firstLinkType() {
        try {
            RecordFormat known = header();
            while (known.linkType() < 0) {
                known.describe(window, descriptors, 0);
                boolean more = known.needed() > 0 && known.fault() == null;
                if (known.linkType() < 0 && !(more && window.fill(known.needed()))) {
                    break;
                }
            }
            return known.linkType();
        } catch (IOException e) {
            throw new CaptureException(name + " cannot be read: " + e.getMessage(), e);
        }
    }

    private RecordFormat header() throws IOException {
        RecordFormat known = format;
        if (known != null) {
            return known;
        }
        if (mappedFile != null) {
            MemorySegment file =
                    mappedFile.map(FileChannel.MapMode.READ_ONLY, 0, mappedFile.size(), arena);
            window = Window.mapped(arena, feed, file);
        }
        var header = new CaptureHeader(name, arena, notes, options.largestPacketBytes());
        window = header.decompress(window);
        feed = window.feed();
        known = header.read(window);
        format = known;
        return known;
    }

    @Override
    public long forEachBatch(BatchHandler handler) {
        gate.enter();
        try {
            long total = 0;
            int count = nextBatch();
            while (count > 0) {
                total += count;
                deliver(handler, count);
                count = nextBatch();
            }
            return total;
        } finally {
            gate.leave();
        }
    }

    @Override
    public long forEach(PacketHandler handler) {
        return forEachBatch(Batches.oneByOne(handler));
    }

    private void deliver(BatchHandler handler, int count) {
        if (mappedFile == null) {
            Batches.deliver(handler, window.memory(), descriptors, count);
            return;
        }
        try {
            Batches.deliver(handler, window.memory(), descriptors, count);
        } catch (InternalError e) {
            throw shrunk(e);
        }
    }

    private CaptureException shrunk(InternalError e) {
        String detail = name + " was shortened while it was mapped";
        ending = new Ending(Ending.Outcome.DAMAGED, packets, detail);
        return new CaptureException(detail + "; read it without mapping", e);
    }

    /** Enters the gate for a caller that pulls batches itself. */
    void enter() {
        gate.enter();
    }

    /** Leaves the gate. */
    void leave() {
        gate.leave();
    }

    /**
     * Describes the next packets: {@link #memory} and {@link #descriptors} hold them until the next
     * call.
     *
     * @return how many, 0 at the end or after a stop
     * @throws CaptureException where the file is damaged
     */
    int nextBatch() {
        if (gate.isStopped()) {
            return 0;
        }
        if (ending.outcome() == Ending.Outcome.DAMAGED) {
            throw new CaptureException(ending.detail());
        }
        try {
            RecordFormat known = header();
            return mappedFile == null ? read(known) : readMapped(known, mappedFile);
        } catch (ClosedChannelException e) {
            if (gate.isStopped() || Thread.currentThread().isInterrupted()) {
                return 0;
            }
            throw damaged("the channel was closed by somebody else");
        } catch (IOException e) {
            throw damaged(String.valueOf(e.getMessage()));
        }
    }

    private int read(RecordFormat known) throws IOException {
        while (true) {
            int count = known.describe(window, descriptors, options.batchPackets());
            drops = known.drops();
            if (count > 0) {
                counted += count;
                packets = counted;
                return count;
            }
            String fault = known.fault();
            if (fault != null) {
                throw damaged(fault);
            }
            if (gate.isStopped()) {
                return 0;
            }
            if (!window.fill(known.needed())) {
                ended();
                return 0;
            }
        }
    }

    private int readMapped(RecordFormat known, FileChannel file) throws IOException {
        try {
            if (file.size() < window.end()) {
                window.endAt(file.size());
            }
            window.touchAhead();
            return read(known);
        } catch (InternalError e) {
            throw shrunk(e);
        }
    }

    private void ended() {
        if (window.isAtEnd() && !window.isCut()) {
            ending = new Ending(Ending.Outcome.COMPLETE, packets, "");
            return;
        }
        String detail = name + " ends inside a record";
        if (window.isAtEnd()) {
            detail = name + " is cut after a whole packet: its compressed data ends early";
        } else if (window.leftOver() > 0) {
            detail += ": the last " + window.leftOver() + " bytes are not a whole packet";
        }
        ending = new Ending(Ending.Outcome.TRUNCATED, packets, detail);
    }

    private CaptureException damaged(String how) {
        String detail = name + " is damaged after " + packets + " packets: " + how;
        ending = new Ending(Ending.Outcome.DAMAGED, packets, detail);
        return new CaptureException(detail);
    }

    MemorySegment memory() {
        return window.memory();
    }

    MemorySegment descriptors() {
        return descriptors;
    }

    boolean isStopped() {
        return gate.isStopped();
    }

    /** Where it comes from, for messages. */
    public String name() {
        return name;
    }

    /** How the file is laid out; null for a pipe or a stream before the first read. */
    public @Nullable CaptureFormat format() {
        RecordFormat known = format;
        return known == null ? null : known.format();
    }

    /** What the file says besides its packets; more as it is read. */
    public CaptureNotes notes() {
        return notes;
    }

    /** How the reading ended; to be asked from any thread. */
    public Ending ending() {
        return ending;
    }

    /** What was odd about the file without keeping it from being read. */
    public List<String> warnings() {
        return notes.warnings();
    }

    /** Packets handed over, and what the file itself says was lost. */
    @Override
    public CaptureStatistics statistics() {
        long lost = drops;
        return new CaptureStatistics(packets + lost, lost, 0);
    }

    @Override
    public void stop() {
        gate.stop();
    }

    @Override
    public void close() {
        gate.close();
    }

    private void release() {
        feed.close();
        Arenas.close(arena);
    }
}
