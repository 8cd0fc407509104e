package io.flowscope.capture;

import io.flowscope.bindings.pcap.PcapErrors;
import io.flowscope.bindings.pcap.PcapFilter;
import io.flowscope.bindings.pcap.PcapHandles;
import io.flowscope.bindings.pcap.PcapNames;
import io.flowscope.bindings.pcap.pcap_h;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * Opening a device with libpcap: set what is asked for, activate, filter, never block.
 *
 * @param handle lives as long as the arena it was opened in
 */
record PcapOpening(MemorySegment handle, int linkType, List<String> notes) {
    private static final int DLT_LINUX_SLL = 113;
    private static final int DLT_LINUX_SLL2 = 276;

    static PcapOpening open(Arena arena, PcapOptions options) {
        try (Arena call = Arena.ofConfined()) {
            MemorySegment error = PcapErrors.buffer(call);
            MemorySegment handle = PcapHandles.create(arena, options.device(), error);
            if (handle.address() == 0) {
                throw new CaptureException(
                        "pcap_create(%s): %s"
                                .formatted(options.device(), PcapErrors.message(error)));
            }
            List<String> notes = activate(handle, options);
            preferInterfaceNumbers(handle);
            install(handle, options.filter());
            if (pcap_h.pcap_setnonblock(handle, 1, error) != 0) {
                throw new CaptureException("pcap_setnonblock: " + PcapErrors.message(error));
            }
            if (pcap_h.pcap_get_selectable_fd(handle) < 0) {
                throw new CaptureException(
                        "libpcap cannot wait for packets of " + options.device());
            }
            int linkType = LibpcapCompiler.linkTypeOf(pcap_h.pcap_datalink(handle));
            return new PcapOpening(handle, linkType, notes);
        }
    }

    private static List<String> activate(MemorySegment handle, PcapOptions options) {
        check(handle, "pcap_set_snaplen", pcap_h.pcap_set_snaplen(handle, options.snapBytes()));
        check(
                handle,
                "pcap_set_promisc",
                pcap_h.pcap_set_promisc(handle, options.promiscuous() ? 1 : 0));
        check(handle, "pcap_set_timeout", pcap_h.pcap_set_timeout(handle, options.timeoutMillis()));
        if (options.bufferBytes() > 0) {
            check(
                    handle,
                    "pcap_set_buffer_size",
                    pcap_h.pcap_set_buffer_size(handle, options.bufferBytes()));
        }
        // Where there are no nanoseconds, the handle says so afterwards.
        pcap_h.pcap_set_tstamp_precision(handle, pcap_h.PCAP_TSTAMP_PRECISION_NANO());
        int status = pcap_h.pcap_activate(handle);
        if (status < 0) {
            String hint =
                    status == pcap_h.PCAP_ERROR_PERM_DENIED()
                            ? "; " + SystemErrors.CAPTURE_RIGHTS
                            : "";
            throw new CaptureException(
                    "pcap_activate(%s): %s%s"
                            .formatted(options.device(), words(handle, status), hint));
        }
        List<String> notes = new ArrayList<>();
        if (status > 0) {
            notes.add(words(handle, status));
        }
        return List.copyOf(notes);
    }

    private static String words(MemorySegment handle, int status) {
        String general = PcapErrors.status(status);
        String own = PcapErrors.lastOf(handle);
        return own.isEmpty() || own.equals(general) ? general : general + " (" + own + ")";
    }

    private static void check(MemorySegment handle, String call, int status) {
        if (status != 0) {
            throw new CaptureException(call + ": " + words(handle, status));
        }
    }

    /** Of the cooked headers, the newer one says which interface a packet came from. */
    private static void preferInterfaceNumbers(MemorySegment handle) {
        if (pcap_h.pcap_datalink(handle) != DLT_LINUX_SLL) {
            return;
        }
        for (int offered : PcapNames.linkTypesOf(handle)) {
            if (offered == DLT_LINUX_SLL2) {
                pcap_h.pcap_set_datalink(handle, DLT_LINUX_SLL2);
            }
        }
    }

    /** Compiles with the handle, so that the program fits what the kernel does with tags. */
    static void install(MemorySegment handle, String expression) {
        try (Arena arena = Arena.ofConfined()) {
            PcapFilter filter = LibpcapCompiler.onHandle(arena, handle, expression);
            int status = filter.installOn(handle);
            if (status != 0) {
                throw new CaptureException("pcap_setfilter: " + words(handle, status));
            }
        }
    }
}
