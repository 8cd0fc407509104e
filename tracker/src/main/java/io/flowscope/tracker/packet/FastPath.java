package io.flowscope.tracker.packet;

import java.lang.foreign.MemorySegment;

/**
 * The ordinary packet. Answers false, and leaves a half-filled cursor behind, for everything that
 * needs a closer look; never because of what it read beyond a length check.
 */
final class FastPath {
    private static final int VERSION_AND_HEADER = 0x45;
    private static final int FRAGMENT_BITS = 0x3fff;

    private FastPath() {}

    static boolean ipv4(MemorySegment memory, long ip, PacketCursor cursor, Tunnels tunnels) {
        long packetEnd = cursor.offset + cursor.captured;
        if (ip + 20 > packetEnd) {
            return false;
        }
        long head = Wire.i64(memory, ip);
        if (head >>> 56 != VERSION_AND_HEADER || (head & FRAGMENT_BITS) != 0) {
            return false;
        }
        long wireEnd = ip + (head >>> 32 & 0xffff);
        if (wireEnd > cursor.offset + Math.max(cursor.captured, cursor.length)) {
            return false;
        }
        long addresses = Wire.i64(memory, ip + 12);
        cursor.ipVersion = 4;
        cursor.sourceHigh = 0;
        cursor.sourceLow = addresses >>> 32;
        cursor.destinationHigh = 0;
        cursor.destinationLow = addresses & 0xffff_ffffL;
        cursor.ipOffset = ip;
        cursor.ipEnd = Math.min(wireEnd, packetEnd);
        cursor.ipWireEnd = wireEnd;
        return transport(memory, Wire.u8(memory, ip + 9), ip + 20, cursor, tunnels);
    }

    static boolean ipv6(MemorySegment memory, long ip, PacketCursor cursor, Tunnels tunnels) {
        long packetEnd = cursor.offset + cursor.captured;
        if (ip + 40 > packetEnd) {
            return false;
        }
        long head = Wire.i64(memory, ip);
        int payload = (int) (head >>> 16) & 0xffff;
        long wireEnd = ip + 40 + payload;
        boolean beyond = wireEnd > cursor.offset + Math.max(cursor.captured, cursor.length);
        if (head >>> 60 != 6 || payload == 0 || beyond) {
            return false;
        }
        cursor.ipVersion = 6;
        cursor.sourceHigh = Wire.i64(memory, ip + 8);
        cursor.sourceLow = Wire.i64(memory, ip + 16);
        cursor.destinationHigh = Wire.i64(memory, ip + 24);
        cursor.destinationLow = Wire.i64(memory, ip + 32);
        cursor.ipOffset = ip;
        cursor.ipEnd = Math.min(wireEnd, packetEnd);
        cursor.ipWireEnd = wireEnd;
        return transport(memory, (int) (head >>> 8) & 0xff, ip + 40, cursor, tunnels);
    }

    private static boolean transport(
            MemorySegment memory, int protocol, long l4, PacketCursor cursor, Tunnels tunnels) {
        cursor.protocol = protocol;
        cursor.l4Offset = l4;
        if (protocol == Transport.TCP) {
            return tcp(memory, l4, cursor);
        }
        return protocol == Transport.UDP && udp(memory, l4, cursor, tunnels);
    }

    private static boolean tcp(MemorySegment memory, long l4, PacketCursor cursor) {
        long end = cursor.ipEnd;
        if (l4 + 20 > end) {
            return false;
        }
        long first = Wire.i64(memory, l4);
        long second = Wire.i64(memory, l4 + 8);
        int header = (int) (second >>> 26) & 0x3c;
        long payload = l4 + header;
        if (header < 20 || payload > end) {
            return false;
        }
        cursor.sourcePort = (int) (first >>> 48);
        cursor.destinationPort = (int) (first >>> 32) & 0xffff;
        cursor.sequence = (int) first;
        cursor.acknowledgment = (int) (second >>> 32);
        cursor.tcpFlags = (int) second >>> 16 & 0xff;
        cursor.window = (int) second & 0xffff;
        cursor.tcpHeader = true;
        cursor.payloadOffset = payload;
        cursor.payloadCaptured = (int) (end - payload);
        cursor.payloadLength = (int) (cursor.ipWireEnd - payload);
        cursor.outcome = DecodeOutcome.OK;
        return true;
    }

    private static boolean udp(
            MemorySegment memory, long l4, PacketCursor cursor, Tunnels tunnels) {
        long end = cursor.ipEnd;
        if (l4 + 8 > end) {
            return false;
        }
        long head = Wire.i64(memory, l4);
        int source = (int) (head >>> 48);
        int destination = (int) (head >>> 32) & 0xffff;
        int length = (int) (head >>> 16) & 0xffff;
        boolean lies = length < 8 || l4 + length > cursor.ipWireEnd;
        if (lies || tunnels.mayBeTunnel(source, destination)) {
            return false;
        }
        cursor.sourcePort = source;
        cursor.destinationPort = destination;
        cursor.payloadOffset = l4 + 8;
        cursor.payloadCaptured = (int) Math.min(end - l4, length) - 8;
        cursor.payloadLength = length - 8;
        cursor.outcome = DecodeOutcome.OK;
        return true;
    }
}
