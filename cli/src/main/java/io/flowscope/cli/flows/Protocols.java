package io.flowscope.cli.flows;

import java.util.Locale;

/** IP protocol numbers as they are printed. */
public final class Protocols {
    static final int ICMP = 1;
    static final int TCP = 6;
    static final int UDP = 17;
    static final int DCCP = 33;
    static final int ICMP6 = 58;
    static final int SCTP = 132;
    static final int UDP_LITE = 136;

    private static final String[] NAMES = new String[256];

    static {
        for (int i = 0; i < NAMES.length; i++) {
            NAMES[i] =
                    switch (i) {
                        case ICMP -> "icmp";
                        case TCP -> "tcp";
                        case UDP -> "udp";
                        case ICMP6 -> "icmp6";
                        case SCTP -> "sctp";
                        default -> String.format(Locale.ROOT, "%d", i);
                    };
        }
    }

    private Protocols() {}

    /** The name of one of the five that have one here, else the number. */
    public static String name(int protocol) {
        return NAMES[protocol & 0xff];
    }

    /** Whether it has ports, though they be 0. */
    public static boolean hasPorts(int protocol) {
        return switch (protocol) {
            case TCP, UDP, DCCP, SCTP, UDP_LITE -> true;
            default -> false;
        };
    }
}
