package io.flowscope.bindings.pcap;

import io.flowscope.bindings.memory.Pointers;

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
     * All there is, so that a packet needs no segment of its own. Never leaves this class whole.
     */
    private static final MemorySegment MEMORY =
            MemorySegment.NULL.reinterpret(Long.MAX_VALUE).asReadOnly();

    /** Where libpcap puts the pointers to the header and to the bytes. */
    private final MemorySegment pointers;

    private final MemorySegment headerPointer;
    private final MemorySegment bytesPointer;

    /** Whose packet it is. */
    private MemorySegment source = MemorySegment.NULL;

    private long address;
    private int captured;
    private int length;
    private long seconds;
    private long fraction;

    /** With room for two pointers that lives as long as the arena. */
    public PcapPacket(Arena arena) {
        pointers = arena.allocate(2 * POINTER_BYTES, POINTER_BYTES);
        headerPointer = pointers.asSlice(0, POINTER_BYTES);
        bytesPointer = pointers.asSlice(POINTER_BYTES, POINTER_BYTES);
    }

    /**
     * Reads the next packet of a handle.
     *
     * @return 1 with a packet, 0 after the time-out, {@code PCAP_ERROR_BREAK} at the end of a file
     *     or after {@code pcap_breakloop}, {@code PCAP_ERROR}
     */
    public int next(MemorySegment handle) {
        source = handle;
        captured = 0;
        int result = pcap_h.pcap_next_ex(handle, headerPointer, bytesPointer);
        if (result == 1) {
            long header = pointers.get(ValueLayout.JAVA_LONG, 0);
            address = pointers.get(ValueLayout.JAVA_LONG, POINTER_BYTES);
            seconds = MEMORY.get(ValueLayout.JAVA_LONG_UNALIGNED, header + SECONDS_OFFSET);
            fraction = MEMORY.get(ValueLayout.JAVA_LONG_UNALIGNED, header + FRACTION_OFFSET);
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
        ensureOpen();
        MemorySegment.copy(MEMORY, address, target, offset, captured);
    }

    /** The captured bytes in place. */
    public MemorySegment bytes() {
        ensureOpen();
        return Pointers.sized(MemorySegment.ofAddress(address), captured).asReadOnly();
    }

    private void ensureOpen() {
        if (!source.scope().isAlive()) {
            throw new IllegalStateException("the handle is closed, its packet is gone");
        }
    }

    private static int intAt(long at) {
        return MEMORY.get(ValueLayout.JAVA_INT_UNALIGNED, at);
    }
}
