package io.flowscope.capture;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * pcapng: sections of blocks, each section in its own byte order and with its own interfaces, each
 * interface with its own link type and clock. Packets are described here; the other blocks that say
 * something go to {@link PcapngMetadata}, and unknown ones are skipped.
 *
 * <pre>
 *   every block                                    enhanced packet block, type 6
 *   +------+-------+--------+-------+              +---------+----------+---------+---------+
 *   | type | total | body   | total |              | 8: iface| 12: high | 16: low | 20: cap |
 *   | 4    | 4     | 4 × n  | 4     |              +---------+----------+---------+---------+
 *   +------+-------+--------+-------+              | 24: len | 28: data, padded | options   |
 *                                                  +---------+------------------+-----------+
 *   obsolete packet block, type 2: iface and drops share the word at 8
 *   simple packet block, type 3: the length at 8, data at 12
 * </pre>
 */
final class PcapngBlocks implements RecordFormat {
    static final int SECTION_HEADER = 0x0A0D0D0A;

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final int ENHANCED_PACKET = 6;
    private static final int SIMPLE_PACKET = 3;
    private static final int OBSOLETE_PACKET = 2;
    private static final int PACKET_FIXED_BYTES = 32;
    private static final int SIMPLE_FIXED_BYTES = 16;
    private static final int LEAST_BLOCK_BYTES = 12;
    private static final int FLAGS_OPTION = 2;
    private static final int DROPS_OPTION = 4;

    private final PcapngMetadata metadata;
    private final CaptureNotes notes;
    private final PcapngOptions options = new PcapngOptions();
    private final int usualLargest;

    /** Interfaces of the current section. */
    private Clock[] clocks = new Clock[4];

    private int[] links = new int[4];
    private int[] largest = new int[4];
    private int interfaces;

    /** Number of the section's first interface in the whole file. */
    private int firstInterface;

    private boolean swapped;
    private int firstLinkType = -1;
    private int firstSnapLength;
    private long packets;
    private long drops;
    private long lastTimestamp;
    private int needed;
    private @Nullable String fault;

    PcapngBlocks(CaptureNotes notes, int largestPacket) {
        this.notes = notes;
        this.usualLargest = largestPacket;
        metadata = new PcapngMetadata(notes, this);
    }

    @Override
    public int describe(Window window, MemorySegment descriptors, int most) {
        MemorySegment memory = window.memory();
        int count = 0;
        needed = 0;
        while (true) {
            long at = window.position();
            long available = window.end() - at;
            if (available < LEAST_BLOCK_BYTES) {
                needed = LEAST_BLOCK_BYTES;
                break;
            }
            int type = number(memory, at);
            if (count == most && isPacket(type)) {
                break;
            }
            if (type != ENHANCED_PACKET) {
                int described = other(window, type, descriptors, count);
                if (described < 0) {
                    break;
                }
                count += described;
                continue;
            }
            int total = number(memory, at + 4);
            if (!isWhole(window, at, total, PACKET_FIXED_BYTES)) {
                break;
            }
            int number = number(memory, at + 8);
            if (!packet(window, at, total, number, at + 28, descriptors, count)) {
                break;
            }
            window.moveTo(at + total);
            count++;
        }
        return count;
    }

    private static boolean isPacket(int type) {
        return type == ENHANCED_PACKET || type == SIMPLE_PACKET || type == OBSOLETE_PACKET;
    }

    /** Whether a block's length makes sense and all of it is in the window. */
    private boolean isWhole(Window window, long at, int total, int least) {
        if (total < least || (total & 3) != 0) {
            return fail(
                    window, at, "claims to be " + Integer.toUnsignedString(total) + " bytes long");
        }
        if (total > window.end() - at) {
            if (total > mostBlockBytes()) {
                return fail(window, at, "claims to be " + total + " bytes long");
            }
            needed = total;
            return false;
        }
        if (number(window.memory(), at + total - 4) != total) {
            return fail(window, at, "has two different lengths");
        }
        return true;
    }

    private int mostBlockBytes() {
        int most = usualLargest;
        for (int i = 0; i < interfaces; i++) {
            most = Math.max(most, largest[i]);
        }
        return most + PcapngMetadata.MOST_BLOCK_BYTES;
    }

