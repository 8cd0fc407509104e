package io.flowscope.capture;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The blocks of pcapng that hold no packet but say something about packets. */
final class PcapngMetadata {
    static final int INTERFACE = 1;

    /** A longer block of these kinds is not believed, or skipped. */
    static final int MOST_BLOCK_BYTES = 1 << 20;

    private static final int NAME_RESOLUTION = 4;
    private static final int INTERFACE_STATISTICS = 5;
    private static final int BYTE_ORDER_MARK = 0x1A2B3C4D;
    private static final int MICROSECONDS = 6;

    private final CaptureNotes notes;
    private final PcapngBlocks blocks;
    private final PcapngOptions options = new PcapngOptions();
    private int section = -1;

    PcapngMetadata(CaptureNotes notes, PcapngBlocks blocks) {
        this.notes = notes;
        this.blocks = blocks;
    }

    boolean isKnown(int type) {
        return switch (type) {
            case PcapngBlocks.SECTION_HEADER, INTERFACE, NAME_RESOLUTION, INTERFACE_STATISTICS ->
                    true;
            default -> false;
        };
    }

    /** Learns the byte order of the section whose header is there; false if it has none. */
    boolean beginsSection(Window window, long at) {
        int mark = window.memory().get(ValueLayout.JAVA_INT_UNALIGNED, at + 8);
        if (mark != BYTE_ORDER_MARK && mark != Integer.reverseBytes(BYTE_ORDER_MARK)) {
            return false;
        }
        blocks.beginSection(mark != BYTE_ORDER_MARK);
        return true;
    }

    /**
     * Takes in a whole block.
     *
     * @param limit where its trailing length begins
     * @return what is wrong with it, or null
     */
    @Nullable String read(MemorySegment memory, int type, long at, long limit, boolean swapped) {
        return switch (type) {
            case PcapngBlocks.SECTION_HEADER -> section(memory, at, limit, swapped);
            case INTERFACE -> captureInterface(memory, at, limit, swapped);
            case NAME_RESOLUTION -> names(memory, at + 8, limit);
            default -> statistics(memory, at, limit, swapped);
        };
    }

    private @Nullable String section(MemorySegment memory, long at, long limit, boolean swapped) {
        if (limit - at < 24) {
            return "is too short for a section header";
        }
        int major = blocks.number16(memory, at + 12);
        int minor = blocks.number16(memory, at + 14);
        if (major != 1) {
            return "has version " + major + "." + minor + "; only version 1 can be read";
        }
        blocks.forgetInterfaces();
        section++;
        String[] texts = {"", "", "", "", ""};
        options.begin(memory, at + 24, limit, swapped);
        while (options.next()) {
            if (options.code() < texts.length) {
                texts[options.code()] = options.text(0);
            }
        }
        notes.add(new CaptureNotes.Section(texts[2], texts[3], texts[4], texts[1]));
        return null;
    }

    private @Nullable String captureInterface(
            MemorySegment memory, long at, long limit, boolean swapped) {
        if (limit - at < 16) {
            return "is too short for an interface description";
        }
        int linkType = blocks.number16(memory, at + 8);
        int snapLength = blocks.number(memory, at + 12);
        int resolution = MICROSECONDS;
        long offsetSeconds = 0;
        long speed = 0;
        String[] texts = new String[16];
        options.begin(memory, at + 16, limit, swapped);
        while (options.next()) {
            switch (options.code()) {
                case 8 -> speed = options.number64();
                case 9 -> resolution = options.length() > 0 ? options.first() : MICROSECONDS;
                case 14 -> offsetSeconds = options.number64();
                // A filter's first byte says how it is written; 0 is as text.
                case 11 -> texts[11] = options.first() == 0 ? options.text(1) : "";
                case 1, 2, 3, 12, 15 -> texts[options.code()] = options.text(0);
                default -> {
                    // Addresses and check sequences: nobody here asks for them.
                }
            }
        }
        Clock clock =
                resolution == MICROSECONDS && offsetSeconds == 0
                        ? Clock.MICROSECONDS
                        : Clock.of(resolution, offsetSeconds);
        if (clock == null) {
            return "describes a clock of resolution " + resolution + ", which is too fine";
        }
        var described =
                new CaptureInterface(
                        blocks.nextInterface(),
                        section,
                        linkType,
                        snapLength,
                        text(texts[2]),
                        text(texts[3]),
                        text(texts[11]),
                        text(texts[12]),
                        text(texts[15]),
                        speed,
                        text(texts[1]));
        if (!notes.add(described)) {
            return "is one interface more than the " + CaptureNotes.MOST_INTERFACES + " allowed";
        }
        blocks.addInterface(linkType, snapLength, clock);
        return null;
    }

