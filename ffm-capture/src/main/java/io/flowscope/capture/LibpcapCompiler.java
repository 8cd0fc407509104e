package io.flowscope.capture;

import io.flowscope.bindings.pcap.Libpcap;
import io.flowscope.bindings.pcap.PcapErrors;
import io.flowscope.bindings.pcap.PcapFilter;
import io.flowscope.bindings.pcap.PcapHandles;
import io.flowscope.bindings.pcap.pcap_h;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/** libpcap's compiler. Its parser keeps state of its own in older versions: one call at a time. */
final class LibpcapCompiler {
    private static final int SNAP_LENGTH = 262144;
    private static final Object ONE_AT_A_TIME = new Object();

    private LibpcapCompiler() {}

    /** Why there is no libpcap, and what to do. */
    static String absence() {
        Throwable cause = Libpcap.unavailabilityCause();
        return cause == null ? "" : Objects.requireNonNullElse(cause.getMessage(), "");
    }

    static BpfProgram compile(String expression, int linkType) {
        return compile(expression, linkType, true);
    }

    /** Without optimizing, every part of the filter is evaluated in the order of the text. */
    static BpfProgram compile(String expression, int linkType, boolean optimize) {
        synchronized (ONE_AT_A_TIME) {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment handle =
                        PcapHandles.openDead(
                                arena,
                                dltOf(linkType),
                                SNAP_LENGTH,
                                pcap_h.PCAP_TSTAMP_PRECISION_NANO());
                if (handle.address() == 0) {
                    throw new CaptureException("pcap_open_dead failed: out of memory");
                }
                PcapFilter filter =
                        PcapFilter.compile(
                                arena, handle, expression, optimize, pcap_h.PCAP_NETMASK_UNKNOWN());
                if (filter == null) {
                    throw new FilterException(
                            "filter '%s': %s".formatted(expression, PcapErrors.lastOf(handle)), -1);
                }
                return BpfProgram.of(filter.instructions());
            }
        }
    }

    /** Compiles for a handle: its link type, and what its kernel does with tags. */
    static PcapFilter onHandle(Arena arena, MemorySegment handle, String expression) {
        synchronized (ONE_AT_A_TIME) {
            PcapFilter filter =
                    PcapFilter.compile(
                            arena, handle, expression, true, pcap_h.PCAP_NETMASK_UNKNOWN());
            if (filter == null) {
                throw new FilterException(
                        "filter '%s': %s".formatted(expression, PcapErrors.lastOf(handle)), -1);
            }
            return filter;
        }
    }

    /** The number that libpcap on Linux uses for a link type inside the process. */
    static int dltOf(int linkType) {
        return switch (linkType) {
            case 100 -> 11;
            case 101 -> 12;
            default -> linkType;
        };
    }

    /** The number that files use for what libpcap calls so inside the process. */
    static int linkTypeOf(int dlt) {
        return switch (dlt) {
            case 11 -> 100;
            case 12, 14 -> 101;
            default -> dlt;
        };
    }
}
