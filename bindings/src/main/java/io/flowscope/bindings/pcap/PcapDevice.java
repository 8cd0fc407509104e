package io.flowscope.bindings.pcap;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Something libpcap can capture from, copied out of its list.
 *
 * @param name to open it with
 * @param description for people, or null
 * @param flags {@code PCAP_IF_…}
 * @param addresses socket addresses on the heap, of any family
 */
public record PcapDevice(
        String name, @Nullable String description, int flags, List<MemorySegment> addresses) {

    /** Keeps a copy of the list. */
    public PcapDevice {
        addresses = List.copyOf(addresses);
    }
}
