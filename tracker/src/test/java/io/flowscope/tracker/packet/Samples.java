package io.flowscope.tracker.packet;

import static io.flowscope.tracker.packet.Packets.authentication;
import static io.flowscope.tracker.packet.Packets.bytes;
import static io.flowscope.tracker.packet.Packets.ethernet;
import static io.flowscope.tracker.packet.Packets.extension;
import static io.flowscope.tracker.packet.Packets.geneve;
import static io.flowscope.tracker.packet.Packets.gre;
import static io.flowscope.tracker.packet.Packets.greKeyed;
import static io.flowscope.tracker.packet.Packets.gtp;
import static io.flowscope.tracker.packet.Packets.gtpExtended;
import static io.flowscope.tracker.packet.Packets.ipv4;
import static io.flowscope.tracker.packet.Packets.ipv6;
import static io.flowscope.tracker.packet.Packets.mpls;
import static io.flowscope.tracker.packet.Packets.ppp;
import static io.flowscope.tracker.packet.Packets.pppoe;
import static io.flowscope.tracker.packet.Packets.snap;
import static io.flowscope.tracker.packet.Packets.tcp;
import static io.flowscope.tracker.packet.Packets.text;
import static io.flowscope.tracker.packet.Packets.udp;
import static io.flowscope.tracker.packet.Packets.vlan;
import static io.flowscope.tracker.packet.Packets.vxlan;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One packet per link type and encapsulation, each with the same innermost flow: TCP from 10.1.2.3
 * port 40000 to 10.4.5.6 port 80 with five bytes of payload.
 */
final class Samples {
    /** A packet, and what is expected of the encapsulation around its flow. */
    @SuppressWarnings("ArrayRecordComponent")
    record Sample(int linkType, byte[] packet, Encapsulation tunnel, long tunnelId, int depth) {}

    static final String FROM = "0a010203";
    static final String TO = "0a040506";
    static final String FROM_6 = "20010db8000000000000000000000001";
    static final String TO_6 = "20010db8000000000000000000000002";
    static final byte[] HELLO = text("hello");
    static final byte[] SEGMENT = tcp(40000, 80, 0x18, new byte[0], HELLO);
    static final byte[] INNER = ipv4(6, FROM, TO, SEGMENT);
    static final byte[] FRAME = ethernet(0x0800, INNER);

    private static final Map<String, Sample> ALL = new LinkedHashMap<>();

    private Samples() {}

    static Map<String, Sample> all() {
        return ALL;
    }

    private static void add(String name, int linkType, byte[] packet) {
        add(name, linkType, packet, null, 0, 0);
    }

    private static void add(
            String name, int linkType, byte[] packet, Encapsulation tunnel, long id, int depth) {
        ALL.put(name, new Sample(linkType, packet, tunnel, id, depth));
    }

    private static void tunnel(
            String name, int protocol, byte[] payload, Encapsulation kind, long id) {
        add(
                name,
                1,
                ethernet(0x0800, ipv4(protocol, "c0000201", "c0000202", payload)),
                kind,
                id,
                1);
    }

    private static void udpTunnel(
            String name, int port, byte[] payload, Encapsulation kind, long id) {
        tunnel(name, 17, udp(5555, port, payload), kind, id);
        byte[] six = ipv6(17, FROM_6, TO_6, udp(5555, port, payload));
        add(name + " over IPv6", 1, ethernet(0x86dd, six), kind, id, 1);
    }

    static {
        linkTypes();
        wireless();
        linkEncapsulations();
        ipEncapsulations();
        udpEncapsulations();
    }

