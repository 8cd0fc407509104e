package io.flowscope.bindings.pcap;

import io.flowscope.bindings.NativeLibrary;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** Whether libpcap is there, and which. It is looked for when that is first asked. */
public final class Libpcap {
    /** Debian and Ubuntu keep the name of version 0.8; the bare name comes with the headers. */
    static final NativeLibrary LIBRARY =
            new NativeLibrary(
                    "libpcap",
                    "flowscope.libpcap",
                    List.of("libpcap.so.1", "libpcap.so.0.8", "libpcap.so"),
                    "pcap_open_offline_with_tstamp_precision",
                    "install the package libpcap0.8 (Debian, Ubuntu) or libpcap (Fedora, Alpine)");

    private Libpcap() {}

    /** Whether it can be called. */
    public static boolean isAvailable() {
        return LIBRARY.isAvailable();
    }

    /** Why it cannot be called, with what to do about it, or null if it can. */
    public static @Nullable Throwable unavailabilityCause() {
        return LIBRARY.unavailabilityCause();
    }

    /** Returns if it can be called, throws UnsatisfiedLinkError with the cause if not. */
    public static void ensureAvailable() {
        LIBRARY.ensureAvailable();
    }
}