    private static String text(@Nullable String text) {
        return text == null ? "" : text;
    }

    /** Records of type 2, length 2, and an address with its names, each ended by a zero byte. */
    private @Nullable String names(MemorySegment memory, long from, long limit) {
        long at = from;
        while (limit - at >= 4) {
            int type = blocks.number16(memory, at);
            int length = blocks.number16(memory, at + 2);
            long value = at + 4;
            if (type == 0) {
                break;
            }
            if (length > limit - value) {
                notes.warn("a name record is longer than its block; the rest of it is ignored");
                break;
            }
            int addressBytes = type == 1 ? 4 : type == 2 ? 16 : 0;
            if (addressBytes > 0 && length > addressBytes) {
                name(memory.asSlice(value, length), addressBytes);
            }
            at = value + (length + 3 & ~3);
        }
        return null;
    }

    private void name(MemorySegment entry, int addressBytes) {
        byte[] bytes = entry.toArray(ValueLayout.JAVA_BYTE);
        List<String> names = new ArrayList<>();
        int start = addressBytes;
        for (int i = addressBytes; i < bytes.length; i++) {
            if (bytes[i] == 0) {
                if (i > start) {
                    names.add(new String(bytes, start, i - start, StandardCharsets.UTF_8));
                }
                start = i + 1;
            }
        }
        if (names.isEmpty()) {
            return;
        }
        byte[] address = entry.asSlice(0, addressBytes).toArray(ValueLayout.JAVA_BYTE);
        try {
            String text = InetAddress.getByAddress(address).getHostAddress();
            notes.add(new CaptureNotes.Names(text, List.copyOf(names)));
        } catch (UnknownHostException e) {
            throw new AssertionError("4 and 16 bytes are an address", e);
        }
    }

    private @Nullable String statistics(
            MemorySegment memory, long at, long limit, boolean swapped) {
        if (limit - at < 20) {
            return "is too short for interface statistics";
        }
        int number = blocks.number(memory, at + 8);
        Clock clock = blocks.clock(number);
        if (clock == null) {
            notes.warn("statistics of an interface that the file does not describe are ignored");
            return null;
        }
        long ticks =
                (long) blocks.number(memory, at + 12) << 32
                        | (blocks.number(memory, at + 16) & 0xFFFF_FFFFL);
        long[] counters = {-1, -1, -1, -1, -1, -1, -1, -1, -1};
        options.begin(memory, at + 20, limit, swapped);
        while (options.next()) {
            switch (options.code()) {
                case 2, 3 -> counters[options.code()] = clock.nanos(options.ticks());
                case 4, 5, 6, 7, 8 -> counters[options.code()] = options.number64();
                default -> {
                    // Comments on counters: nobody here asks for them.
                }
            }
        }
        notes.put(
                new CaptureNotes.InterfaceStatistics(
                        blocks.firstInterface() + number,
                        clock.nanos(ticks),
                        counters[2],
                        counters[3],
                        counters[4],
                        counters[5],
                        counters[6],
                        counters[7],
                        counters[8]));
        return null;
    }
}