    private boolean packet(
            Window window,
            long at,
            int total,
            int number,
            long data,
            MemorySegment descriptors,
            int index) {
        if (Integer.compareUnsigned(number, interfaces) >= 0) {
            return fail(window, at, "belongs to an interface that the file does not describe");
        }
        MemorySegment memory = window.memory();
        int captured = number(memory, at + 20);
        int length = number(memory, at + 24);
        int room = total - PACKET_FIXED_BYTES;
        if (captured < 0 || captured > room || captured > largest[number]) {
            return fail(
                    window, at, "has a packet of " + Integer.toUnsignedString(captured) + " bytes");
        }
        long high = number(memory, at + 12);
        long low = number(memory, at + 16);
        long timestamp = clocks[number].nanos(high << 32 | (low & 0xFFFF_FFFFL));
        int link = links[number];
        if (captured < length) {
            link = Descriptors.withFlag(link, PacketDescriptor.FLAG_TRUNCATED);
        }
        packets++;
        int padded = captured + 3 & ~3;
        if (room - padded >= 4) {
            link = Descriptors.withFlag(link, packetOptions(memory, data + padded, at + total - 4));
        }
        lastTimestamp = timestamp;
        Descriptors.put(
                descriptors,
                (long) index * PacketDescriptor.BYTES,
                data,
                timestamp,
                captured,
                Math.max(captured, length),
                link,
                firstInterface + number);
        return true;
    }

    private int packetOptions(MemorySegment memory, long from, long limit) {
        int flags = 0;
        options.begin(memory, from, limit, swapped);
        while (options.next()) {
            switch (options.code()) {
                case PcapngOptions.COMMENT ->
                        notes.add(new CaptureNotes.PacketComment(packets, options.text(0)));
                case FLAGS_OPTION -> flags = direction(options.number32());
                case DROPS_OPTION -> drops += Math.max(0, options.number64());
                default -> {
                    // Hashes and the like: nobody here asks for them.
                }
            }
        }
        if (options.isBroken()) {
            notes.warn("a packet's option is longer than its block; the rest of them is ignored");
        }
        return flags;
    }

    /** Bits 0 and 1: inbound or outbound. Bits 2 to 4: unicast, multicast, broadcast, others. */
    private static int direction(int flags) {
        return switch (flags & 3) {
            case 1 ->
                    switch (flags >>> 2 & 7) {
                        case 2 -> PacketDescriptor.DIRECTION_MULTICAST;
                        case 3 -> PacketDescriptor.DIRECTION_BROADCAST;
                        case 4 -> PacketDescriptor.DIRECTION_OTHER_HOST;
                        default -> PacketDescriptor.DIRECTION_IN;
                    };
            case 2 -> PacketDescriptor.DIRECTION_OUT;
            default -> PacketDescriptor.DIRECTION_UNKNOWN;
        };
    }

    /** One block of another type. @return packets described, 0 or 1, or -1 if it cannot go on */
    private int other(Window window, int type, MemorySegment descriptors, int index) {
        long at = window.position();
        MemorySegment memory = window.memory();
        if (type == SECTION_HEADER && !metadata.beginsSection(window, at)) {
            fail(window, at, "has no byte-order mark that exists");
            return -1;
        }
        int total = number(memory, at + 4);
        return switch (type) {
            case SIMPLE_PACKET -> simplePacket(window, at, total, descriptors, index);
            case OBSOLETE_PACKET -> obsoletePacket(window, at, total, descriptors, index);
            default -> metadata.isKnown(type) ? known(window, type, total) : unknown(window, total);
        };
    }

    private int known(Window window, int type, int total) {
        long at = window.position();
        if (total > PcapngMetadata.MOST_BLOCK_BYTES) {
            if (type == SECTION_HEADER || type == PcapngMetadata.INTERFACE) {
                fail(window, at, "claims to be " + total + " bytes long");
                return -1;
            }
            notes.warn("a block of type " + type + " is too long and was skipped");
            return unknown(window, total);
        }
        if (!isWhole(window, at, total, LEAST_BLOCK_BYTES)) {
            return -1;
        }
        String wrong = metadata.read(window.memory(), type, at, at + total - 4, swapped);
        if (wrong != null) {
            fail(window, at, wrong);
            return -1;
        }
        window.moveTo(at + total);
        return 0;
    }

