package io.flowscope.capture;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** A copy of a described packet, to compare with. */
record Packet(
        long timestampNanos,
        int captured,
        int length,
        int linkType,
        int flags,
        int interfaceNumber,
        String hex) {
    /** Everything a source has. */
    static List<Packet> of(PacketSource source) {
        List<Packet> packets = new ArrayList<>();
        source.forEachBatch(into(packets));
        return packets;
    }

    /** Collects also when the source throws at its end. */
    static BatchHandler into(List<Packet> packets) {
        return (memory, descriptors, count) -> {
            for (int i = 0; i < count; i++) {
                packets.add(at(memory, descriptors, (long) i * PacketDescriptor.BYTES));
            }
        };
    }

    private static Packet at(MemorySegment memory, MemorySegment descriptors, long at) {
        int captured = descriptors.get(ValueLayout.JAVA_INT, at + PacketDescriptor.CAPTURED);
        long offset = descriptors.get(ValueLayout.JAVA_LONG, at + PacketDescriptor.OFFSET);
        byte[] bytes = memory.asSlice(offset, captured).toArray(ValueLayout.JAVA_BYTE);
        return new Packet(
                descriptors.get(ValueLayout.JAVA_LONG, at + PacketDescriptor.TIMESTAMP),
                captured,
                descriptors.get(ValueLayout.JAVA_INT, at + PacketDescriptor.LENGTH),
                descriptors.get(ValueLayout.JAVA_SHORT, at + PacketDescriptor.LINK_TYPE) & 0xFFFF,
                descriptors.get(ValueLayout.JAVA_SHORT, at + PacketDescriptor.FLAGS) & 0xFFFF,
                descriptors.get(ValueLayout.JAVA_INT, at + PacketDescriptor.INTERFACE),
                HexFormat.of().formatHex(bytes));
    }

    int direction() {
        return flags & PacketDescriptor.DIRECTION_MASK;
    }

    boolean isTruncated() {
        return (flags & PacketDescriptor.FLAG_TRUNCATED) != 0;
    }
}
