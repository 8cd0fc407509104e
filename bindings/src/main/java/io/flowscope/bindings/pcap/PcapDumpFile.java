package io.flowscope.bindings.pcap;

import io.flowscope.bindings.memory.Pointers;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** A capture file that libpcap writes; flushed and closed when the arena closes. */
public final class PcapDumpFile {
    private final MemorySegment dumper;

    private PcapDumpFile(MemorySegment dumper) {
        this.dumper = dumper;
    }

    /**
     * Creates a file with the link type and the precision of a handle.
     *
     * @return null if that is not possible: {@link PcapErrors#lastOf} says why
     */
    public static @Nullable PcapDumpFile open(Arena arena, MemorySegment handle, String path) {
        try (Arena call = Arena.ofConfined()) {
            MemorySegment opened = pcap_h.pcap_dump_open(handle, call.allocateFrom(path));
            return Pointers.isNull(opened)
                    ? null
                    : new PcapDumpFile(Pointers.owned(opened, 0, arena, pcap_h::pcap_dump_close));
        }
    }

    /** Adds a packet: its {@code pcap_pkthdr} and as many bytes as that says were captured. */
    public void write(MemorySegment header, MemorySegment bytes) {
        PcapPacket.ensureWithin(header, bytes);
        pcap_h.pcap_dump(dumper, header, bytes);
    }

    /** Hands what was added to the system: 0, or {@code PCAP_ERROR}. */
    public int flush() {
        return pcap_h.pcap_dump_flush(dumper);
    }

    /** How long the file is now, in bytes, or {@code PCAP_ERROR}. */
    public long lengthBytes() {
        return pcap_h.pcap_dump_ftell(dumper);
    }
}
