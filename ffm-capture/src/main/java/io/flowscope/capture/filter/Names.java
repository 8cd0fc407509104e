package io.flowscope.capture.filter;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** The names that stand for numbers in a filter. */
final class Names {
    /** EtherTypes of the protocols that are told by their type. */
    static final Map<String, Integer> ETHERNET_TYPES =
            Map.of(
                    "ip", 0x0800,
                    "ip6", 0x86dd,
                    "arp", 0x0806,
                    "rarp", 0x8035,
                    "vlan", 0x8100,
                    "mpls", 0x8847,
                    "pppoes", 0x8864,
                    "pppoed", 0x8863,
                    "lldp", 0x88cc,
                    "loopback", 0x9000);

    /** Protocol numbers that both IP versions share, and icmp and icmp6. */
    static final Map<String, Integer> IP_PROTOCOLS =
            Map.ofEntries(
                    Map.entry("icmp", 1),
                    Map.entry("igmp", 2),
                    Map.entry("igrp", 9),
                    Map.entry("tcp", 6),
                    Map.entry("udp", 17),
                    Map.entry("gre", 47),
                    Map.entry("esp", 50),
                    Map.entry("ah", 51),
                    Map.entry("icmp6", 58),
                    Map.entry("ospf", 89),
                    Map.entry("pim", 103),
                    Map.entry("vrrp", 112),
                    Map.entry("carp", 112),
                    Map.entry("sctp", 132));

    private static final Map<String, Integer> PORTS =
            Map.ofEntries(
                    Map.entry("ftp-data", 20),
                    Map.entry("ftp", 21),
                    Map.entry("ssh", 22),
                    Map.entry("telnet", 23),
                    Map.entry("smtp", 25),
                    Map.entry("domain", 53),
                    Map.entry("bootps", 67),
                    Map.entry("bootpc", 68),
                    Map.entry("tftp", 69),
                    Map.entry("http", 80),
                    Map.entry("kerberos", 88),
                    Map.entry("pop3", 110),
                    Map.entry("sunrpc", 111),
                    Map.entry("ntp", 123),
                    Map.entry("imap2", 143),
                    Map.entry("snmp", 161),
                    Map.entry("snmp-trap", 162),
                    Map.entry("bgp", 179),
                    Map.entry("ldap", 389),
                    Map.entry("https", 443),
                    Map.entry("syslog", 514),
                    Map.entry("submission", 587),
                    Map.entry("ldaps", 636),
                    Map.entry("imaps", 993),
                    Map.entry("pop3s", 995),
                    Map.entry("nfs", 2049),
                    Map.entry("mysql", 3306),
                    Map.entry("postgresql", 5432),
                    Map.entry("sip", 5060),
                    Map.entry("sip-tls", 5061),
                    Map.entry("mdns", 5353));

    private static final Map<String, Integer> CONSTANTS = new HashMap<>();

    static {
        constants(
                "icmptype 0 icmp6type 0 icmpcode 1 icmp6code 1 tcpflags 13 tcp-fin 1 tcp-syn 2"
                        + " tcp-rst 4 tcp-push 8 tcp-ack 16 tcp-urg 32 tcp-ece 64 tcp-cwr 128");
        constants(
                "icmp-echoreply 0 icmp-unreach 3 icmp-sourcequench 4 icmp-redirect 5 icmp-echo 8"
                    + " icmp-routeradvert 9 icmp-routersolicit 10 icmp-timxceed 11 icmp-paramprob"
                    + " 12 icmp-tstamp 13 icmp-tstampreply 14 icmp-ireq 15 icmp-ireqreply 16"
                    + " icmp-maskreq 17 icmp-maskreply 18");
        constants(
                "icmp6-destinationunreach 1 icmp6-packettoobig 2 icmp6-timeexceeded 3"
                    + " icmp6-parameterproblem 4 icmp6-echo 128 icmp6-echoreply 129"
                    + " icmp6-multicastlistenerquery 130 icmp6-multicastlistenerreportv1 131"
                    + " icmp6-multicastlistenerdone 132 icmp6-routersolicit 133 icmp6-routeradvert"
                    + " 134 icmp6-neighborsolicit 135 icmp6-neighboradvert 136 icmp6-redirect 137"
                    + " icmp6-routerrenum 138 icmp6-nodeinformationquery 139"
                    + " icmp6-nodeinformationresponse 140 icmp6-ineighbordiscoverysolicit 141"
                    + " icmp6-ineighbordiscoveryadvert 142 icmp6-multicastlistenerreportv2 143"
                    + " icmp6-homeagentdiscoveryrequest 144 icmp6-homeagentdiscoveryreply 145"
                    + " icmp6-mobileprefixsolicit 146 icmp6-mobileprefixadvert 147"
                    + " icmp6-certpathsolicit 148 icmp6-certpathadvert 149"
                    + " icmp6-multicastrouteradvert 151 icmp6-multicastroutersolicit 152"
                    + " icmp6-multicastrouterterm 153");
    }

    private Names() {}

    /** The EtherType of a name that has one. */
    static int etherType(String name) {
        return Objects.requireNonNull(ETHERNET_TYPES.get(name), name);
    }

    /** The protocol number of a name that has one. */
    static int ipProtocol(String name) {
        return Objects.requireNonNull(IP_PROTOCOLS.get(name), name);
    }

    private static void constants(String pairs) {
        String[] words = pairs.split(" ", -1);
        for (int i = 0; i < words.length; i += 2) {
            CONSTANTS.put(words[i], Integer.valueOf(words[i + 1]));
        }
    }

    /** A header offset, a flag or a message type; null if the name is none. */
    static @Nullable Integer constant(String name) {
        return CONSTANTS.get(name);
    }

    /** The number of a well-known service; null if it is not one of them. */
    static @Nullable Integer port(String name) {
        return PORTS.get(name.toLowerCase(Locale.ROOT));
    }
}
