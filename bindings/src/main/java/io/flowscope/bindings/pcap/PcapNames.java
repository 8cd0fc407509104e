package io.flowscope.bindings.pcap;

import io.flowscope.bindings.memory.Pointers;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.Consumer;
import java.util.function.ToIntBiFunction;

/** Names of link types and of kinds of time stamps, and which of them a handle offers. */
public final class PcapNames {
    private PcapNames() {}

    /** The version, as libpcap words it. */
    public static String library() {
        Libpcap.ensureAvailable();
        return Pointers.requiredText(pcap_h.pcap_lib_version());
    }

    /** The link types that a handle offers, best first; none if it cannot say. */
    public static int[] linkTypesOf(MemorySegment handle) {
        return copied(handle, pcap_h::pcap_list_datalinks, pcap_h::pcap_free_datalinks);
    }

    /** The kinds of time stamps that a handle offers, {@code PCAP_TSTAMP_…}. */
    public static int[] timestampTypesOf(MemorySegment handle) {
        return copied(handle, pcap_h::pcap_list_tstamp_types, pcap_h::pcap_free_tstamp_types);
    }

    /** The name of a link type without {@code DLT_}, or null if libpcap has none. */
    public static @Nullable String ofLinkType(int linkType) {
        Libpcap.ensureAvailable();
        return Pointers.text(pcap_h.pcap_datalink_val_to_name(linkType));
    }

    /** What a link type is, in words, or null if libpcap has none. */
    public static @Nullable String describeLinkType(int linkType) {
        Libpcap.ensureAvailable();
        return Pointers.text(pcap_h.pcap_datalink_val_to_description(linkType));
    }

    /** The link type of a name, or -1. */
    public static int linkType(String name) {
        Libpcap.ensureAvailable();
        try (Arena call = Arena.ofConfined()) {
            return pcap_h.pcap_datalink_name_to_val(call.allocateFrom(name));
        }
    }

    /** The name of a kind of time stamp, such as {@code adapter}, or null if there is none. */
    public static @Nullable String ofTimestampType(int type) {
        Libpcap.ensureAvailable();
        return Pointers.text(pcap_h.pcap_tstamp_type_val_to_name(type));
    }

    /** The kind of time stamp of a name, or {@code PCAP_ERROR}. */
    public static int timestampType(String name) {
        Libpcap.ensureAvailable();
        try (Arena call = Arena.ofConfined()) {
            return pcap_h.pcap_tstamp_type_name_to_val(call.allocateFrom(name));
        }
    }

    private static int[] copied(
            MemorySegment handle,
            ToIntBiFunction<MemorySegment, MemorySegment> listing,
            Consumer<MemorySegment> release) {
        try (Arena call = Arena.ofConfined()) {
            MemorySegment list = call.allocate(pcap_h.C_POINTER);
            int count = listing.applyAsInt(handle, list);
            if (count <= 0) {
                return new int[0];
            }
            MemorySegment numbers = list.get(pcap_h.C_POINTER, 0);
            try {
                return Pointers.sized(numbers, (long) count * Integer.BYTES)
                        .toArray(ValueLayout.JAVA_INT);
            } finally {
                release.accept(numbers);
            }
        }
    }
}
