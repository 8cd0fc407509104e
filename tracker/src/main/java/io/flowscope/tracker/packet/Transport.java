package io.flowscope.tracker.packet;

import static io.flowscope.tracker.packet.DecodeOutcome.BAD;
import static io.flowscope.tracker.packet.DecodeOutcome.OK;
import static io.flowscope.tracker.packet.DecodeOutcome.SHORT;

import java.lang.foreign.MemorySegment;

/** Reads the header behind the innermost IP header. */
final class Transport {
    static final int ICMP = 1;
    static final int TCP = 6;
    static final int UDP = 17;
    static final int DCCP = 33;
    static final int ICMP6 = 58;
    static final int SCTP = 132;
    static final int UDP_LITE = 136;

    private Transport() {}

    /** {@code partial}: the bytes are the beginning of a datagram, so lengths may exceed them. */
    static int read(PacketCursor cursor, boolean partial) {
        return switch (cursor.protocol) {
            case TCP -> tcp(cursor, partial);
            case UDP -> udp(cursor, partial);
            case UDP_LITE -> ports(cursor, partial, 8);
            case SCTP -> ports(cursor, partial, 12);
            case DCCP -> dccp(cursor, partial);
            case ICMP, ICMP6 -> icmp(cursor);
            default -> opaque(cursor);
        };
    }

    /** No header of its own: all that IP carries is payload. */
    static int opaque(PacketCursor cursor) {
        cursor.sourcePort = 0;
        cursor.destinationPort = 0;
        return payload(cursor, 0);
    }

    private static int payload(PacketCursor cursor, long header) {
        long begin = Math.min(cursor.l4Offset + header, cursor.ipEnd);
        cursor.payloadOffset = begin;
        cursor.payloadCaptured = (int) (cursor.ipEnd - begin);
        cursor.payloadLength =
                (int) Math.max(cursor.ipWireEnd - cursor.l4Offset - header, cursor.payloadCaptured);
        return OK;
    }

    private static int ports(PacketCursor cursor, boolean partial, int header) {
        long wire = cursor.ipWireEnd - cursor.l4Offset;
        if (wire < header && !partial) {
            return BAD;
        }
        if (cursor.ipEnd - cursor.l4Offset < 4) {
            return SHORT;
        }
        int ports = Wire.i32(cursor.memory, cursor.l4Offset);
        cursor.sourcePort = ports >>> 16;
        cursor.destinationPort = ports & 0xffff;
        return payload(cursor, header);
    }

    private static int tcp(PacketCursor cursor, boolean partial) {
        int outcome = ports(cursor, partial, 20);
        long l4 = cursor.l4Offset;
        if (outcome != OK || cursor.ipEnd - l4 < 20) {
            return outcome;
        }
        MemorySegment memory = cursor.memory;
        int word = Wire.i32(memory, l4 + 12);
        int header = word >>> 28 << 2;
        if (header < 20 || (header > cursor.ipWireEnd - l4 && !partial)) {
            return BAD;
        }
        cursor.tcpHeader = true;
        cursor.sequence = Wire.i32(memory, l4 + 4);
        cursor.acknowledgment = Wire.i32(memory, l4 + 8);
        cursor.tcpFlags = word >>> 16 & 0xff;
        cursor.window = word & 0xffff;
        return payload(cursor, header);
    }

    /** A length of 0 is a jumbo payload or segmentation offload. */
    private static int udp(PacketCursor cursor, boolean partial) {
        int outcome = ports(cursor, partial, 8);
        if (outcome != OK || cursor.ipEnd - cursor.l4Offset < 6) {
            return outcome;
        }
        int length = Wire.u16(cursor.memory, cursor.l4Offset + 4);
        if (length == 0) {
            return OK;
        }
        if (length < 8) {
            return BAD;
        }
        cursor.overlong |= length > cursor.ipWireEnd - cursor.l4Offset && !partial;
        if (length - 8 < cursor.payloadLength) {
            cursor.payloadLength = length - 8;
            cursor.payloadCaptured = Math.min(cursor.payloadCaptured, length - 8);
        }
        return OK;
    }

    private static int dccp(PacketCursor cursor, boolean partial) {
        boolean offset = cursor.ipEnd - cursor.l4Offset >= 5;
        int header = offset ? Wire.u8(cursor.memory, cursor.l4Offset + 4) << 2 : 12;
        return header < 12 ? BAD : ports(cursor, partial, header);
    }

    private static int icmp(PacketCursor cursor) {
        if (cursor.ipEnd - cursor.l4Offset >= 2) {
            int word = Wire.u16(cursor.memory, cursor.l4Offset);
            cursor.icmpType = word >>> 8;
            cursor.icmpCode = word & 0xff;
        }
        cursor.sourcePort = 0;
        cursor.destinationPort = 0;
        return payload(cursor, 8);
    }
}
