package io.flowscope.tracker.packet;

import static io.flowscope.tracker.packet.DecodeOutcome.BAD;
import static io.flowscope.tracker.packet.DecodeOutcome.NO_IP;
import static io.flowscope.tracker.packet.DecodeOutcome.UNKNOWN_LINK;

/** From the first byte of a packet to its outermost IP header, by link type. */
final class LinkHeaders {
    /** Global routing header, then ether type and two reserved bytes. */
    private static final int INFINIBAND_BYTES = 44;

    private static final int PER_PACKET_INFORMATION = 192;
    private static final int PACKET_TAP = 258;

    private LinkHeaders() {}

    static int toIp(LayerWalk walk, int linkType) {
        return switch (linkType) {
            case 1 -> EtherTypes.ethernet(walk);
            case 12, 14, 101, 228, 229 -> raw(walk);
            case 0, 108 -> loopback(walk);
            case 113 -> cooked(walk);
            case 276 -> cooked2(walk);
            case 9, 50 -> pppOrCisco(walk);
            case 10 -> RareLinks.fddi(walk);
            case 51 -> EtherTypes.pppoe(walk);
            case 104 -> cisco(walk);
            case 105 -> Wireless.frame(walk, false);
            case 107 -> RareLinks.frameRelay(walk);
            case 119 -> Wireless.prism(walk);
            case 127 -> Wireless.radiotap(walk);
            case 163 -> Wireless.avs(walk);
            case PER_PACKET_INFORMATION -> perPacketInformation(walk);
            case 219 -> EtherTypes.mpls(walk);
            case 239 -> RareLinks.nflog(walk);
            case 242 -> infiniband(walk);
            case PACKET_TAP -> RareLinks.packetTap(walk);
            default -> UNKNOWN_LINK;
        };
    }

    /** A link type that names another one behind its own header; these are never nested. */
    static boolean isWrapper(int linkType) {
        return linkType == PER_PACKET_INFORMATION || linkType == PACKET_TAP;
    }

    private static int raw(LayerWalk walk) {
        if (!walk.has(1)) {
            return walk.missing(1);
        }
        boolean six = Wire.u8(walk.memory, walk.at) >>> 4 == 6;
        return EtherTypes.follow(walk, six ? EtherTypes.IPV6 : EtherTypes.IPV4);
    }

    /** The family is in the capturing machine's order; IPv6 has a number per system. */
    private static int loopback(LayerWalk walk) {
        if (!walk.has(4)) {
            return walk.missing(4);
        }
        int family = Wire.i32(walk.memory, walk.at);
        if (family >>> 16 != 0) {
            family = Integer.reverseBytes(family);
        }
        walk.at += 4;
        return switch (family) {
            case 2 -> EtherTypes.follow(walk, EtherTypes.IPV4);
            case 10, 24, 28, 30 -> EtherTypes.follow(walk, EtherTypes.IPV6);
            default -> loopbackEtherType(walk, family);
        };
    }

    /** Some systems wrote an ether type where the family belongs, behind two other bytes. */
    private static int loopbackEtherType(LayerWalk walk, int family) {
        int type = Wire.u16(walk.memory, walk.at - 2);
        return family > 0xff && (type == EtherTypes.IPV4 || type == EtherTypes.IPV6)
                ? EtherTypes.follow(walk, type)
                : NO_IP;
    }

    private static int cooked(LayerWalk walk) {
        if (!walk.has(16)) {
            return walk.missing(16);
        }
        int addressBytes = Wire.u16(walk.memory, walk.at + 4);
        walk.link.mac = addressBytes == 6 ? walk.at : -1;
        walk.link.macLayout = MacAddresses.COOKED;
        int type = Wire.u16(walk.memory, walk.at + 14);
        walk.at += 16;
        return cookedProtocol(walk, type);
    }

    private static int cooked2(LayerWalk walk) {
        if (!walk.has(20)) {
            return walk.missing(20);
        }
        int addressBytes = Wire.u8(walk.memory, walk.at + 11);
        walk.link.mac = addressBytes == 6 ? walk.at : -1;
        walk.link.macLayout = MacAddresses.COOKED_2;
        int type = Wire.u16(walk.memory, walk.at);
        walk.at += 20;
        return cookedProtocol(walk, type);
    }

    /** An ether type, or 4 for an LLC header; other small numbers are no IP. */
    private static int cookedProtocol(LayerWalk walk, int type) {
        if (type == 4) {
            return EtherTypes.llc(walk);
        }
        return type >= 0x600 ? EtherTypes.follow(walk, type) : NO_IP;
    }

    private static int pppOrCisco(LayerWalk walk) {
        if (!walk.has(4)) {
            return walk.missing(4);
        }
        int address = Wire.u8(walk.memory, walk.at);
        return address == 0x0f || address == 0x8f ? cisco(walk) : EtherTypes.ppp(walk);
    }

    private static int cisco(LayerWalk walk) {
        if (!walk.has(4)) {
            return walk.missing(4);
        }
        int type = Wire.u16(walk.memory, walk.at + 2);
        walk.at += 4;
        return EtherTypes.follow(walk, type);
    }

    private static int infiniband(LayerWalk walk) {
        if (!walk.has(INFINIBAND_BYTES)) {
            return walk.missing(INFINIBAND_BYTES);
        }
        int type = Wire.u16(walk.memory, walk.at + 40);
        walk.at += INFINIBAND_BYTES;
        return EtherTypes.follow(walk, type);
    }

    /** Version, flags, little-endian length and link type of what follows; never nested. */
    private static int perPacketInformation(LayerWalk walk) {
        if (!walk.has(8)) {
            return walk.missing(8);
        }
        int length = Wire.u16Little(walk.memory, walk.at + 2);
        int linkType = Wire.i32Little(walk.memory, walk.at + 4);
        if (length < 8 || isWrapper(linkType)) {
            return BAD;
        }
        walk.at += length;
        return toIp(walk, linkType);
    }
}
