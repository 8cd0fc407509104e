package io.flowscope.capture;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Classic pcap, in either byte order.
 *
 * <pre>
 *   file header, 24 bytes
 *   +-------+---------+---------+------+----------+---------+------------------------------+
 *   | magic | major 2 | minor 2 | zone | accuracy | snaplen | FCS length 4 bits, .., link 16 |
 *   +-------+---------+---------+------+----------+---------+------------------------------+
 *   record header, 16 bytes; 24 bytes in the modified format
 *   +---------+----------+----------+--------+ - - - - - - + - - - - -+ - - -+ - +
 *   | seconds | fraction | captured | length |  interface  | protocol | type |   |
 *   | 4       | 4        | 4        | 4      |  4          | 2        | 1    | 1 |
 *   +---------+----------+----------+--------+ - - - - - - + - - - - -+ - - -+ - +
 * </pre>
 */
final class PcapRecords implements RecordFormat {
    static final int FILE_HEADER_BYTES = 24;

    static final int MICROSECONDS = 0xA1B2C3D4;
    static final int NANOSECONDS = 0xA1B23C4D;
    static final int MODIFIED = 0xA1B2CD34;

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final int RECORD_HEADER_BYTES = 16;
    private static final int MODIFIED_HEADER_BYTES = 24;
    private static final int PACKET_TYPE = 22;
    private static final int LINK_TYPE_MASK = 0xFFFF;
    private static final int RESERVED_MASK = 0x03FF_0000;

    /** Before version 2.3 length came before captured; in 2.3 it depends on who wrote it. */
    private enum LengthOrder {
        CAPTURED_FIRST,
        LENGTH_FIRST,
        SMALLER_IS_CAPTURED
    }

    private final boolean swapped;
    private final boolean modified;
    private final LengthOrder lengthOrder;
    private final int unitNanos;
    private final int linkType;
    private final int largest;
    private final CaptureFormat format;
    private int needed;
    private @Nullable String fault;

    private PcapRecords(
            CaptureFormat format,
            boolean swapped,
            LengthOrder lengthOrder,
            int linkType,
            int largest) {
        this.format = format;
        this.swapped = swapped;
        this.modified = format == CaptureFormat.PCAP_MODIFIED;
        this.lengthOrder = lengthOrder;
        this.unitNanos = format == CaptureFormat.PCAP_NANOSECONDS ? 1 : 1_000;
        this.linkType = linkType;
        this.largest = largest;
    }

    /** Which pcap begins with these four bytes, read in native order; null if none does. */
    static @Nullable CaptureFormat formatOf(int magic) {
        return switch (magic) {
            case MICROSECONDS -> CaptureFormat.PCAP_MICROSECONDS;
            case NANOSECONDS -> CaptureFormat.PCAP_NANOSECONDS;
            case MODIFIED -> CaptureFormat.PCAP_MODIFIED;
            default -> null;
        };
    }

    /**
     * Reads the file header at the window's position and moves past it.
     *
     * @param largest bytes of the longest packet that is believed
     * @throws CaptureException if the version is unknown
     */
    static PcapRecords open(
            String name,
            CaptureNotes notes,
            Window window,
            CaptureFormat format,
            boolean swapped,
            int largest) {
        MemorySegment memory = window.memory();
        long at = window.position();
        int major = shortNumber(memory, at + 4, swapped);
        int minor = shortNumber(memory, at + 6, swapped);
        int link = memory.get(INT, at + 20);
        int linkField = swapped ? Integer.reverseBytes(link) : link;
        LengthOrder order = lengthOrder(name, major, minor);
        int linkType = linkField & LINK_TYPE_MASK;
        if ((linkField & RESERVED_MASK) != 0) {
            notes.warn("reserved bits beside the link type are set; they are ignored");
        }
        window.moveTo(at + FILE_HEADER_BYTES);
        return new PcapRecords(
                format, swapped, order, linkType, LinkTypes.largestPacket(linkType, largest));
    }