    private static void linkTypes() {
        add("Ethernet", 1, FRAME);
        add("raw 12", 12, INNER);
        add("raw 14", 14, INNER);
        add("raw 101", 101, INNER);
        add("raw IPv4", 228, INNER);
        add("null little endian", 0, bytes("02000000", INNER));
        add("null big endian", 0, bytes("00000002", INNER));
        add("null with an ether type", 0, bytes("0f000800", INNER));
        add("loop", 108, bytes("00000002", INNER));
        add("cooked", 113, bytes("0000 0001 0006 020000000009 0000 0800", INNER));
        add(
                "cooked with tag",
                113,
                bytes("0000 0001 0006 020000000009 0000 8100 0005 0800", INNER));
        add("cooked 2", 276, bytes("0800 0000 00000003 0001 00 06 020000000009 0000", INNER));
        add("PPP", 9, ppp(0x21, INNER));
        add("PPP in HDLC", 50, bytes("ff03", ppp(0x21, INNER)));
        add("PPP with a short protocol", 9, bytes("21", INNER));
        add("PPP over Ethernet alone", 51, pppoe(9, ppp(0x21, INNER)), Encapsulation.PPPOE, 9, 0);
        add("Cisco HDLC", 104, bytes("0f000800", INNER));
        add("PPP link with Cisco header", 9, bytes("0f000800", INNER));
        add("MPLS alone", 219, mpls(17, true, INNER), Encapsulation.MPLS, 17, 0);
        add("InfiniBand", 242, bytes(new byte[40], "0800 0000", INNER));
        add("FDDI", 10, bytes("50 020000000001 020000000002", snap(0x0800, INNER)));
        add("frame relay", 107, bytes("1841 03 cc", INNER));
        add("frame relay with pad", 107, bytes("1841 03 00 80", bytes("000000 0800", INNER)));
        add("frame relay as Cisco has it", 107, bytes("1841 0800", INNER));
        add("frame relay, long address", 107, bytes("18404041 03 cc", INNER));
        byte[] logged = bytes("0500 0a00 78 000000", nflogPayload(false));
        add("NFLOG", 239, bytes("02 00 0005", logged));
        add("NFLOG big endian", 239, bytes("02 00 0005", nflogPayload(true)));
        add("packet tap", 258, bytes("14000000 01000000 01000000", new byte[8], FRAME));
        add("LLC", 1, bytes("020000000001 020000000002 0040", snap(0x0800, INNER)));
        add("LLC with IP's own point", 1, bytes("020000000001 020000000002 0040 060603", INNER));
    }

    /** The attribute that holds the packet, which is a multiple of four bytes neither way. */
    private static byte[] nflogPayload(boolean big) {
        int length = INNER.length + 4;
        byte[] little = {(byte) length, (byte) (length >>> 8)};
        return bytes(big ? Packets.u16(length) : little, big ? "0009" : "0900", INNER);
    }

    private static void wireless() {
        byte[] logical = snap(0x0800, INNER);
        byte[] plain = bytes("0801 0000", new byte[20], logical);
        byte[] quality = bytes("8801 0000", new byte[20], "0000", logical);
        byte[] throughput = bytes("8883 0000", new byte[26], "0000 00000000", logical);
        byte[] aggregate = bytes("8802 0000", new byte[20], "8000", new byte[14], logical);
        add("802.11", 105, plain);
        add("802.11 quality of service", 105, quality);
        add("802.11 four addresses, high throughput", 105, throughput);
        add("802.11 aggregate", 105, aggregate);
        add("radiotap", 127, bytes("0000 0800 00000000", plain));
        add(
                "radiotap with clock and flags",
                127,
                bytes("0000 1100 03000000", new byte[8], "10", plain));
        byte[] padded = bytes("8801 0000", new byte[20], "0000 0000", logical);
        add(
                "radiotap with padding",
                127,
                bytes("0000 1900 030000a0 00000000 00000000", new byte[8], "20", padded));
        add("per-packet information", 192, bytes("0000 0800 69000000", plain));
        add("AVS", 163, bytes("80211001 00000010", new byte[8], plain));
        add("Prism", 119, bytes(new byte[144], plain));
    }

