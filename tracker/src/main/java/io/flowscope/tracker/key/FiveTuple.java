package io.flowscope.tracker.key;

import io.flowscope.tracker.packet.PacketCursor;

/**
 * Protocol and two endpoints. The static methods are what the tracker calls for the default
 * extractor, so that the hot path has no interface call.
 */
public final class FiveTuple {
    private FiveTuple() {}

    /** Both directions have the same key: endpoint a is the smaller address, then port. */
    public static boolean extract(PacketCursor packet, KeyBuffer into) {
        int source = packet.sourcePort();
        int destination = packet.destinationPort();
        if (packet.ipVersion() == 4) {
            ipv4(packet, source, destination, into);
        } else {
            ipv6(packet, source, destination, into);
        }
        return true;
    }

    /**
     * Which end is the smaller is a coin toss from packet to packet, so no branch asks: {@code
     * swap} is all ones or all zeros.
     */
    private static void ipv4(PacketCursor packet, int source, int destination, KeyBuffer into) {
        long from = packet.sourceLow() << 16 | source;
        long to = packet.destinationLow() << 16 | destination;
        long swap = to - from >> 63;
        long different = (from ^ to) & swap;
        long a = from ^ different;
        long b = to ^ different;
        into.reversed = swap != 0;
        into.shortKey(
                head((int) a & 0xffff, (int) b & 0xffff, packet.protocol(), KeyBuffer.IPV4),
                a >>> 16 << 32 | b >>> 16);
    }

    private static void ipv6(PacketCursor packet, int source, int destination, KeyBuffer into) {
        int order =
                compare(
                        packet.sourceHigh(),
                        packet.sourceLow(),
                        packet.destinationHigh(),
                        packet.destinationLow());
        into.reversed = order > 0 || (order == 0 && source > destination);
        addresses(packet, source, destination, packet.protocol(), KeyBuffer.IPV6, into);
    }

    /** Writes a key of IPv6 endpoints in the order that the buffer's direction says. */
    static void addresses(
            PacketCursor packet,
            int source,
            int destination,
            int protocol,
            int kind,
            KeyBuffer into) {
        if (into.reversed) {
            into.longKey(
                    head(destination, source, protocol, kind),
                    packet.destinationHigh(),
                    packet.destinationLow(),
                    packet.sourceHigh(),
                    packet.sourceLow());
        } else {
            into.longKey(
                    head(source, destination, protocol, kind),
                    packet.sourceHigh(),
                    packet.sourceLow(),
                    packet.destinationHigh(),
                    packet.destinationLow());
        }
    }

    /** Each direction is a flow of its own: endpoint a is the sender. */
    public static boolean extractDirectional(PacketCursor packet, KeyBuffer into) {
        int source = packet.sourcePort();
        int destination = packet.destinationPort();
        into.reversed = false;
        if (packet.ipVersion() == 4) {
            into.shortKey(
                    head(source, destination, packet.protocol(), KeyBuffer.IPV4),
                    packet.sourceLow() << 32 | packet.destinationLow());
        } else {
            addresses(packet, source, destination, packet.protocol(), KeyBuffer.IPV6, into);
        }
        return true;
    }

    static long head(int portA, int portB, int protocol, int kind) {
        return (long) portA << 48 | (long) portB << 32 | (long) protocol << 24 | kind;
    }

    static int compare(long high, long low, long otherHigh, long otherLow) {
        int order = Long.compareUnsigned(high, otherHigh);
        return order != 0 ? order : Long.compareUnsigned(low, otherLow);
    }
}
