package io.flowscope.bindings.pcap;

import io.flowscope.bindings.memory.Pointers;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** What libpcap says about what went wrong. */
public final class PcapErrors {
    private PcapErrors() {}

    /** Room for one message, for the functions that have no handle to keep it in. */
    public static MemorySegment buffer(Arena arena) {
        return arena.allocate(pcap_h.PCAP_ERRBUF_SIZE());
    }

    /** The message in a buffer, empty if there is none. */
    public static String message(MemorySegment buffer) {
        return buffer.getString(0);
    }

    /** The message of the last call on a handle that failed. */
    public static String lastOf(MemorySegment handle) {
        if (Pointers.isNull(handle)) {
            throw new IllegalArgumentException("there is no handle: the buffer has the reason");
        }
        return Pointers.requiredText(pcap_h.pcap_geterr(handle));
    }

    /** What a status means, {@code PCAP_ERROR_…} or {@code PCAP_WARNING_…}. */
    public static String status(int status) {
        return Pointers.requiredText(pcap_h.pcap_statustostr(status));
    }
}