    private static void linkEncapsulations() {
        add("tag", 1, ethernet(0x8100, vlan(5, 0x0800, INNER)));
        add("two tags", 1, ethernet(0x88a8, vlan(5, 0x8100, vlan(6, 0x0800, INNER))));
        add("old provider tag", 1, ethernet(0x9100, vlan(5, 0x8100, vlan(6, 0x0800, INNER))));
        add("VN-Tag", 1, ethernet(0x8926, bytes("00010002 0800", INNER)));
        add("802.1BR", 1, ethernet(0x893f, bytes("1000 0001 0002 0800", INNER)));
        add("tag, VN-Tag, tag", 1, switches());
        add("backbone header", 1, ethernet(0x88a8, vlan(5, 0x88e7, bytes("00001234", FRAME))));
        add("FabricPath", 1, ethernet(0x8903, bytes("07e0", FRAME)));
        add("switch metadata", 1, ethernet(0x8909, bytes("0101 0001 0002 0800", INNER)));
        byte[] service = bytes("0fc6 0103 00000708", new byte[16], FRAME);
        add("service header", 1, ethernet(0x894f, service), Encapsulation.NSH, 7, 0);
        byte[] bare = bytes("0fc2 0201 00000708", INNER);
        add("service header with IP", 1, ethernet(0x894f, bare), Encapsulation.NSH, 7, 0);
        byte[] labels = mpls(16, false, mpls(99, true, INNER));
        add("MPLS", 1, ethernet(0x8847, labels), Encapsulation.MPLS, 99, 0);
        add("MPLS pseudowire", 1, ethernet(0x8847, mpls(7, true, FRAME)), Encapsulation.MPLS, 7, 0);
        byte[] controlled = ethernet(0x8847, mpls(7, true, bytes("00000001", FRAME)));
        add("MPLS pseudowire with control word", 1, controlled, Encapsulation.MPLS, 7, 0);
        byte[] session = pppoe(0x1234, ppp(0x21, INNER));
        add("PPPoE", 1, ethernet(0x8864, session), Encapsulation.PPPOE, 0x1234, 0);
        byte[] tagged = ethernet(0x88a8, vlan(1, 0x8100, vlan(2, 0x8864, session)));
        add("PPPoE in two tags", 1, tagged, Encapsulation.PPPOE, 0x1234, 0);
    }

    private static byte[] switches() {
        byte[] inner = vlan(6, 0x0800, INNER);
        return ethernet(0x8100, vlan(5, 0x8926, bytes("00010002 8100", inner)));
    }

    private static void ipEncapsulations() {
        tunnel("IP in IP", 4, INNER, Encapsulation.IP_IN_IP, 0);
        byte[] fourInSix = ethernet(0x86dd, ipv6(4, FROM_6, TO_6, INNER));
        add("IPv4 in IPv6", 1, fourInSix, Encapsulation.IP_IN_IP, 0, 1);
        byte[] sixInFour = ipv6(4, FROM_6, TO_6, INNER);
        byte[] three = ethernet(0x0800, ipv4(41, "c0000201", "c0000202", sixInFour));
        add("IPv4 in IPv6 in IPv4", 1, three, Encapsulation.IP_IN_IP, 0, 2);
        tunnel("GRE", 47, gre(0x0800, INNER), Encapsulation.GRE, 0);
        byte[] full = bytes("b000 0800 00000000 00000063 00000001", INNER);
        tunnel("GRE with all fields", 47, full, Encapsulation.GRE, 99);
        tunnel("GRE with Ethernet", 47, gre(0x6558, FRAME), Encapsulation.GRE, 0);
        tunnel("GRE with MPLS", 47, gre(0x8847, mpls(3, true, INNER)), Encapsulation.MPLS, 3);
        tunnel("NVGRE", 47, greKeyed(0x6558, 0xabcde7L, FRAME), Encapsulation.NVGRE, 0xabcd);
        tunnel("ERSPAN I", 47, gre(0x88be, FRAME), Encapsulation.ERSPAN, 0);
        byte[] second = bytes("1000 88be 00000001 1001 0064 00000000", FRAME);
        tunnel("ERSPAN II", 47, second, Encapsulation.ERSPAN, 100);
        byte[] third = bytes("1000 22eb 00000001 2001 0065 00000000 00000000", FRAME);
        tunnel("ERSPAN III", 47, third, Encapsulation.ERSPAN, 101);
        byte[] more = bytes("1000 22eb 00000001 2001 0065 00000000 00000001", new byte[8], FRAME);
        tunnel("ERSPAN III with subheader", 47, more, Encapsulation.ERSPAN, 101);
        byte[] ppp = ppp(0x21, INNER);
        byte[] enhanced =
                bytes("3081 880b", Packets.u16(ppp.length), "0021 00000001 00000002", ppp);
        tunnel("PPTP", 47, enhanced, Encapsulation.PPTP, 0x21);
        add("AH", 1, ethernet(0x0800, ipv4(51, FROM, TO, authentication(6, SEGMENT))));
        add("options", 1, ethernet(0x0800, ipv4(6, FROM, TO, new byte[8], 1, 0x4000, SEGMENT)));
        byte[] extended = ipv6(0, FROM_6, TO_6, extension(60, extension(43, extension(4, INNER))));
        add("IPv6 extensions", 1, ethernet(0x86dd, extended), Encapsulation.IP_IN_IP, 0, 1);
        byte[] wireless = bytes("0802 0000", new byte[20], snap(0x0800, INNER));
        tunnel("GRE with 802.11", 47, gre(0x8240, wireless), Encapsulation.GRE, 0);
        tunnel("MPLS in IP", 137, mpls(5, true, INNER), Encapsulation.MPLS, 5);
    }

