package io.flowscope.capture.filter;

/**
 * Where the link layer of a link type keeps things. {@code vlan} in a filter moves what stands to
 * its right behind the tag, so an instance belongs to one compilation.
 */
final class LinkLayer {
    static final int NULL = 0;
    static final int ETHERNET = 1;
    static final int RAW = 101;
    static final int LOOP = 108;
    static final int SLL = 113;
    static final int IPV4 = 228;
    static final int IPV6 = 229;
    static final int SLL2 = 276;

    static final int TYPE_IP = 0x0800;
    static final int TYPE_ARP = 0x0806;
    static final int TYPE_RARP = 0x8035;
    static final int TYPE_IP6 = 0x86dd;
    private static final int TYPE_VLAN = 0x8100;
    private static final int TYPE_VLAN_SERVICE = 0x88a8;
    private static final int TYPE_VLAN_OLD_SERVICE = 0x9100;

    /** The greatest length of an 802.3 frame: greater numbers are types. */
    private static final int MAX_LENGTH = 1500;

    private final int linkType;
    private final boolean ancillary;
    private final boolean tagStripped;
    private int tags;
    private int tagBytes;
    private boolean tagLoaded;

    /**
     * @param ancillary whether the program may load the kernel's ancillary data
     * @param tagStripped what the compilation assumes: the kernel took the outermost tag out of the
     *     frame
     */
    LinkLayer(int linkType, boolean ancillary, boolean tagStripped) {
        this.linkType = linkType;
        this.ancillary = ancillary;
        this.tagStripped = tagStripped;
    }

    /** Whether there is such a link type. */
    static boolean isKnown(int linkType) {
        return switch (linkType) {
            case NULL, ETHERNET, RAW, LOOP, SLL, IPV4, IPV6, SLL2 -> true;
            default -> false;
        };
    }

    boolean isEthernet() {
        return linkType == ETHERNET;
    }

    /** Whether the result depends on the assumption about the outermost tag. */
    boolean dependsOnStripping() {
        return tagLoaded;
    }

    /** Offset of the network header. */
    int payload() {
        return switch (linkType) {
            case ETHERNET -> 14 + tagBytes;
            case NULL, LOOP -> 4;
            case SLL -> 16;
            case SLL2 -> 20;
            default -> 0;
        };
    }

    private int typeOffset() {
        return linkType == SLL ? 14 : linkType == SLL2 ? 0 : 12 + tagBytes;
    }

    /** Whether the frame carries the protocol with this EtherType. */
    Condition carries(int type) {
        return switch (linkType) {
            case ETHERNET, SLL, SLL2 -> ethernetType(type);
            case NULL -> family(type, true);
            case LOOP -> family(type, false);
            case IPV4 -> new Condition.Constant(type == TYPE_IP);
            case IPV6 -> new Condition.Constant(type == TYPE_IP6);
            default ->
                    type == TYPE_IP || type == TYPE_IP6
                            ? Condition.masked(
                                    Value.packet(1, 0), 0xf0, type == TYPE_IP ? 0x40 : 0x60)
                            : Condition.NEVER;
        };
    }

    private Condition ethernetType(int type) {
        Value field = Value.packet(2, typeOffset());
        if (type > MAX_LENGTH || linkType != ETHERNET) {
            return Condition.equal(field, type);
        }
        return Condition.and(
                Condition.not(new Condition.Compare(field, Bpf.JGT, new Value.Fixed(MAX_LENGTH))),
                Condition.equal(Value.packet(1, payload()), type));
    }

    /**
     * An address family instead of a type. Each system numbers IPv6 differently; with NULL the
     * number is in the byte order of the machine that captured.
     */
    private static Condition family(int type, boolean eitherOrder) {
        int[] families =
                switch (type) {
                    case TYPE_IP -> new int[] {2};
                    case TYPE_IP6 -> new int[] {10, 24, 28, 30};
                    default -> new int[0];
                };
        Condition any = Condition.NEVER;
        for (int family : families) {
            any = Condition.or(any, Condition.equal(Value.packet(4, 0), family));
            if (eitherOrder) {
                int swapped = Integer.reverseBytes(family);
                any = Condition.or(any, Condition.equal(Value.packet(4, 0), swapped));
            }
        }
        return any;
    }

    /** A VLAN tag, with this number unless it is negative; what follows is inside it. */
    Condition vlan(int number, int position) {
        if (linkType != ETHERNET) {
            throw FilterSyntaxException.at(position, "'vlan' needs Ethernet frames" + butIs());
        }
        Condition tag;
        if (ancillary && tags == 0) {
            tagLoaded = true;
        }
        if (tagLoaded && tagStripped && tags == 0) {
            tag = withNumber(Value.packet(2, Bpf.ANCILLARY_VLAN_TCI), number);
        } else {
            tag =
                    Condition.or(
                            Condition.or(carries(TYPE_VLAN), carries(TYPE_VLAN_SERVICE)),
                            carries(TYPE_VLAN_OLD_SERVICE));
            tag = Condition.and(tag, withNumber(Value.packet(2, payload()), number));
            tagBytes += 4;
        }
        tags++;
        return tag;
    }

    private static Condition withNumber(Value tci, int number) {
        return number < 0 ? Condition.ALWAYS : Condition.masked(tci, 0xfff, number);
    }

    /** A frame which this host sent. */
    Condition outgoing(int position) {
        Value type =
                switch (linkType) {
                    case SLL -> Value.packet(2, 0);
                    case SLL2 -> Value.packet(1, 10);
                    default -> Value.packet(1, Bpf.ANCILLARY_PACKET_TYPE);
                };
        if (!ancillary && linkType != SLL && linkType != SLL2) {
            throw FilterSyntaxException.at(
                    position, "the direction of these packets is not recorded" + butIs());
        }
        return Condition.equal(type, Bpf.PACKET_OUTGOING);
    }

    void needEthernet(String what, int position) {
        if (linkType != ETHERNET) {
            throw FilterSyntaxException.at(position, what + " needs Ethernet frames" + butIs());
        }
    }

    private String butIs() {
        return ", and the link type is " + linkType;
    }
}
