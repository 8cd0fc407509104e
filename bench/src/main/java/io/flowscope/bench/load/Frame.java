package io.flowscope.bench.load;

import io.flowscope.tracker.packet.LinkType;

import java.io.ByteArrayOutputStream;
import java.util.HexFormat;

/** One frame per link type and encapsulation, each around the same TCP segment of 64 bytes. */
public enum Frame {
    /** The ordinary one. */
    ETHERNET(LinkType.ETHERNET, ethernet("0800", ipv4(6, Parts.TCP))),
    /** With twelve bytes of TCP options. */
    TCP_OPTIONS(LinkType.ETHERNET, ethernet("0800", ipv4(6, Parts.TCP_OPTIONS))),
    /** A datagram. */
    UDP(LinkType.ETHERNET, ethernet("0800", ipv4(17, udp(443, Parts.DATA)))),
    /** IPv6. */
    IPV6(LinkType.ETHERNET, ethernet("86dd", ipv6(6, Parts.TCP))),
    /** IPv6 with a hop-by-hop header. */
    IPV6_OPTIONS(
            LinkType.ETHERNET, ethernet("86dd", ipv6(0, bytes("0600010400000000", Parts.TCP)))),
    /** One tag. */
    VLAN(LinkType.ETHERNET, ethernet("8100", bytes("00050800", Parts.IP))),
    /** Two tags. */
    QINQ(LinkType.ETHERNET, ethernet("88a8", bytes("0005810000060800", Parts.IP))),
    /** One label. */
    MPLS(LinkType.ETHERNET, ethernet("8847", bytes("00011140", Parts.IP))),
    /** PPP over Ethernet. */
    PPPOE(LinkType.ETHERNET, ethernet("8864", bytes("11000009006a" + "0021", Parts.IP))),
    /** IPv4 in IPv4. */
    IP_IN_IP(LinkType.ETHERNET, ethernet("0800", ipv4(4, Parts.IP))),
    /** GRE around IP. */
    GRE(LinkType.ETHERNET, ethernet("0800", ipv4(47, bytes("00000800", Parts.IP)))),
    /** VXLAN. */
    VXLAN(
            LinkType.ETHERNET,
            ethernet("0800", ipv4(17, udp(4789, bytes("0800000000000500", inner()))))),
    /** Geneve. */
    GENEVE(
            LinkType.ETHERNET,
            ethernet("0800", ipv4(17, udp(6081, bytes("0000655800000500", inner()))))),
    /** GTP-U. */
    GTP(
            LinkType.ETHERNET,
            ethernet("0800", ipv4(17, udp(2152, bytes("30ff006800000007", Parts.IP))))),
    /** The first fragment of a datagram. */
    FRAGMENT(LinkType.ETHERNET, ethernet("0800", fragment())),
    /** A message that quotes a packet. */
    ICMP_ERROR(LinkType.ETHERNET, ethernet("0800", ipv4(1, bytes("0303000000000000", Parts.IP)))),
    /** Something else. */
    ARP(LinkType.ETHERNET, ethernet("0806", new byte[46])),
    /** No link layer. */
    RAW(LinkType.RAW, Parts.IP),
    /** The "any" device. */
    COOKED(LinkType.LINUX_COOKED, bytes("000000010006020000000009" + "00000800", Parts.IP)),
    /** The "any" device, newer. */
    COOKED_2(
            LinkType.LINUX_COOKED_2,
            bytes("0800000000000003000100" + "06020000000009" + "0000", Parts.IP)),
    /** BSD loopback. */
    NULL(LinkType.NULL, bytes("02000000", Parts.IP)),
    /** 802.11 after a short radiotap header. */
    RADIOTAP(
            LinkType.WIRELESS_RADIOTAP,
            bytes("0000080000000000" + "08010000", new byte[20], "aaaa030000000800", Parts.IP));

    private final LinkType linkType;

    @SuppressWarnings("ImmutableEnumChecker") // never written, never handed out
    private final byte[] bytes;

    Frame(LinkType linkType, byte[] bytes) {
        this.linkType = linkType;
        this.bytes = bytes;
    }

    /** What it begins with. */
    public LinkType linkType() {
        return linkType;
    }

    /** A copy of its bytes. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** What frames are made of; a class of its own because constants come before static fields. */
    private static final class Parts {
        static final byte[] DATA = new byte[64];
        static final byte[] TCP =
                Frame.bytes("9c4001bb0102030405060708" + "5018200000000000", DATA);
        static final byte[] TCP_OPTIONS =
                Frame.bytes(
                        "9c4001bb0102030405060708" + "8018200000000000",
                        "0101080a0000000100000002",
                        DATA);
        static final byte[] IP = ipv4(6, TCP);
    }

    private static byte[] inner() {
        return ethernet("0800", Parts.IP);
    }

    private static byte[] fragment() {
        byte[] packet = ipv4(17, udp(443, Parts.DATA));
        packet[6] = 0x20;
        return packet;
    }

    private static byte[] ethernet(String type, byte[] payload) {
        return bytes("020000000001020000000002" + type, payload);
    }

    private static byte[] ipv4(int protocol, byte[] payload) {
        return bytes(
                "4500",
                u16(20 + payload.length),
                "00014000",
                "40",
                u8(protocol),
                "0000",
                "0a0102030a040506",
                payload);
    }

    private static byte[] ipv6(int next, byte[] payload) {
        return bytes(
                "60000000",
                u16(payload.length),
                u8(next),
                "40",
                "20010db8000000000000000000000001",
                "20010db8000000000000000000000002",
                payload);
    }

    private static byte[] udp(int port, byte[] payload) {
        return bytes("9c40", u16(port), u16(8 + payload.length), "0000", payload);
    }

    private static byte[] u8(int value) {
        return new byte[] {(byte) value};
    }

    private static byte[] u16(int value) {
        return new byte[] {(byte) (value >>> 8), (byte) value};
    }

    private static byte[] bytes(Object... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Object part : parts) {
            out.writeBytes(
                    part instanceof byte[] some ? some : HexFormat.of().parseHex((String) part));
        }
        return out.toByteArray();
    }
}
