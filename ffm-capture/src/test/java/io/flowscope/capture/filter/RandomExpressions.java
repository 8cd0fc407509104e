package io.flowscope.capture.filter;

import java.util.Random;

/** Well-formed filters over the addresses, ports and protocols of {@link RandomPackets}. */
public final class RandomExpressions {
    private final Random random;
    private final int linkType;

    public RandomExpressions(Random random, int linkType) {
        this.random = random;
        this.linkType = linkType;
    }

    private String of(String... choices) {
        return choices[random.nextInt(choices.length)];
    }

    /** A filter of up to a handful of primitives. */
    public String next() {
        return expression(random.nextInt(4));
    }

    private String expression(int depth) {
        if (depth == 0) {
            return (random.nextInt(5) == 0 ? "not " : "") + primitive();
        }
        String left = expression(depth - 1);
        String right = expression(random.nextInt(depth));
        String joined = left + of(" and ", " or ", " && ", " || ") + right;
        return random.nextInt(3) == 0 ? of("", "not ", "! ") + "(" + joined + ")" : joined;
    }

    private String primitive() {
        return switch (random.nextInt(12)) {
            case 0, 1 -> host();
            case 2 -> net();
            case 3, 4 -> port();
            case 5 -> of("tcp", "udp", "icmp", "icmp6", "sctp", "ip", "ip6", "arp", "rarp", "igmp");
            case 6 -> protocol();
            case 7 -> of("less ", "greater ") + random.nextInt(200);
            case 8, 9 -> comparison();
            case 10 -> ethernet();
            default -> vlan();
        };
    }

    private String direction() {
        return of("", "", "src ", "dst ", "src or dst ", "src and dst ");
    }

    private String host() {
        return switch (random.nextInt(5)) {
            case 0 -> of("", "ip6 ") + direction() + "host " + of(RandomPackets.HOSTS6);
            case 1 -> of("arp ", "ip ", "rarp ") + direction() + "host " + of(RandomPackets.HOSTS);
            case 2 -> of("src ", "dst ") + of(RandomPackets.HOSTS);
            default ->
                    direction()
                            + "host "
                            + of(RandomPackets.HOSTS)
                            + (random.nextInt(4) == 0 ? " or " + of(RandomPackets.HOSTS) : "");
        };
    }

    private String net() {
        return direction()
                + "net "
                + of(
                        "10",
                        "10.0",
                        "10.0.0",
                        "10.0.0.0/24",
                        "192.168.0.0/16",
                        "10.0.0.1",
                        "192.0.0.0 mask 255.0.0.0",
                        "2001:db8::/32",
                        "fe80::/10",
                        "ff02::/127",
                        "0.0.0.0/0",
                        "2001:db8::2");
    }

    private String port() {
        String port = Integer.toString(RandomPackets.PORTS[random.nextInt(6)]);
        if (random.nextInt(3) == 0) {
            return of("", "tcp ", "udp ")
                    + direction()
                    + "portrange "
                    + of("1-100", "80-443", "443-80", "50000-60000", "0-65535", "53-53");
        }
        if (random.nextInt(8) == 0) {
            return of("", "tcp ", "udp ") + direction() + "port domain";
        }
        return of("", "", "tcp ", "udp ", "sctp ")
                + direction()
                + "port "
                + port
                + (random.nextInt(4) == 0 ? " or 22" : "");
    }

    private String protocol() {
        return switch (random.nextInt(4)) {
            case 0 -> "ip proto " + of("6", "17", "\\tcp", "\\udp", "132");
            case 1 -> "ip6 proto " + of("6", "17", "\\tcp", "58", "44");
            case 2 -> "proto " + of("6", "17", "1", "\\sctp", "0");
            default -> "ether proto " + of("0x800", "0x86dd", "\\arp", "0x88cc", "\\ip6");
        };
    }

    private String comparison() {
        String relation = of(" = ", " != ", " > ", " < ", " >= ", " <= ", " == ");
        return switch (random.nextInt(4)) {
            case 0 ->
                    "tcp[tcpflags] & ("
                            + of("tcp-syn", "tcp-syn|tcp-ack", "tcp-fin", "tcp-rst")
                            + ")"
                            + of(" != 0", " = tcp-syn", " == 0");
            case 1 -> "len" + relation + random.nextInt(200);
            case 2 -> arithmetic(2, protocolName()) + relation + arithmetic(1, protocolName());
            default -> bytes(protocolName(), index()) + relation + random.nextInt(256);
        };
    }

    /**
     * Bytes of one protocol only, and no number first: where two values are joined, libpcap forgets
     * to check for the protocol of the second.
     */
    private String arithmetic(int depth, String protocol) {
        if (depth == 0) {
            return bytes(protocol, Integer.toString(random.nextInt(24)));
        }
        String left = arithmetic(depth - 1, protocol);
        return switch (random.nextInt(9)) {
            case 0 -> "(" + left + of(" + ", " - ", " * ") + arithmetic(depth - 1, protocol) + ")";
            case 1 -> left + of(" & ", " | ", " ^ ") + random.nextInt(256);
            case 2 -> "(" + left + of(" << ", " >> ") + random.nextInt(9) + ")";
            case 3 -> "(" + left + of(" / ", " % ") + (1 + random.nextInt(9)) + ")";
            case 4 ->
                    left
                            + of(" + ", " - ", " * ", " & ", " | ", " ^ ")
                            + arithmetic(depth - 1, protocol);
            case 5 -> "(" + left + of(" / ", " % ") + bytes(protocol, "1") + ")";
            case 6 -> left + " - " + random.nextInt(300);
            default -> left;
        };
    }

    private String index() {
        return random.nextInt(5) == 0
                ? of("ip[1] & 0x7", "(ip[0] & 0xf) * 4", "ip[9] - 6")
                : Integer.toString(random.nextInt(24));
    }

    private String protocolName() {
        return of("ip", "tcp", "udp", "icmp", "ip6", "icmp6", "ether", "arp", "sctp");
    }

    private String bytes(String protocol, String index) {
        return protocol + "[" + index + of("", ":1", ":2", ":4") + "]";
    }

    private String ethernet() {
        if (linkType != LinkLayer.ETHERNET) {
            return of("ip multicast", "ip6 multicast");
        }
        return switch (random.nextInt(3)) {
            case 0 -> of("broadcast", "multicast", "ether multicast", "ether broadcast");
            case 1 -> of("ip multicast", "ip6 multicast");
            default -> "ether " + of("host ", "src ", "dst ") + of(RandomPackets.STATIONS);
        };
    }

    private String vlan() {
        if (linkType != LinkLayer.ETHERNET) {
            return "ip";
        }
        return of("vlan", "vlan 1", "vlan 2", "vlan 3");
    }
}
