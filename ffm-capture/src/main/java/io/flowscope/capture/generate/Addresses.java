package io.flowscope.capture.generate;

/**
 * The addresses of two sides, A and B, from the link up to the ports, and what their packets are
 * wrapped in. A reused holder: the generator fills one per packet.
 */
final class Addresses {
    /** No tag, no tunnel. */
    static final int NONE = -1;

    /** MAC addresses in the low 48 bits. */
    long macA;

    long macB;

    /** VLAN tag control information of the outer and inner tag, or {@link #NONE}. */
    int outerTag = NONE;

    int innerTag = NONE;

    /** VXLAN network identifier, or {@link #NONE}; then the tunnel's own IPv4 end points follow. */
    int vni = NONE;

    int tunnelA;
    int tunnelB;
    int tunnelPort;

    boolean ipv6;

    /** IPv6: the upper 64 bits of an address; unused for IPv4. */
    long highA;

    long highB;

    /** IPv6: the lower 64 bits; IPv4: the address in the low 32 bits. */
    long lowA;

    long lowB;

    int portA;
    int portB;

    /** Two IPv4 sides on a plain Ethernet. */
    static Addresses ipv4(int a, int portA, int b, int portB) {
        var addresses = new Addresses();
        addresses.macA = macOf(a);
        addresses.macB = macOf(b);
        addresses.lowA = Integer.toUnsignedLong(a);
        addresses.lowB = Integer.toUnsignedLong(b);
        addresses.portA = portA;
        addresses.portB = portB;
        return addresses;
    }

    /** Two IPv6 sides below 2001:db8::/32 on a plain Ethernet. */
    static Addresses ipv6(long lowA, int portA, long lowB, int portB) {
        var addresses = new Addresses();
        addresses.ipv6 = true;
        addresses.macA = macOf((int) lowA);
        addresses.macB = macOf((int) lowB);
        addresses.highA = 0x20010DB8_00010000L;
        addresses.highB = 0x20010DB8_00020000L;
        addresses.lowA = lowA;
        addresses.lowB = lowB;
        addresses.portA = portA;
        addresses.portB = portB;
        return addresses;
    }

    Addresses vlan(int outer) {
        outerTag = outer;
        return this;
    }

    Addresses vlan(int outer, int inner) {
        outerTag = outer;
        innerTag = inner;
        return this;
    }

    Addresses vxlan(int identifier, int tunnelFrom, int tunnelTo, int sourcePort) {
        vni = identifier;
        tunnelA = tunnelFrom;
        tunnelB = tunnelTo;
        tunnelPort = sourcePort;
        return this;
    }

    /** A locally administered unicast address. */
    static long macOf(int host) {
        return 0x0200_0000_0000L | Integer.toUnsignedLong(host);
    }
}
