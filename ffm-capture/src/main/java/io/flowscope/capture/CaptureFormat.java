package io.flowscope.capture;

/** How a capture file is laid out. */
public enum CaptureFormat {
    /** Classic pcap with microseconds. */
    PCAP_MICROSECONDS,
    /** Classic pcap with nanoseconds. */
    PCAP_NANOSECONDS,
    /** Kuznetzov's modified pcap: interface and direction with each packet. */
    PCAP_MODIFIED,
    /** pcapng. */
    PCAPNG
}
