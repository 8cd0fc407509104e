package io.flowscope.tracker.packet;

import java.util.EnumSet;
import java.util.Set;

/** Every wrapping that the decoder can look through; each can be switched on alone. */
public enum Encapsulation {
    /**
     * 802.1Q and 802.1ad tags, several of them, and what else switches put before a frame: 802.1ah
     * backbone headers, VN-Tag and 802.1BR, FabricPath.
     */
    VLAN,
    /** MPLS labels down to the bottom of the stack, then IP or an Ethernet pseudowire; UDP 6635. */
    MPLS,
    /** PPP over Ethernet, session stage. */
    PPPOE,
    /** GRE version 0 around IP, Ethernet, MPLS or 802.11, also in UDP 4754. */
    GRE,
    /** GRE with a 24-bit virtual subnet in its key, around Ethernet. */
    NVGRE,
    /** Mirrored Ethernet in GRE: types I, II and III. */
    ERSPAN,
    /** GRE version 1 around PPP. */
    PPTP,
    /** IP directly in IPv4 or IPv6: IP-in-IP, 6in4, 4in6. */
    IP_IN_IP,
    /** VXLAN and its generic protocol extension, UDP 4789, 4790. */
    VXLAN,
    /** Geneve, UDP 6081. */
    GENEVE,
    /** GTP version 1, user plane, UDP 2152. */
    GTP_U,
    /** IPv6 in UDP 3544. */
    TEREDO,
    /** IPsec's authentication header, which hides nothing. */
    AUTHENTICATION_HEADER,
    /** L2TP version 2 around PPP, UDP 1701. */
    L2TP,
    /** Network service header in Ethernet or VXLAN GPE. */
    NSH;

    /** A bit per constant; nothing outside the running program sees which. */
    @SuppressWarnings("EnumOrdinal")
    int bit() {
        return 1 << ordinal();
    }

    static int mask(Set<Encapsulation> set) {
        int mask = 0;
        for (Encapsulation one : set) {
            mask |= one.bit();
        }
        return mask;
    }

    /** All of them: the default. */
    public static Set<Encapsulation> all() {
        return EnumSet.allOf(Encapsulation.class);
    }
}
