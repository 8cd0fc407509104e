package io.flowscope.tracker.packet;

import static io.flowscope.tracker.packet.DecodeOutcome.NO_IP;

/**
 * Generic routing encapsulation, its uses for virtual subnets and mirrored traffic, and the
 * enhanced version 1 that carries PPP.
 *
 * <pre>
 *   0                   1                   2                   3
 *   |C| |K|S|        | version |      protocol type          |
 *   | checksum (C)             | reserved (C)                |
 *   | key (K): version 1 has payload length and call id here |
 *   | sequence number (S)                                    |
 *   | acknowledgment number (version 1, A)                   |
 * </pre>
 */
final class Gre {
    private static final int CHECKSUM = 0x8000;
    private static final int ROUTING = 0x4000;
    private static final int KEY = 0x2000;
    private static final int SEQUENCE = 0x1000;
    private static final int ACKNOWLEDGMENT = 0x0080;
    private static final int VERSION = 7;

    private static final int MIRRORED = 0x88be;
    private static final int MIRRORED_3 = 0x22eb;
    private static final int CACHE_REDIRECT = 0x883e;

    /** 802.11 frames from an access point to its controller: 0x8200 to 0x83ff. */
    private static final int WIRELESS = 0x8200;

    private static final int WIRELESS_MASK = 0xfe00;

    private Gre() {}

    static int enter(LayerWalk walk) {
        if (!walk.has(4)) {
            return walk.missing(4);
        }
        int flags = Wire.u16(walk.memory, walk.at);
        int type = Wire.u16(walk.memory, walk.at + 2);
        return switch (flags & VERSION) {
            case 0 -> plain(walk, flags, type);
            case 1 -> enhanced(walk, flags, type);
            default -> NO_IP;
        };
    }

    private static int plain(LayerWalk walk, int flags, int type) {
        int keyAt = (flags & CHECKSUM) != 0 ? 8 : 4;
        int header = keyAt + ((flags & KEY) != 0 ? 4 : 0) + ((flags & SEQUENCE) != 0 ? 4 : 0);
        if ((flags & ROUTING) != 0) {
            return NO_IP;
        }
        if (!walk.has(header)) {
            return walk.missing(header);
        }
        boolean keyed = (flags & KEY) != 0;
        long key = keyed ? Wire.u32(walk.memory, walk.at + keyAt) : 0;
        walk.at += header;
        return switch (type) {
            case MIRRORED -> mirrored(walk, (flags & SEQUENCE) != 0);
            case MIRRORED_3 -> mirrored3(walk);
            case CACHE_REDIRECT -> redirect(walk, key);
            case EtherTypes.BRIDGED_ETHERNET -> bridged(walk, keyed, key);
            default -> {
                walk.link.tunnel(Encapsulation.GRE, key);
                if ((type & WIRELESS_MASK) == WIRELESS) {
                    yield walk.enabled(Encapsulation.GRE) ? Wireless.frame(walk, false) : NO_IP;
                }
                boolean enabled = walk.enabled(Encapsulation.GRE) && type > 1500;
                yield enabled ? EtherTypes.follow(walk, type) : NO_IP;
            }
        };
    }

    /** With a key the upper 24 bits of it are a virtual subnet. */
    private static int bridged(LayerWalk walk, boolean keyed, long key) {
        boolean subnet = keyed && walk.enabled(Encapsulation.NVGRE);
        if (!subnet && !walk.enabled(Encapsulation.GRE)) {
            return NO_IP;
        }
        walk.link.tunnel(
                subnet ? Encapsulation.NVGRE : Encapsulation.GRE, subnet ? key >>> 8 : key);
        return EtherTypes.ethernet(walk);
    }

    /**
     * Type I has no header and no sequence number, type II has 8 bytes, type III under II's type.
     */
    private static int mirrored(LayerWalk walk, boolean sequenced) {
        if (!walk.enabled(Encapsulation.ERSPAN)) {
            return NO_IP;
        }
        if (!sequenced) {
            walk.link.tunnel(Encapsulation.ERSPAN, 0);
            return EtherTypes.ethernet(walk);
        }
        if (!walk.has(8)) {
            return walk.missing(8);
        }
        if (Wire.u8(walk.memory, walk.at) >>> 4 == 2) {
            return mirrored3(walk);
        }
        walk.link.tunnel(Encapsulation.ERSPAN, Wire.u16(walk.memory, walk.at + 2) & 0x3ff);
        walk.at += 8;
        return EtherTypes.ethernet(walk);
    }

    /** Twelve bytes, and eight more if the lowest bit is set. */
    private static int mirrored3(LayerWalk walk) {
        if (!walk.enabled(Encapsulation.ERSPAN)) {
            return NO_IP;
        }
        if (!walk.has(12)) {
            return walk.missing(12);
        }
        boolean more = (Wire.u8(walk.memory, walk.at + 11) & 1) != 0;
        walk.link.tunnel(Encapsulation.ERSPAN, Wire.u16(walk.memory, walk.at + 2) & 0x3ff);
        walk.at += more ? 20 : 12;
        return EtherTypes.ethernet(walk);
    }

    /** Web cache redirection: version 2 has four bytes before the IP header, version 1 none. */
    private static int redirect(LayerWalk walk, long key) {
        if (!walk.enabled(Encapsulation.GRE)) {
            return NO_IP;
        }
        if (walk.has(1) && Wire.u8(walk.memory, walk.at) >>> 4 != 4) {
            walk.at += 4;
        }
        walk.link.tunnel(Encapsulation.GRE, key);
        return EtherTypes.follow(walk, EtherTypes.IPV4);
    }

    private static int enhanced(LayerWalk walk, int flags, int type) {
        boolean enabled = walk.enabled(Encapsulation.PPTP);
        if (!enabled || type != EtherTypes.PPP || (flags & KEY) == 0) {
            return NO_IP;
        }
        boolean acknowledges = (flags & ACKNOWLEDGMENT) != 0;
        int header = 8 + ((flags & SEQUENCE) != 0 ? 4 : 0) + (acknowledges ? 4 : 0);
        if (!walk.has(header)) {
            return walk.missing(header);
        }
        int payload = Wire.u16(walk.memory, walk.at + 4);
        walk.link.tunnel(Encapsulation.PPTP, Wire.u16(walk.memory, walk.at + 6));
        walk.at += header;
        if (payload == 0) {
            return NO_IP;
        }
        walk.narrow(walk.at + payload);
        return EtherTypes.ppp(walk);
    }
}
