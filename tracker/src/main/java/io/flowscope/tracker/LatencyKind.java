package io.flowscope.tracker;

/** What a latency is the latency of. */
public enum LatencyKind {
    /** A TCP round trip. */
    ROUND_TRIP,
    /** From SYN to SYN-ACK. */
    CONNECT,
    /** From a DNS query to its response. */
    DNS
}