    private int unknown(Window window, int total) {
        long bytes = Integer.toUnsignedLong(total);
        if (bytes < LEAST_BLOCK_BYTES || (bytes & 3) != 0) {
            fail(window, window.position(), "claims to be " + bytes + " bytes long");
            return -1;
        }
        window.skip(bytes);
        return 0;
    }

    private int obsoletePacket(
            Window window, long at, int total, MemorySegment descriptors, int index) {
        if (!isWhole(window, at, total, PACKET_FIXED_BYTES)) {
            return -1;
        }
        MemorySegment memory = window.memory();
        int number = number16(memory, at + 8);
        int lost = number16(memory, at + 10);
        if (!packet(window, at, total, number, at + 28, descriptors, index)) {
            return -1;
        }
        drops += lost == 0xFFFF ? 0 : lost;
        window.moveTo(at + total);
        return 1;
    }

    private int simplePacket(
            Window window, long at, int total, MemorySegment descriptors, int index) {
        if (!isWhole(window, at, total, SIMPLE_FIXED_BYTES)) {
            return -1;
        }
        if (interfaces == 0) {
            fail(window, at, "belongs to an interface that the file does not describe");
            return -1;
        }
        int length = number(window.memory(), at + 8);
        long wire = Integer.toUnsignedLong(length);
        long limit = firstSnapLength == 0 ? wire : Integer.toUnsignedLong(firstSnapLength);
        int captured = (int) Math.min(Math.min(wire, limit), total - SIMPLE_FIXED_BYTES);
        if (captured > largest[0]) {
            fail(window, at, "has a packet of " + captured + " bytes");
            return -1;
        }
        notes.warn("some packets have no time of their own; they got that of the packet before");
        packets++;
        int truncated = captured < wire ? PacketDescriptor.FLAG_TRUNCATED : 0;
        Descriptors.put(
                descriptors,
                (long) index * PacketDescriptor.BYTES,
                at + 12,
                lastTimestamp,
                captured,
                length < 0 ? Integer.MAX_VALUE : length,
                Descriptors.withFlag(links[0], truncated),
                firstInterface);
        window.moveTo(at + total);
        return 1;
    }

    private boolean fail(Window window, long at, String how) {
        fault = "the block at byte " + window.offsetOf(at) + " " + how;
        return false;
    }

    int number(MemorySegment memory, long at) {
        int number = memory.get(INT, at);
        return swapped ? Integer.reverseBytes(number) : number;
    }

    int number16(MemorySegment memory, long at) {
        short number = memory.get(ValueLayout.JAVA_SHORT_UNALIGNED, at);
        return Short.toUnsignedInt(swapped ? Short.reverseBytes(number) : number);
    }

    /** A section begins: its byte order holds from its own header on. */
    void beginSection(boolean inSwappedOrder) {
        swapped = inSwappedOrder;
    }

    /** Forgets the interfaces of the section before. */
    void forgetInterfaces() {
        firstInterface += interfaces;
        interfaces = 0;
    }

    /** Number of the next interface in the whole file. */
    int nextInterface() {
        return firstInterface + interfaces;
    }

    void addInterface(int linkType, int snapLength, Clock clock) {
        if (interfaces == clocks.length) {
            clocks = Arrays.copyOf(clocks, 2 * interfaces);
            links = Arrays.copyOf(links, 2 * interfaces);
            largest = Arrays.copyOf(largest, 2 * interfaces);
        }
        clocks[interfaces] = clock;
        links[interfaces] = Descriptors.linkTypeAndFlags(linkType, 0);
        largest[interfaces] = LinkTypes.largestPacket(linkType, usualLargest);
        if (interfaces == 0) {
            firstSnapLength = snapLength;
        }
        if (firstLinkType < 0) {
            firstLinkType = linkType;
        }
        interfaces++;
    }

    @Nullable Clock clock(int number) {
        return Integer.compareUnsigned(number, interfaces) < 0 ? clocks[number] : null;
    }

    int firstInterface() {
        return firstInterface;
    }

    @Override
    public long drops() {
        return Math.max(drops, notes.drops());
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
        return firstLinkType;
    }

    @Override
    public CaptureFormat format() {
        return CaptureFormat.PCAPNG;
    }
}
