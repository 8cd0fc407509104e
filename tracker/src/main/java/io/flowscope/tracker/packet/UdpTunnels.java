package io.flowscope.tracker.packet;

import static io.flowscope.tracker.packet.DecodeOutcome.BAD;
import static io.flowscope.tracker.packet.DecodeOutcome.NO_IP;

import java.lang.foreign.MemorySegment;

/**
 * Tunnels that run over UDP. A port alone proves nothing: reserved bits, lengths and the inner
 * headers must all fit before a payload counts as a tunnel.
 */
final class UdpTunnels {
    private static final int GTP_USER_PACKET = 255;
    private static final int MOST_GTP_EXTENSIONS = 16;

    private UdpTunnels() {}

    static int enter(LayerWalk walk, Encapsulation kind) {
        return switch (kind) {
            case VXLAN -> vxlan(walk);
            case GENEVE -> geneve(walk);
            case GTP_U -> gtp(walk);
            case TEREDO -> teredo(walk);
            case GRE -> fitting(walk, Gre.enter(walk));
            case MPLS -> filling(walk, EtherTypes.mpls(walk));
            case L2TP -> fitting(walk, layer2(walk));
            default -> NO_IP;
        };
    }

    /**
     * Where a header proves little: the IP packet inside must fit into what is there, unless that
     * is a datagram's beginning.
     */
    private static int fitting(LayerWalk walk, int outcome) {
        return outcome == DecodeOutcome.OK && !walk.partial ? walk.ip(true) : outcome;
    }

    /** Where a header proves nothing: the IP packet inside must be all that is there. */
    private static int filling(LayerWalk walk, int outcome) {
        if (outcome != DecodeOutcome.OK || walk.partial) {
            return outcome;
        }
        boolean six = Wire.u8(walk.memory, walk.at) >>> 4 == 6;
        int total = Wire.u16(walk.memory, walk.at + (six ? 4 : 2)) + (six ? 40 : 0);
        return walk.at + total == walk.wireEnd ? outcome : NO_IP;
    }

    /**
     * flags 8, group or next protocol 24, network 24, reserved 8. Reserved bits are ignored, as the
     * standard has it, but where some are set the IP packet inside must fit into what is there.
     */
    private static int vxlan(LayerWalk walk) {
        if (!walk.has(8)) {
            return walk.missing(8);
        }
        int first = Wire.i32(walk.memory, walk.at);
        int second = Wire.i32(walk.memory, walk.at + 4);
        int next = first & 0xff;
        boolean generic = (first & 0xf0ff_ff00) == 0 && next >= 1 && next <= 5;
        boolean unexpected = !generic && (first & 0x77b7_0000) != 0;
        boolean doubtful = unexpected || (second & 0xff) != 0;
        if ((first & 0x0800_0000) == 0) {
            return NO_IP;
        }
        walk.link.tunnel(Encapsulation.VXLAN, second >>> 8);
        walk.at += 8;
        int outcome = vxlanPayload(walk, generic ? next : 3);
        return doubtful ? fitting(walk, outcome) : outcome;
    }

    private static int vxlanPayload(LayerWalk walk, int protocol) {
        return switch (protocol) {
            case 1 -> EtherTypes.follow(walk, EtherTypes.IPV4);
            case 2 -> EtherTypes.follow(walk, EtherTypes.IPV6);
            case 3 -> EtherTypes.ethernet(walk);
            case 4 -> EtherTypes.serviceHeader(walk);
            case 5 -> EtherTypes.mpls(walk);
            default -> NO_IP;
        };
    }

    /** version 2, option length 6, flags 8, ether type 16, network 24, reserved 8, options. */
    private static int geneve(LayerWalk walk) {
        if (!walk.has(8)) {
            return walk.missing(8);
        }
        int first = Wire.i32(walk.memory, walk.at);
        int second = Wire.i32(walk.memory, walk.at + 4);
        if ((first & 0xc03f_0000) != 0 || (second & 0xff) != 0 || (first & 0xffff) <= 1500) {
            return NO_IP;
        }
        walk.link.tunnel(Encapsulation.GENEVE, second >>> 8);
        walk.at += 8 + ((first >>> 24 & 0x3f) << 2);
        return EtherTypes.follow(walk, first & 0xffff);
    }

