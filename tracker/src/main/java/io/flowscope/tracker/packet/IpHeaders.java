package io.flowscope.tracker.packet;

import static io.flowscope.tracker.packet.DecodeOutcome.BAD;
import static io.flowscope.tracker.packet.DecodeOutcome.DEEP;
import static io.flowscope.tracker.packet.DecodeOutcome.OK;

import java.lang.foreign.MemorySegment;

/**
 * Reads an IP header that {@link LayerWalk#ip} found sound, and the extension headers behind it,
 * into the cursor. Narrows the walk to the IP payload.
 */
final class IpHeaders {
    static final int HOP_BY_HOP = 0;
    static final int ROUTING = 43;
    static final int FRAGMENT = 44;
    static final int AUTHENTICATION = 51;
    static final int NO_NEXT_HEADER = 59;
    static final int DESTINATION_OPTIONS = 60;
    static final int SHIM6 = 140;

    private static final int MOST_EXTENSIONS = 16;

    private IpHeaders() {}

    static int read(PacketCursor cursor, LayerWalk walk) {
        boolean six = Wire.u8(walk.memory, walk.at) >>> 4 == 6;
        cursor.ipOffset = walk.at;
        return six ? readIpv6(cursor, walk) : readIpv4(cursor, walk);
    }

    private static int readIpv4(PacketCursor cursor, LayerWalk walk) {
        MemorySegment memory = walk.memory;
        long ip = walk.at;
        int total = Wire.u16(memory, ip + 2);
        long wireEnd = total == 0 ? walk.wireEnd : ip + total;
        int fragment = Wire.u16(memory, ip + 6);
        long addresses = Wire.i64(memory, ip + 12);
        cursor.ipVersion = 4;
        cursor.sourceHigh = 0;
        cursor.sourceLow = addresses >>> 32;
        cursor.destinationHigh = 0;
        cursor.destinationLow = addresses & 0xffff_ffffL;
        int next = Wire.u8(memory, ip + 9);
        walk.at = ip + ((Wire.u8(memory, ip) & 15) << 2);
        bound(cursor, walk, wireEnd);
        if ((fragment & 0x3fff) != 0) {
            boolean more = (fragment & 0x2000) != 0;
            fragment(cursor, walk, Wire.u16(memory, ip + 4), next, (fragment & 0x1fff) << 3, more);
            cursor.fragmentDataOffset = walk.at;
        }
        return extensions(cursor, walk, next, false);
    }

    private static int readIpv6(PacketCursor cursor, LayerWalk walk) {
        MemorySegment memory = walk.memory;
        long ip = walk.at;
        int payload = Wire.u16(memory, ip + 4);
        int next = Wire.u8(memory, ip + 6);
        // 0 is a jumbo payload or segmentation offload, unless the header says that nothing
        // follows.
        boolean toTheEnd = payload == 0 && next != NO_NEXT_HEADER;
        cursor.ipVersion = 6;
        cursor.sourceHigh = Wire.i64(memory, ip + 8);
        cursor.sourceLow = Wire.i64(memory, ip + 16);
        cursor.destinationHigh = Wire.i64(memory, ip + 24);
        cursor.destinationLow = Wire.i64(memory, ip + 32);
        walk.at = ip + 40;
        bound(cursor, walk, toTheEnd ? walk.wireEnd : ip + 40 + payload);
        return extensions(cursor, walk, next, true);
    }

    private static void bound(PacketCursor cursor, LayerWalk walk, long wireEnd) {
        walk.outermost = false;
        walk.narrow(wireEnd);
        cursor.ipEnd = walk.capturedEnd;
        cursor.ipWireEnd = walk.wireEnd;
        cursor.overlong = walk.overlong;
    }

    private static void fragment(
            PacketCursor cursor, LayerWalk walk, int id, int protocol, int offset, boolean more) {
        cursor.fragment = offset == 0 ? FragmentState.BEGIN : FragmentState.REST;
        cursor.fragmentIpOffset = cursor.ipOffset;
        cursor.fragmentId = id;
        cursor.fragmentProtocol = protocol;
        cursor.fragmentOffset = offset;
        cursor.fragmentMore = more;
        cursor.fragmentScope = scope(cursor);
        walk.partial = true;
    }

    /** What tells apart two networks with the same addresses: interface, tags and tunnel. */
    private static int scope(PacketCursor cursor) {
        LinkState link = cursor.link;
        int tags = (link.outerTag & 0xfff) ^ ((link.innerTag & 0xfff) << 12);
        return (tags * 31 + (int) link.tunnelId) * 31 + cursor.interfaceIndex;
    }

    /** Goes on to the transport header; a later fragment's bytes are not looked at. */
    private static int extensions(PacketCursor cursor, LayerWalk walk, int first, boolean six) {
        int next = first;
        for (int count = 0; count <= MOST_EXTENSIONS; count++) {
            boolean later = cursor.fragment == FragmentState.REST;
            if (later || !isExtension(walk, next, six)) {
                cursor.protocol = next;
                cursor.l4Offset = walk.at;
                return OK;
            }
            if (!walk.has(8)) {
                return walk.missing(8);
            }
            int following = Wire.u8(walk.memory, walk.at);
            int length = length(walk, next);
            if (next == FRAGMENT) {
                int word = Wire.u16(walk.memory, walk.at + 2);
                // Neither offset nor more: an atomic fragment, which is a whole datagram.
                if ((word & 0xfff9) != 0) {
                    int id = Wire.i32(walk.memory, walk.at + 4);
                    fragment(cursor, walk, id, following, word & 0xfff8, (word & 1) != 0);
                    cursor.fragmentDataOffset = walk.at + 8;
                }
            }
            if (!walk.has(length)) {
                return walk.partial ? BAD : walk.missing(length);
            }
            walk.at += length;
            next = following;
        }
        return DEEP;
    }

    private static boolean isExtension(LayerWalk walk, int protocol, boolean six) {
        return switch (protocol) {
            case AUTHENTICATION -> walk.enabled(Encapsulation.AUTHENTICATION_HEADER);
            case HOP_BY_HOP, ROUTING, FRAGMENT, DESTINATION_OPTIONS, SHIM6 -> six;
            default -> false;
        };
    }

    private static int length(LayerWalk walk, int protocol) {
        int units = Wire.u8(walk.memory, walk.at + 1);
        return switch (protocol) {
            case FRAGMENT -> 8;
            case AUTHENTICATION -> (units + 2) << 2;
            default -> (units + 1) << 3;
        };
    }
}