    private static int shortNumber(MemorySegment memory, long at, boolean swapped) {
        short number = memory.get(ValueLayout.JAVA_SHORT_UNALIGNED, at);
        return Short.toUnsignedInt(swapped ? Short.reverseBytes(number) : number);
    }

    private static LengthOrder lengthOrder(String name, int major, int minor) {
        if (major == 543 && minor == 0) {
            return LengthOrder.LENGTH_FIRST;
        }
        if (major != 2 || minor > 4) {
            throw new CaptureException(
                    name
                            + ": pcap version "
                            + major
                            + "."
                            + minor
                            + " is unknown; 2.0 to 2.4 can be read");
        }
        return minor == 4
                ? LengthOrder.CAPTURED_FIRST
                : minor == 3 ? LengthOrder.SMALLER_IS_CAPTURED : LengthOrder.LENGTH_FIRST;
    }

    @Override
    public int describe(Window window, MemorySegment descriptors, int most) {
        MemorySegment memory = window.memory();
        int headerBytes = modified ? MODIFIED_HEADER_BYTES : RECORD_HEADER_BYTES;
        int plain = Descriptors.linkTypeAndFlags(linkType, 0);
        long end = window.end();
        long at = window.position();
        int count = 0;
        needed = 0;
        while (count < most) {
            if (end - at < headerBytes) {
                needed = headerBytes;
                break;
            }
            int captured = number(memory, at + 8);
            int length = number(memory, at + 12);
            if (lengthOrder != LengthOrder.CAPTURED_FIRST && lengthComesFirst(captured, length)) {
                int other = captured;
                captured = length;
                length = other;
            }
            if (captured < 0 || captured > largest) {
                fault = tooLong(window, at, captured);
                break;
            }
            long data = at + headerBytes;
            if (captured > end - data) {
                needed = headerBytes + captured;
                break;
            }
            long seconds = number(memory, at) & 0xFFFF_FFFFL;
            long fraction = number(memory, at + 4) & 0xFFFF_FFFFL;
            int link = plain;
            int interfaceNumber = 0;
            if (modified) {
                link = Descriptors.withFlag(link, direction(memory, at));
                interfaceNumber = number(memory, at + RECORD_HEADER_BYTES);
            }
            if (captured < length) {
                link = Descriptors.withFlag(link, PacketDescriptor.FLAG_TRUNCATED);
            }
            Descriptors.put(
                    descriptors,
                    (long) count * PacketDescriptor.BYTES,
                    data,
                    seconds * 1_000_000_000L + fraction * unitNanos,
                    captured,
                    Math.max(captured, length),
                    link,
                    interfaceNumber);
            count++;
            at = data + captured;
        }
        window.moveTo(at);
        return count;
    }

    private int number(MemorySegment memory, long at) {
        int number = memory.get(INT, at);
        return swapped ? Integer.reverseBytes(number) : number;
    }

    private boolean lengthComesFirst(int first, int second) {
        return lengthOrder == LengthOrder.LENGTH_FIRST || first > second;
    }

    private static int direction(MemorySegment memory, long at) {
        return switch (memory.get(ValueLayout.JAVA_BYTE, at + PACKET_TYPE)) {
            case 0 -> PacketDescriptor.DIRECTION_IN;
            case 1 -> PacketDescriptor.DIRECTION_BROADCAST;
            case 2 -> PacketDescriptor.DIRECTION_MULTICAST;
            case 3 -> PacketDescriptor.DIRECTION_OTHER_HOST;
            case 4 -> PacketDescriptor.DIRECTION_OUT;
            default -> PacketDescriptor.DIRECTION_UNKNOWN;
        };
    }

    private String tooLong(Window window, long at, int captured) {
        return "the packet at byte "
                + window.offsetOf(at)
                + " claims "
                + Integer.toUnsignedString(captured)
                + " bytes, more than the "
                + largest
                + " that are believed";
    }

    @Override
    public int needed() {
        return needed;
    }

    @Override
    public @Nullable String fault() {
        return fault;
    }

    @Override
    public int linkType() {
        return linkType;
    }

    @Override
    public long drops() {
        return 0;
    }

    @Override
    public CaptureFormat format() {
        return format;
    }
}
