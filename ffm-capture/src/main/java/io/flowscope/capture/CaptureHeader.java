package io.flowscope.capture;

import io.flowscope.bindings.zstd.Zstd;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.HexFormat;

/** Finds out from its first bytes what a file is. */
final class CaptureHeader {
    /** The longest record of any format, and a little more. */
    static final int MOST_RECORD_BYTES = 132 << 20;

    private static final ValueLayout.OfInt LITTLE_INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int MAGIC_BYTES = 4;
    private static final int GZIP = 0x8B1F;
    private static final int ZSTD = 0xFD2FB528;
    private static final int SNOOP = 0x6F6F6E73;
    private static final int NETMON_1 = 0x53535452;
    private static final int NETMON_2 = 0x55424D47;

    private final String name;
    private final Arena arena;
    private final CaptureNotes notes;
    private final int largestPacketBytes;

    CaptureHeader(String name, Arena arena, CaptureNotes notes, int largestPacketBytes) {
        this.name = name;
        this.arena = arena;
        this.notes = notes;
        this.largestPacketBytes = largestPacketBytes;
    }

    /** Whether the first four bytes, as a little-endian number, begin compressed data. */
    static boolean isCompressed(int magic) {
        return (magic & 0xFFFF) == GZIP || magic == ZSTD;
    }

    /** The window itself, or if what it holds is compressed, one that holds what is inside. */
    Window decompress(Window window) throws IOException {
        if (window.isMapped() || !window.fill(MAGIC_BYTES)) {
            return window;
        }
        int magic = window.memory().get(LITTLE_INT, window.position());
        if (!isCompressed(magic)) {
            return window;
        }
        int length = (int) (window.end() - window.position());
        MemorySegment input = arena.allocate(Math.max(GzipFeed.BUFFER_BYTES, length), Long.BYTES);
        MemorySegment.copy(window.memory(), window.position(), input, 0, length);
        if (magic == ZSTD) {
            Throwable missing = Zstd.unavailabilityCause();
            if (missing != null) {
                throw new CaptureException(
                        name + " is compressed by zstd: " + missing.getMessage(), missing);
            }
            return window.over(new ZstdFeed(window.feed(), arena, input, length));
        }
        Runnable garbage =
                () -> notes.warn("what follows the gzip data is not gzip and was ignored");
        return window.over(new GzipFeed(window.feed(), input, length, garbage));
    }

    /** The format that the window begins with; its file header is consumed. */
    RecordFormat read(Window window) throws IOException {
        if (!window.fill(MAGIC_BYTES)) {
            if (window.isCut()) {
                throw new CaptureException(name + " ends inside its file header");
            }
            throw new CaptureException(window.isAtEnd() ? name + " is empty" : noCapture(window));
        }
        int magic = window.memory().get(ValueLayout.JAVA_INT_UNALIGNED, window.position());
        if (magic == PcapngBlocks.SECTION_HEADER) {
            return pcapng(window);
        }
        CaptureFormat straight = PcapRecords.formatOf(magic);
        CaptureFormat swapped = PcapRecords.formatOf(Integer.reverseBytes(magic));
        CaptureFormat format = straight != null ? straight : swapped;
        if (format == null) {
            throw new CaptureException(noCapture(window));
        }
        if (!window.fill(PcapRecords.FILE_HEADER_BYTES)) {
            throw new CaptureException(name + " ends inside its file header");
        }
        return PcapRecords.open(name, notes, window, format, straight == null, largestPacketBytes);
    }

    /** Takes in the section header; it tells the byte order. */
    private RecordFormat pcapng(Window window) throws IOException {
        var blocks = new PcapngBlocks(notes, largestPacketBytes);
        while (notes.sections().isEmpty()) {
            blocks.describe(window, MemorySegment.NULL, 0);
            String fault = blocks.fault();
            if (fault != null) {
                throw new CaptureException(name + " is no pcapng file: " + fault);
            }
            if (notes.sections().isEmpty() && !window.fill(blocks.needed())) {
                throw new CaptureException(name + " ends inside its file header");
            }
        }
        return blocks;
    }

    private String noCapture(Window window) {
        int available = (int) Math.min(8, window.end() - window.position());
        byte[] first =
                window.memory()
                        .asSlice(window.position(), available)
                        .toArray(ValueLayout.JAVA_BYTE);
        int magic = available < 4 ? 0 : window.memory().get(LITTLE_INT, window.position());
        String known =
                switch (magic) {
                    case SNOOP -> ", but a snoop file: convert it with editcap";
                    case NETMON_1, NETMON_2 ->
                            ", but a Network Monitor file: convert it with editcap";
                    default ->
                            ": it begins with "
                                    + HexFormat.ofDelimiter(" ").withUpperCase().formatHex(first);
                };
        return name + " is no pcap or pcapng capture" + known;
    }
}
