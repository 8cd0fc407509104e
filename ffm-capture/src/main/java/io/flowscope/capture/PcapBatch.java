package io.flowscope.capture;

import io.flowscope.bindings.pcap.PcapPacket;
import io.flowscope.bindings.pcap.pcap_h;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Packets copied out of libpcap's buffer, whose own are gone with the next call. */
final class PcapBatch {
    private static final int MOST_PACKETS = 256;
    private static final int MEMORY_BYTES = 1 << 20;
    private static final int SLL2 = 276;
    private static final int SLL = 113;

    private static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    /** Our number for each of the kernel's packet types, four bits each, lowest first. */
    private static final long DIRECTIONS = 0x25431;

    private final MemorySegment memory;
    private final MemorySegment descriptors;
    private final int linkType;
    private final long roomBytes;
    private int count;

    PcapBatch(Arena arena, int linkType, int snapBytes) {
        this.linkType = linkType;
        this.roomBytes = MEMORY_BYTES;
        this.memory = arena.allocate(MEMORY_BYTES + (long) Math.max(snapBytes, 1 << 18), 64);
        this.descriptors = arena.allocate((long) MOST_PACKETS * PacketDescriptor.BYTES, 64);
    }

    /** Copies what is there: how many packets, or a negative status of libpcap's. */
    int fill(MemorySegment handle, PcapPacket packet) {
        boolean nanos =
                pcap_h.pcap_get_tstamp_precision(handle) == pcap_h.PCAP_TSTAMP_PRECISION_NANO();
        long at = 0;
        count = 0;
        while (count < MOST_PACKETS && at < roomBytes) {
            int status = packet.next(handle);
            if (status != 1) {
                return count > 0 || status == 0 ? count : status;
            }
            if (packet.captured() <= memory.byteSize() - at) {
                packet.copyTo(memory, at);
                long fraction = nanos ? packet.fraction() : packet.fraction() * 1000;
                describe(packet, at, packet.seconds() * 1_000_000_000L + fraction);
                at += packet.captured() + 15L & ~15L;
                count++;
            }
        }
        return count;
    }

    private void describe(PcapPacket packet, long offset, long nanos) {
        long out = (long) count * PacketDescriptor.BYTES;
        int captured = packet.captured();
        int direction = 0;
        int interfaceIndex = -1;
        if (linkType == SLL2 && captured >= 20) {
            direction = direction(memory.get(ValueLayout.JAVA_BYTE, offset + 10));
            interfaceIndex = memory.get(INT, offset + 4);
        } else if (linkType == SLL && captured >= 16) {
            direction = direction(memory.get(ValueLayout.JAVA_BYTE, offset + 1));
        }
        int truncated = captured < packet.length() ? PacketDescriptor.FLAG_TRUNCATED : 0;
        Descriptors.put(
                descriptors,
                out,
                offset,
                nanos,
                captured,
                packet.length(),
                Descriptors.linkTypeAndFlags(linkType, direction | truncated),
                interfaceIndex);
    }

    private static int direction(byte type) {
        return (int) (DIRECTIONS >>> (4 * Math.min(type & 0xff, 8))) & 7;
    }

    void deliver(BatchHandler handler) {
        Batches.deliver(handler, memory, descriptors, count);
    }
}
