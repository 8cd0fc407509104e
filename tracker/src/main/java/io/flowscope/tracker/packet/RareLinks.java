package io.flowscope.tracker.packet;

import static io.flowscope.tracker.packet.DecodeOutcome.BAD;
import static io.flowscope.tracker.packet.DecodeOutcome.NO_IP;

/** From the first byte to the outermost IP header for link types that are seldom met. */
final class RareLinks {
    /** A packet that nflog handed over: the type of the attribute that holds it. */
    private static final int NFLOG_PAYLOAD = 9;

    private static final int MOST_ATTRIBUTES = 64;

    /** The longest frame relay address. */
    private static final int ADDRESS_BYTES = 4;

    private RareLinks() {}

    /** Frame control, destination, source, then LLC if the control says so. */
    static int fddi(LayerWalk walk) {
        if (!walk.has(13)) {
            return walk.missing(13);
        }
        boolean logicalLink = (Wire.u8(walk.memory, walk.at) & 0xf0) == 0x50;
        walk.link.mac = walk.at + 1;
        walk.link.macLayout = MacAddresses.ETHERNET;
        walk.at += 13;
        return logicalLink ? EtherTypes.llc(walk) : NO_IP;
    }

    /**
     * An address of two to four bytes, the last of which is odd; then either 3 (unnumbered
     * information), perhaps a pad byte, and a byte for the protocol, or an ether type as Cisco has
     * it.
     */
    static int frameRelay(LayerWalk walk) {
        int address = 1;
        for (; ; address++) {
            if (!walk.has(address)) {
                return walk.missing(address);
            }
            if ((Wire.u8(walk.memory, walk.at + address - 1) & 1) != 0) {
                break;
            }
            if (address == ADDRESS_BYTES) {
                return BAD;
            }
        }
        if (!walk.has(address + 2)) {
            return walk.missing(address + 2);
        }
        walk.at += address;
        if (Wire.u8(walk.memory, walk.at) != 3) {
            int type = Wire.u16(walk.memory, walk.at);
            walk.at += 2;
            return EtherTypes.follow(walk, type);
        }
        walk.at++;
        return networkProtocol(walk);
    }

    /** A network layer protocol identifier, perhaps after a pad byte. */
    private static int networkProtocol(LayerWalk walk) {
        int protocol = Wire.u8(walk.memory, walk.at);
        walk.at++;
        if (protocol == 0) {
            if (!walk.has(1)) {
                return walk.missing(1);
            }
            protocol = Wire.u8(walk.memory, walk.at);
            walk.at++;
        }
        return switch (protocol) {
            case 0xcc -> EtherTypes.follow(walk, EtherTypes.IPV4);
            case 0x8e -> EtherTypes.follow(walk, EtherTypes.IPV6);
            case 0x80 -> EtherTypes.snap(walk, 0);
            default -> NO_IP;
        };
    }

    /**
     * Family, version, resource (2); then attributes of length (2, itself included), type (2) and
     * value, each filled up to four bytes and in the byte order of the machine that captured, which
     * is taken for little-endian if the first length makes sense so.
     */
    static int nflog(LayerWalk walk) {
        if (!walk.has(8)) {
            return walk.missing(8);
        }
        int family = Wire.u8(walk.memory, walk.at);
        walk.at += 4;
        boolean little = Wire.u16Little(walk.memory, walk.at) < 0x1000;
        for (int i = 0; i < MOST_ATTRIBUTES; i++) {
            if (!walk.has(4)) {
                return walk.missing(4);
            }
            int length = number(walk, 0, little);
            if (length < 4) {
                return BAD;
            }
            if ((number(walk, 2, little) & 0x3fff) == NFLOG_PAYLOAD) {
                walk.narrow(walk.at + length);
                walk.at += 4;
                return switch (family) {
                    case 2 -> EtherTypes.follow(walk, EtherTypes.IPV4);
                    case 10 -> EtherTypes.follow(walk, EtherTypes.IPV6);
                    default -> NO_IP;
                };
            }
            walk.at += (length + 3) & ~3;
        }
        return NO_IP;
    }

    private static int number(LayerWalk walk, int at, boolean little) {
        return little
                ? Wire.u16Little(walk.memory, walk.at + at)
                : Wire.u16(walk.memory, walk.at + at);
    }

    /** Little-endian: length, kind of record (1 is a packet), link type of what follows. */
    static int packetTap(LayerWalk walk) {
        if (!walk.has(12)) {
            return walk.missing(12);
        }
        long length = Wire.i32Little(walk.memory, walk.at) & 0xffff_ffffL;
        int kind = Wire.i32Little(walk.memory, walk.at + 4);
        int linkType = Wire.i32Little(walk.memory, walk.at + 8);
        if (length < 12) {
            return BAD;
        }
        if (kind != 1 || LinkHeaders.isWrapper(linkType)) {
            return NO_IP;
        }
        walk.at += length;
        return LinkHeaders.toIp(walk, linkType);
    }
}
