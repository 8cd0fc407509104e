package io.flowscope.bench.load;

import io.flowscope.tracker.PacketDescriptor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Slots of memory, each with a TCP segment in IPv4 and Ethernet, and their descriptors. What does
 * not change from segment to segment is written once.
 *
 * <pre>
 *   one slot of 128 bytes
 *   0          14         34          54                118     128
 *   +----------+----------+-----------+-----------------+-------+
 *   | Ethernet | IPv4     | TCP       | payload or none | -     |
 *   +----------+----------+-----------+-----------------+-------+
 * </pre>
 */
final class TcpFrames {
    static final int SYN = 0x02;
    static final int PUSH = 0x08;
    static final int ACK = 0x10;

    private static final int IP = 14;
    private static final int TCP = 34;
    private static final int HEADER_BYTES = 54;
    private static final int LEAST_FRAME_BYTES = 60;

    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    final MemorySegment memory;
    final MemorySegment descriptors;
    private final int slotBytes;

    TcpFrames(int slots, int slotBytes) {
        this.slotBytes = slotBytes;
        Arena arena = Arena.ofAuto();
        memory = arena.allocate((long) slots * slotBytes, 128);
        descriptors = arena.allocate((long) slots * PacketDescriptor.BYTES, Long.BYTES);
        for (int slot = 0; slot < slots; slot++) {
            long at = offset(slot);
            memory.set(SHORT, at + 12, (short) 0x0800);
            memory.set(SHORT, at + IP, (short) 0x4500);
            memory.set(INT, at + IP + 8, 64 << 24 | 6 << 16);
            long record = (long) slot * PacketDescriptor.BYTES;
            descriptors.set(ValueLayout.JAVA_LONG, record + PacketDescriptor.OFFSET, at);
            descriptors.set(ValueLayout.JAVA_SHORT, record + PacketDescriptor.LINK_TYPE, (short) 1);
            descriptors.set(ValueLayout.JAVA_INT, record + PacketDescriptor.INTERFACE, -1);
        }
    }

    long offset(int slot) {
        return (long) slot * slotBytes;
    }

    /** Writes a segment; {@code ports} has the sender's in its upper half. */
    void write(
            int slot,
            long nanos,
            int from,
            int to,
            int ports,
            int sequence,
            int ack,
            int flags,
            int payload) {
        long at = offset(slot);
        memory.set(SHORT, at + IP + 2, (short) (40 + payload));
        memory.set(INT, at + IP + 12, from);
        memory.set(INT, at + IP + 16, to);
        memory.set(INT, at + TCP, ports);
        memory.set(INT, at + TCP + 4, sequence);
        memory.set(INT, at + TCP + 8, ack);
        memory.set(INT, at + TCP + 12, 0x5000_0000 | flags << 16 | 0xfaf0);
        long record = (long) slot * PacketDescriptor.BYTES;
        int length = Math.max(LEAST_FRAME_BYTES, HEADER_BYTES + payload);
        descriptors.set(ValueLayout.JAVA_LONG, record + PacketDescriptor.TIMESTAMP, nanos);
        descriptors.set(ValueLayout.JAVA_INT, record + PacketDescriptor.CAPTURED, length);
        descriptors.set(ValueLayout.JAVA_INT, record + PacketDescriptor.LENGTH, length);
    }
}
