package io.flowscope.bindings.pcap;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The packet that {@code pcap_next_ex} gave last, one object for all packets of a handle. The bytes
 * are libpcap's: they are there until the next call on the handle, or until it closes. For the
 * thread that reads the handle.
 */
public final class PcapPacket {
    private static final long POINTER_BYTES = ValueLayout.ADDRESS.byteSize();

    private static final long SECONDS_OFFSET = pcap_pkthdr.ts$offset() + timeval.tv_sec$offset();
    private static final long FRACTION_OFFSET = pcap_pkthdr.ts$offset() + timeval.tv_usec$offset();

    /**
     * All there is, as long as the handle lives, so that a packet needs no segment of its own.
     * Never leaves this class whole.
     */
    private final MemorySegment memory;

    /** Where libpcap puts the pointers to the header and to the bytes. */
    private final MemorySegment pointers;

    private final MemorySegment headerPointer;
    private final MemorySegment bytesPointer;

    private long address;
    private int captured;
    private int length;
    private long seconds;
    private long fraction;

    /** A packet of handles that live in this arena; so does the room for libpcap's two pointers. */
    public PcapPacket(Arena arena) {
        memory = MemorySegment.NULL.reinterpret(Long.MAX_VALUE, arena, null).asReadOnly();
        pointers = arena.allocate(2 * POINTER_BYTES, POINTER_BYTES);
        headerPointer = pointers.asSlice(0, POINTER_BYTES);
        bytesPointer = pointers.asSlice(POINTER_BYTES, POINTER_BYTES);
    }

    /**
     * Reads the next packet of a handle.
     *
     * @param handle of this packet's arena
     * @return 1 with a packet, 0 after the time-out, {@code PCAP_ERROR_BREAK} at the end of a file
     *     or after {@code pcap_breakloop}, {@code PCAP_ERROR}
     */
    public int next(MemorySegment handle) {
        if (!handle.scope().equals(memory.scope())) {
            throw new IllegalArgumentException("the handle lives in another arena");
        }
        captured = 0;
        int result = pcap_h.pcap_next_ex(handle, headerPointer, bytesPointer);
        if (result == 1) {
            long header = pointers.get(ValueLayout.JAVA_LONG, 0);
            address = pointers.get(ValueLayout.JAVA_LONG, POINTER_BYTES);
            seconds = memory.get(ValueLayout.JAVA_LONG_UNALIGNED, header + SECONDS_OFFSET);
            fraction = memory.get(ValueLayout.JAVA_LONG_UNALIGNED, header + FRACTION_OFFSET);
            captured = intAt(header + pcap_pkthdr.caplen$offset());
            length = intAt(header + pcap_pkthdr.len$offset());
        }
        return result;
    }

    /** Bytes that were captured. */
    public int captured() {
        return captured;
    }

    /** Bytes that the packet had on the wire. */
    public int length() {
        return length;
    }

    /** Seconds since 1970. */
    public long seconds() {
        return seconds;
    }

    /** Micro- or nanoseconds within the second: {@code pcap_get_tstamp_precision} says which. */
    public long fraction() {
        return fraction;
    }

    /** Copies the captured bytes; allocates nothing. The target must have room for all of them. */
    public void copyTo(MemorySegment target, long offset) {
        MemorySegment.copy(memory, address, target, offset, captured);
    }

    /** The captured bytes in place. */
    public MemorySegment bytes() {
        return memory.asSlice(address, captured);
    }

    /** What libpcap would not look at: whether the bytes are as many as a header says. */
    static void ensureWithin(MemorySegment header, MemorySegment bytes) {
        long captured = Integer.toUnsignedLong(pcap_pkthdr.caplen(header));
        if (captured > bytes.byteSize()) {
            throw new IllegalArgumentException(
                    "captured: at most %d, was %d".formatted(bytes.byteSize(), captured));
        }
    }

    private int intAt(long at) {
        return memory.get(ValueLayout.JAVA_INT_UNALIGNED, at);
    }
}