    /** version 3, type 1, flags 4, message 8, length 16, tunnel 32; optional fields; extensions. */
    private static int gtp(LayerWalk walk) {
        if (!walk.has(8)) {
            return walk.missing(8);
        }
        MemorySegment memory = walk.memory;
        int first = Wire.i32(memory, walk.at);
        boolean version1 = first >>> 28 == 3;
        if (!version1 || (first >>> 16 & 0xff) != GTP_USER_PACKET) {
            return NO_IP;
        }
        if (!walk.narrow(walk.at + 8 + (first & 0xffff))) {
            return BAD;
        }
        walk.link.tunnel(Encapsulation.GTP_U, Wire.u32(memory, walk.at + 4));
        walk.at += 8;
        if ((first & 0x0700_0000) != 0) {
            if (!walk.has(4)) {
                return walk.missing(4);
            }
            boolean extended = (first & 0x0400_0000) != 0;
            int next = extended ? Wire.u8(memory, walk.at + 3) : 0;
            walk.at += 4;
            int outcome = gtpExtensions(walk, next);
            if (outcome != DecodeOutcome.OK) {
                return outcome;
            }
        }
        return ipByVersion(walk);
    }

    /** Each begins with its length in units of four bytes and ends with the type of the next. */
    private static int gtpExtensions(LayerWalk walk, int first) {
        int next = first;
        for (int count = 0; next != 0; count++) {
            if (!walk.has(4)) {
                return walk.missing(4);
            }
            int length = Wire.u8(walk.memory, walk.at) << 2;
            if (length == 0 || count == MOST_GTP_EXTENSIONS) {
                return BAD;
            }
            if (!walk.has(length)) {
                return walk.missing(length);
            }
            next = Wire.u8(walk.memory, walk.at + length - 1);
            walk.at += length;
        }
        return DecodeOutcome.OK;
    }

    /**
     * flags 12, version 4, length 16 (L), tunnel 16, session 16, numbers 32 (S), offset 16 and as
     * many bytes (O); then PPP. Control messages (T) carry nothing.
     */
    private static int layer2(LayerWalk walk) {
        if (!walk.has(6)) {
            return walk.missing(6);
        }
        int flags = Wire.u16(walk.memory, walk.at);
        boolean sized = (flags & 0x4000) != 0;
        if ((flags & 0xb4ff) != 2) {
            return NO_IP;
        }
        long begin = walk.at;
        int header = (sized ? 8 : 6) + ((flags & 0x0800) != 0 ? 4 : 0);
        boolean padded = (flags & 0x0200) != 0;
        if (!walk.has(header + (padded ? 2 : 0))) {
            return walk.missing(header + (padded ? 2 : 0));
        }
        if (sized && !walk.narrow(begin + Wire.u16(walk.memory, begin + 2))) {
            return BAD;
        }
        int ids = Wire.i32(walk.memory, begin + (sized ? 4 : 2));
        walk.link.tunnel(Encapsulation.L2TP, ids & 0xffff_ffffL);
        walk.at += header + (padded ? 2 + Wire.u16(walk.memory, begin + header) : 0);
        return EtherTypes.ppp(walk);
    }

    private static int ipByVersion(LayerWalk walk) {
        if (!walk.has(1)) {
            return walk.missing(1);
        }
        boolean six = Wire.u8(walk.memory, walk.at) >>> 4 == 6;
        return EtherTypes.follow(walk, six ? EtherTypes.IPV6 : EtherTypes.IPV4);
    }

    /**
     * IPv6 that fills the datagram exactly or, where its addresses are such as this tunnel has,
     * with a trailer; behind an authentication header (0x0001, two lengths, client, value, nonce,
     * confirmation) and an origin (0x0000, port, address), both optional.
     */
    private static int teredo(LayerWalk walk) {
        MemorySegment memory = walk.memory;
        if (walk.has(4) && Wire.u16(memory, walk.at) == 1) {
            int client = Wire.u8(memory, walk.at + 2);
            int value = Wire.u8(memory, walk.at + 3);
            walk.at += 13 + client + value;
        }
        if (walk.has(2) && Wire.u16(memory, walk.at) == 0) {
            walk.at += 8;
        }
        if (!walk.has(40)) {
            return walk.missing(40);
        }
        boolean six = Wire.u8(memory, walk.at) >>> 4 == 6;
        long end = walk.at + 40 + Wire.u16(memory, walk.at + 4);
        boolean fits = end == walk.wireEnd || (end < walk.wireEnd && betweenTeredoNodes(walk));
        if (!six || (!fits && !walk.partial)) {
            return NO_IP;
        }
        walk.link.tunnel(Encapsulation.TEREDO, 0);
        return EtherTypes.follow(walk, EtherTypes.IPV6);
    }

    /** Either address is 2001::/32 or of the link. */
    private static boolean betweenTeredoNodes(LayerWalk walk) {
        return isTeredo(Wire.i32(walk.memory, walk.at + 8))
                || isTeredo(Wire.i32(walk.memory, walk.at + 24));
    }

    private static boolean isTeredo(int prefix) {
        return prefix == 0x2001_0000 || prefix >>> 22 == 0xfe80 >>> 6;
    }
}
