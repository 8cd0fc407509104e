package io.flowscope.tracker.packet;

import java.util.Arrays;
import java.util.Optional;

/** The link types that the decoder knows, by their numbers in the LINKTYPE_ registry. */
public enum LinkType {
    /** BSD loopback: an address family in the byte order of the machine that captured. */
    NULL(0),
    /** Ethernet. */
    ETHERNET(1),
    /** PPP, with or without HDLC framing. */
    PPP(9),
    /** FDDI with LLC. */
    FDDI(10),
    /** Raw IP, as some systems number it in files. */
    RAW_12(12),
    /** Raw IP, as OpenBSD numbers it. */
    RAW_14(14),
    /** PPP in HDLC-like framing. */
    PPP_HDLC(50),
    /** PPP over Ethernet without the Ethernet header. */
    PPP_ETHERNET(51),
    /** Raw IP, version in its first four bits. */
    RAW(101),
    /** Cisco HDLC. */
    CISCO_HDLC(104),
    /** IEEE 802.11. */
    WIRELESS(105),
    /** Frame relay. */
    FRAME_RELAY(107),
    /** OpenBSD loopback: an address family in network byte order. */
    LOOP(108),
    /** Linux cooked capture, version 1. */
    LINUX_COOKED(113),
    /** IEEE 802.11 after a Prism header. */
    WIRELESS_PRISM(119),
    /** IEEE 802.11 after a radiotap header. */
    WIRELESS_RADIOTAP(127),
    /** IEEE 802.11 after an AVS header. */
    WIRELESS_AVS(163),
    /** Per-packet information, then what it names. */
    PER_PACKET_INFORMATION(192),
    /** MPLS labels. */
    MPLS(219),
    /** Raw IPv4. */
    IPV4(228),
    /** Raw IPv6. */
    IPV6(229),
    /** What Linux' packet filter logged. */
    NFLOG(239),
    /** IP over InfiniBand. */
    IP_OVER_INFINIBAND(242),
    /** Apple's packet tap, then what it names. */
    PACKET_TAP(258),
    /** Linux cooked capture, version 2. */
    LINUX_COOKED_2(276);

    private final int number;

    LinkType(int number) {
        this.number = number;
    }

    /** The number in files and descriptors. */
    public int number() {
        return number;
    }

    /** The link type with a number, if the decoder knows it. */
    public static Optional<LinkType> of(int number) {
        return Arrays.stream(values()).filter(type -> type.number == number).findFirst();
    }

    /** Whether packets of this link type can be decoded. */
    public static boolean isSupported(int number) {
        return of(number).isPresent();
    }

    /** The name of a link type or, if the decoder does not know it, its number in words. */
    public static String describe(int number) {
        return of(number).map(Enum::name).orElse("link type " + number + " (not supported)");
    }
}