    private static void udpEncapsulations() {
        udpTunnel("VXLAN", 4789, vxlan(0x123456, FRAME), Encapsulation.VXLAN, 0x123456);
        byte[] tagged = ethernet(0x8100, vlan(9, 0x0800, INNER));
        udpTunnel("VXLAN with tag", 4789, vxlan(1, tagged), Encapsulation.VXLAN, 1);
        udpTunnel("VXLAN GPE", 4790, bytes("0c000001 00000200", INNER), Encapsulation.VXLAN, 2);
        byte[] path = bytes("0c000004 00000200 0fc6 0103 00000708", new byte[16], FRAME);
        udpTunnel("VXLAN GPE with service header", 4790, path, Encapsulation.NSH, 7);
        byte[] unmarked = bytes("08000001 00000200", INNER);
        udpTunnel("VXLAN GPE without its mark", 4790, unmarked, Encapsulation.VXLAN, 2);
        udpTunnel("VXLAN group", 4789, bytes("88000007 00000300", FRAME), Encapsulation.VXLAN, 3);
        byte[] unused = bytes("ffffffff 000004ff", FRAME);
        udpTunnel("VXLAN with reserved bits set", 4789, unused, Encapsulation.VXLAN, 4);
        byte[] options = bytes("01020301 00000000");
        udpTunnel("Geneve", 6081, geneve(77, options, 0x6558, FRAME), Encapsulation.GENEVE, 77);
        udpTunnel(
                "Geneve with IP",
                6081,
                geneve(7, new byte[0], 0x0800, INNER),
                Encapsulation.GENEVE,
                7);
        udpTunnel("GTP-U", 2152, gtp(0xfffffff0L, INNER), Encapsulation.GTP_U, 0xfffffff0L);
        udpTunnel("GTP-U extended", 2152, gtpExtended(8, INNER), Encapsulation.GTP_U, 8);
        udpTunnel("MPLS in UDP", 6635, mpls(5, true, INNER), Encapsulation.MPLS, 5);
        udpTunnel("GRE in UDP", 4754, gre(0x0800, INNER), Encapsulation.GRE, 0);
        byte[] ppp = bytes("ff03", ppp(0x21, INNER));
        udpTunnel("L2TP", 1701, bytes("0002 0007 0009", ppp), Encapsulation.L2TP, 0x70009);
        byte[] size = Packets.u16(16 + ppp.length);
        byte[] sized = bytes("4a02", size, "0007 0009 0001 0002 0002 0000", ppp);
        udpTunnel("L2TP with all fields", 1701, sized, Encapsulation.L2TP, 0x70009);
        byte[] six = ipv6(4, FROM_6, TO_6, INNER);
        tunnelTwice("Teredo", six);
        tunnelTwice("Teredo with origin", bytes("0000 1234 01020304", six));
        byte[] authenticated = bytes("0001 0202 0000 0000", new byte[9], "0000 1234 01020304", six);
        tunnelTwice("Teredo with authentication", authenticated);
    }

    private static void tunnelTwice(String name, byte[] payload) {
        byte[] outer = ipv4(17, "c0000201", "c0000202", udp(5555, 3544, payload));
        add(name, 1, ethernet(0x0800, outer), Encapsulation.IP_IN_IP, 0, 2);
    }
}
