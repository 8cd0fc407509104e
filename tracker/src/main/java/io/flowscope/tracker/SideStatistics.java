package io.flowscope.tracker;

/**
 * What one side of a flow has sent.
 *
 * @param packets packets
 * @param bytes bytes on the wire, link layer included
 * @param payloadBytes bytes behind the transport header
 * @param retransmissions TCP segments sent again
 * @param outOfOrder TCP segments later than their successors
 * @param duplicateAcks TCP acknowledgments repeated while data was in flight
 * @param zeroWindows TCP segments that announced a window of zero
 * @param window the last TCP window announced, as sent
 * @param firstNanos time of the first packet, 0 if there is none
 * @param lastNanos time of the last packet, 0 if there is none
 * @param interfaceIndex the interface of its first packet, -1 if unknown
 */
public record SideStatistics(
        long packets,
        long bytes,
        long payloadBytes,
        long retransmissions,
        long outOfOrder,
        long duplicateAcks,
        long zeroWindows,
        int window,
        long firstNanos,
        long lastNanos,
        int interfaceIndex) {}
