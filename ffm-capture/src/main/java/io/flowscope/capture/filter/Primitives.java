package io.flowscope.capture.filter;

/**
 * What the words of the language mean in bytes of a packet, in the order in which libpcap looks at
 * them, so that both agree on packets that are cut off.
 */
final class Primitives {
    /** Which end of the conversation a primitive speaks of. */
    enum Direction {
        EITHER,
        SOURCE,
        DESTINATION,
        BOTH
    }

    private static final int FRAGMENT = 44;
    private static final int IP6_HEADER = 40;
    private static final int IP_SOURCE = 12;
    private static final int IP6_SOURCE = 8;
    private static final int ARP_SOURCE = 14;
    private static final int ARP_TARGET = 24;
    private static final int[] TRANSPORTS = {6, 17, 132};

    private final LinkLayer link;

    Primitives(LinkLayer link) {
        this.link = link;
    }

    Condition ip() {
        return link.carries(LinkLayer.TYPE_IP);
    }

    Condition ip6() {
        return link.carries(LinkLayer.TYPE_IP6);
    }

    Value byteAt(int offset) {
        return Value.packet(1, link.payload() + offset);
    }

    /** IPv4 with this protocol. */
    Condition ipProtocol(int number) {
        return Condition.and(ip(), Condition.equal(byteAt(9), number));
    }

    /** IPv6 with this protocol in its first header, or behind a fragment header. */
    Condition ip6Protocol(int number) {
        Condition fragment =
                Condition.and(
                        Condition.equal(byteAt(6), FRAGMENT),
                        Condition.equal(byteAt(IP6_HEADER), number));
        return Condition.and(ip6(), Condition.or(Condition.equal(byteAt(6), number), fragment));
    }

    Condition protocol(int number) {
        return Condition.or(ipProtocol(number), ip6Protocol(number));
    }

    /** Not a later fragment, which has no transport header. */
    Condition firstFragment() {
        return Condition.not(
                new Condition.Compare(
                        Value.packet(2, link.payload() + 6), Bpf.JSET, new Value.Fixed(0x1fff)));
    }

    private static Condition directed(
            Direction direction, Condition source, Condition destination) {
        return switch (direction) {
            case SOURCE -> source;
            case DESTINATION -> destination;
            case BOTH -> Condition.and(source, destination);
            case EITHER -> Condition.or(source, destination);
        };
    }

    private Condition address4(Direction direction, int source, int target, int address, int mask) {
        int base = link.payload();
        return directed(
                direction,
                Condition.masked(Value.packet(4, base + source), mask, address & mask),
                Condition.masked(Value.packet(4, base + target), mask, address & mask));
    }

    /** In the header of IPv4. */
    Condition ipNet(Direction direction, int address, int mask) {
        return Condition.and(ip(), address4(direction, IP_SOURCE, IP_SOURCE + 4, address, mask));
    }

    /** As sender or target of ARP or RARP. */
    Condition arpNet(int type, Direction direction, int address, int mask) {
        return Condition.and(
                link.carries(type), address4(direction, ARP_SOURCE, ARP_TARGET, address, mask));
    }

    /** In the header of IPv4, ARP or RARP. */
    Condition net(Direction direction, int address, int mask) {
        return Condition.or(
                ipNet(direction, address, mask),
                Condition.or(
                        arpNet(LinkLayer.TYPE_ARP, direction, address, mask),
                        arpNet(LinkLayer.TYPE_RARP, direction, address, mask)));
    }

    /** In the header of IPv6; the words most significant first. */
    Condition ip6Net(Direction direction, int[] address, int[] mask) {
        return Condition.and(
                ip6(),
                directed(
                        direction,
                        words(IP6_SOURCE, address, mask),
                        words(IP6_SOURCE + 16, address, mask)));
    }

    private Condition words(int offset, int[] address, int[] mask) {
        Condition all = Condition.ALWAYS;
        for (int i = 0; i < 4; i++) {
            Value word = Value.packet(4, link.payload() + offset + 4 * i);
            all = Condition.and(all, Condition.masked(word, mask[i], address[i] & mask[i]));
        }
        return all;
    }

    Condition ethernetAddress(Direction direction, long address) {
        return directed(direction, ethernet(6, address), ethernet(0, address));
    }

    private static Condition ethernet(int offset, long address) {
        return Condition.and(
                Condition.equal(Value.packet(4, offset + 2), (int) address),
                Condition.equal(Value.packet(2, offset), (int) (address >>> 32)));
    }

    Condition ethernetMulticast() {
        return new Condition.Compare(Value.packet(1, 0), Bpf.JSET, new Value.Fixed(1));
    }

    /** Ports of one transport protocol, or of TCP, UDP and SCTP if it is negative. */
    Condition ports(int transport, Direction direction, int first, int last) {
        Condition ip4 = Condition.NEVER;
        Condition ip6 = Condition.NEVER;
        int base = link.payload();
        for (int number : transport < 0 ? TRANSPORTS : new int[] {transport}) {
            Condition ports4 =
                    directed(
                            direction,
                            range(Value.afterIpHeader(2, 0, base), first, last),
                            range(Value.afterIpHeader(2, 2, base), first, last));
            Condition ports6 =
                    directed(
                            direction,
                            range(Value.packet(2, base + IP6_HEADER), first, last),
                            range(Value.packet(2, base + IP6_HEADER + 2), first, last));
            ip4 =
                    Condition.or(
                            ip4,
                            Condition.and(
                                    Condition.equal(byteAt(9), number),
                                    Condition.and(firstFragment(), ports4)));
            ip6 = Condition.or(ip6, Condition.and(Condition.equal(byteAt(6), number), ports6));
        }
        return Condition.or(Condition.and(ip6(), ip6), Condition.and(ip(), ip4));
    }

    private static Condition range(Value port, int first, int last) {
        if (first == last) {
            return Condition.equal(port, first);
        }
        return Condition.and(
                new Condition.Compare(port, Bpf.JGE, new Value.Fixed(first)),
                Condition.not(new Condition.Compare(port, Bpf.JGT, new Value.Fixed(last))));
    }

    /** The protocol that a word alone stands for; null if it is none. */
    @org.jspecify.annotations.Nullable
    Condition named(String name) {
        return switch (name) {
            case "ip", "ip6", "arp", "rarp", "lldp" -> link.carries(Names.etherType(name));
            case "icmp", "igmp", "igrp" -> ipProtocol(Names.ipProtocol(name));
            case "icmp6" -> ip6Protocol(Names.ipProtocol(name));
            case "tcp", "udp", "sctp", "esp", "ah", "pim", "vrrp", "carp" ->
                    protocol(Names.ipProtocol(name));
            default -> null;
        };
    }
}
