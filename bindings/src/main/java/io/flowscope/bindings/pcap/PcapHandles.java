package io.flowscope.bindings.pcap;

import io.flowscope.bindings.memory.Pointers;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Opening a {@code pcap_t}. It is closed when the arena closes, which is refused while a call on it
 * is under way in a shared arena; a call after that throws IllegalStateException. Functions of
 * {@link pcap_h} that take and return numbers are called on it as they are.
 *
 * <p>Each method returns {@link MemorySegment#NULL} if libpcap refused, and throws
 * UnsatisfiedLinkError if there is no libpcap.
 */
public final class PcapHandles {
    private PcapHandles() {}

    /**
     * A live source that is not yet activated: set its options with {@code pcap_h.pcap_set_…}, then
     * call {@code pcap_h.pcap_activate}.
     *
     * @param error 256 bytes of {@link PcapErrors#buffer} for the reason of a refusal
     */
    public static MemorySegment create(Arena arena, String device, MemorySegment error) {
        Libpcap.ensureAvailable();
        try (Arena call = Arena.ofConfined()) {
            return closedWith(arena, pcap_h.pcap_create(call.allocateFrom(device), error));
        }
    }

    /** A capture file, its time stamps in the precision {@code PCAP_TSTAMP_PRECISION_…}. */
    public static MemorySegment openOffline(
            Arena arena, String path, int precision, MemorySegment error) {
        Libpcap.ensureAvailable();
        try (Arena call = Arena.ofConfined()) {
            MemorySegment name = call.allocateFrom(path);
            MemorySegment opened =
                    pcap_h.pcap_open_offline_with_tstamp_precision(name, precision, error);
            return closedWith(arena, opened);
        }
    }

    /** No source at all: for compiling filters and writing files. */
    public static MemorySegment openDead(
            Arena arena, int linkType, int snapLengthBytes, int precision) {
        Libpcap.ensureAvailable();
        MemorySegment opened =
                pcap_h.pcap_open_dead_with_tstamp_precision(linkType, snapLengthBytes, precision);
        return closedWith(arena, opened);
    }

    private static MemorySegment closedWith(Arena arena, MemorySegment opened) {
        if (Pointers.isNull(opened)) {
            return MemorySegment.NULL;
        }
        return Pointers.owned(opened, 0, arena, pcap_h::pcap_close);
    }
}
