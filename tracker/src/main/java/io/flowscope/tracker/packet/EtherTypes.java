package io.flowscope.tracker.packet;

import static io.flowscope.tracker.packet.DecodeOutcome.BAD;
import static io.flowscope.tracker.packet.DecodeOutcome.DEEP;
import static io.flowscope.tracker.packet.DecodeOutcome.NO_IP;
import static io.flowscope.tracker.packet.DecodeOutcome.OK;

/**
 * From an Ethernet, LLC, PPP, PPPoE or MPLS header to the IP header behind it. Each method begins
 * at the walk's position and leaves it at a sound IP header if it returns {@link DecodeOutcome#OK}.
 */
final class EtherTypes {
    static final int IPV4 = 0x0800;
    static final int IPV6 = 0x86dd;
    static final int VLAN = 0x8100;
    static final int PROVIDER_VLAN = 0x88a8;
    static final int OLD_PROVIDER_VLAN = 0x9100;
    static final int MPLS = 0x8847;
    static final int MPLS_UPSTREAM = 0x8848;
    static final int PPPOE_SESSION = 0x8864;
    static final int PPP = 0x880b;
    static final int BACKBONE_SERVICE = 0x88e7;
    static final int VIRTUAL_INTERFACE = 0x8926;
    static final int BRIDGE_PORT = 0x893f;
    static final int FABRIC_PATH = 0x8903;
    static final int SWITCH_METADATA = 0x8909;
    static final int SERVICE_HEADER = 0x894f;
    static final int BRIDGED_ETHERNET = 0x6558;

    private static final int LARGEST_LENGTH = 1500;
    private static final int MOST_LABELS = 16;

    private EtherTypes() {}

    static int ethernet(LayerWalk walk) {
        if (!walk.has(14)) {
            return walk.missing(14);
        }
        walk.link.mac = walk.at;
        walk.link.macLayout = MacAddresses.ETHERNET;
        int type = Wire.u16(walk.memory, walk.at + 12);
        walk.at += 14;
        return follow(walk, type);
    }

    /** Follows ether types, each telling what is at the walk's position. */
    static int follow(LayerWalk walk, int firstType) {
        for (int type = firstType; ; ) {
            if (!walk.step()) {
                return DEEP;
            }
            walk.link.etherType = type;
            switch (type) {
                case IPV4, IPV6 -> {
                    return walk.ip(false);
                }
                case VLAN, PROVIDER_VLAN, OLD_PROVIDER_VLAN -> {
                    if (!walk.enabled(Encapsulation.VLAN)) {
                        return NO_IP;
                    }
                    if (!walk.has(4)) {
                        return walk.missing(4);
                    }
                    walk.link.tag(Wire.u16(walk.memory, walk.at));
                    type = Wire.u16(walk.memory, walk.at + 2);
                    walk.at += 4;
                }
                case VIRTUAL_INTERFACE, BRIDGE_PORT, SWITCH_METADATA -> {
                    if (!walk.enabled(Encapsulation.VLAN)) {
                        return NO_IP;
                    }
                    int bytes = tagBytes(walk, type);
                    if (!walk.has(bytes)) {
                        return walk.missing(bytes);
                    }
                    type = Wire.u16(walk.memory, walk.at + bytes - 2);
                    walk.at += bytes;
                }
                case BACKBONE_SERVICE, FABRIC_PATH -> {
                    return frameInFrame(walk, type == FABRIC_PATH ? 2 : 4);
                }
                case SERVICE_HEADER -> {
                    return serviceHeader(walk);
                }
                case MPLS, MPLS_UPSTREAM -> {
                    return mpls(walk);
                }
                case PPPOE_SESSION -> {
                    return pppoe(walk);
                }
                case PPP -> {
                    return ppp(walk);
                }
                case BRIDGED_ETHERNET -> {
                    return ethernet(walk);
                }
                default -> {
                    return type <= LARGEST_LENGTH ? llc(walk) : NO_IP;
                }
            }
        }
    }

    /**
     * How much a switch's own tag adds, the next ether type included. Metadata (security groups) is
     * a version, a number of words, and these words.
     */
    private static int tagBytes(LayerWalk walk, int type) {
        return switch (type) {
            case BRIDGE_PORT -> 8;
            case VIRTUAL_INTERFACE -> 6;
            default -> walk.has(2) ? 4 + 4 * Wire.u8(walk.memory, walk.at + 1) : 4;
        };
    }

    /** A switch's own tag, and behind it the frame that it carries from one edge to another. */
    private static int frameInFrame(LayerWalk walk, int tagBytes) {
        if (!walk.enabled(Encapsulation.VLAN)) {
            return NO_IP;
        }
        if (!walk.has(tagBytes)) {
            return walk.missing(tagBytes);
        }
        walk.at += tagBytes;
        return ethernet(walk);
    }

