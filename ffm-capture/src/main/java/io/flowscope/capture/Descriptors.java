package io.flowscope.capture;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Writes {@link PacketDescriptor} records eight bytes at a time: two neighbouring ints, or two
 * shorts and an int, make one long in the machine's order.
 */
final class Descriptors {
    private static final boolean LITTLE = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

    private Descriptors() {}

    /** One packet of a file: no VLAN tag beside the frame, no hash. */
    static void put(
            MemorySegment descriptors,
            long at,
            long offset,
            long timestampNanos,
            int captured,
            int length,
            int linkTypeAndFlags,
            int interfaceNumber) {
        descriptors.set(LONG, at + PacketDescriptor.OFFSET, offset);
        descriptors.set(LONG, at + PacketDescriptor.TIMESTAMP, timestampNanos);
        descriptors.set(LONG, at + PacketDescriptor.CAPTURED, pair(captured, length));
        descriptors.set(
                LONG, at + PacketDescriptor.LINK_TYPE, pair(linkTypeAndFlags, interfaceNumber));
        descriptors.set(LONG, at + PacketDescriptor.VLAN_TCI, 0);
    }

    /** A link type and flags as they stand next to each other. */
    static int linkTypeAndFlags(int linkType, int flags) {
        return LITTLE ? linkType | flags << 16 : linkType << 16 | flags;
    }

    /** Adds a flag to what {@link #linkTypeAndFlags} made. */
    static int withFlag(int linkTypeAndFlags, int flags) {
        return LITTLE ? linkTypeAndFlags | flags << 16 : linkTypeAndFlags | flags;
    }

    private static long pair(int first, int second) {
        return LITTLE
                ? (first & 0xFFFF_FFFFL) | (long) second << 32
                : (long) first << 32 | (second & 0xFFFF_FFFFL);
    }
}