    /**
     * Network service header: version 2, flags 2, hops 6, length in words 6, kind 8, next protocol
     * 8, path 24, index 8; then context up to the length.
     */
    static int serviceHeader(LayerWalk walk) {
        if (!walk.enabled(Encapsulation.NSH)) {
            return NO_IP;
        }
        if (!walk.has(8)) {
            return walk.missing(8);
        }
        int first = Wire.i32(walk.memory, walk.at);
        int length = (first >>> 16 & 0x3f) << 2;
        if (first >>> 30 != 0 || length < 8) {
            return NO_IP;
        }
        if (!walk.has(length)) {
            return walk.missing(length);
        }
        walk.link.tunnel(Encapsulation.NSH, Wire.u32(walk.memory, walk.at + 4) >>> 8);
        walk.at += length;
        return switch (first & 0xff) {
            case 1 -> follow(walk, IPV4);
            case 2 -> follow(walk, IPV6);
            case 3 -> ethernet(walk);
            case 5 -> mpls(walk);
            default -> NO_IP;
        };
    }

    /** IEEE 802.2: a subnetwork access header with an ether type, or IP's own access point. */
    static int llc(LayerWalk walk) {
        if (!walk.has(3)) {
            return walk.missing(3);
        }
        int points = Wire.u16(walk.memory, walk.at);
        if (Wire.u8(walk.memory, walk.at + 2) != 3 || (points != 0xaaaa && points != 0x0606)) {
            return NO_IP;
        }
        if (points == 0x0606) {
            walk.at += 3;
            return follow(walk, IPV4);
        }
        return snap(walk, 3);
    }

    /** Behind some bytes: an organisation (3) and, if it is one that has them, an ether type. */
    static int snap(LayerWalk walk, int before) {
        if (!walk.has(before + 5)) {
            return walk.missing(before + 5);
        }
        int organisation =
                Wire.u8(walk.memory, walk.at + before) << 16
                        | Wire.u16(walk.memory, walk.at + before + 1);
        int type = Wire.u16(walk.memory, walk.at + before + 3);
        walk.at += before + 5;
        boolean etherType = organisation == 0 || organisation == 0x0000f8;
        return etherType && type > LARGEST_LENGTH ? follow(walk, type) : NO_IP;
    }

    static int pppoe(LayerWalk walk) {
        if (!walk.enabled(Encapsulation.PPPOE)) {
            return NO_IP;
        }
        if (!walk.has(6)) {
            return walk.missing(6);
        }
        int head = Wire.i32(walk.memory, walk.at);
        if (head >>> 16 != 0x1100) {
            return NO_IP;
        }
        walk.narrow(walk.at + 6 + Wire.u16(walk.memory, walk.at + 4));
        walk.link.tunnel(Encapsulation.PPPOE, head & 0xffff);
        walk.at += 6;
        return ppp(walk);
    }

    /** PPP with or without address and control bytes, with a protocol of one or two bytes. */
    static int ppp(LayerWalk walk) {
        if (walk.has(2) && Wire.u16(walk.memory, walk.at) == 0xff03) {
            walk.at += 2;
        }
        if (!walk.has(1)) {
            return walk.missing(1);
        }
        int protocol = Wire.u8(walk.memory, walk.at);
        int bytes = 1;
        if ((protocol & 1) == 0) {
            if (!walk.has(2)) {
                return walk.missing(2);
            }
            protocol = Wire.u16(walk.memory, walk.at);
            bytes = 2;
        }
        walk.at += bytes;
        return switch (protocol) {
            case 0x0021 -> follow(walk, IPV4);
            case 0x0057 -> follow(walk, IPV6);
            case 0x0281 -> follow(walk, MPLS);
            case 0x0283 -> follow(walk, MPLS_UPSTREAM);
            default -> NO_IP;
        };
    }

    static int mpls(LayerWalk walk) {
        if (!walk.enabled(Encapsulation.MPLS)) {
            return NO_IP;
        }
        for (int label = 0; label < MOST_LABELS; label++) {
            if (!walk.has(4)) {
                return walk.missing(4);
            }
            int entry = Wire.i32(walk.memory, walk.at);
            walk.at += 4;
            if ((entry & 0x100) != 0) {
                walk.link.tunnel(Encapsulation.MPLS, entry >>> 12);
                return belowLabels(walk);
            }
        }
        return DEEP;
    }

    /**
     * Labels do not say what they carry. IP if the first bits say so and the header is sound, else
     * Ethernet behind a control word (first four bits 0), else Ethernet at once.
     */
    private static int belowLabels(LayerWalk walk) {
        if (!walk.has(1)) {
            return walk.missing(1);
        }
        int nibble = Wire.u8(walk.memory, walk.at) >>> 4;
        if (nibble == 4 || nibble == 6) {
            int outcome = walk.ip(true);
            if (outcome != BAD) {
                walk.link.etherType = nibble == 4 ? IPV4 : IPV6;
                return outcome;
            }
        }
        long at = walk.at;
        if (nibble == 0) {
            walk.at += 4;
            int outcome = ethernet(walk);
            if (outcome == OK) {
                return OK;
            }
            walk.at = at;
        }
        int outcome = ethernet(walk);
        return outcome == OK || outcome == DEEP ? outcome : NO_IP;
    }
}
