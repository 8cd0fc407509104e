package io.flowscope.cli.flows;

/** Values of Zeek's conn.log that a flow's row does not hold as such. */
final class ZeekFields {
    private static final String DIGITS =
            "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final int UID_DIGITS = 17;
    private static final long ODD = 0x9e3779b97f4a7c15L;

    private ZeekFields() {}

    /** Zeek's own are random; these are the same for the same flow in every run. */
    static String uid(FlowRow row) {
        long a = mix(row.startedNanos ^ mix(row.sourceHigh ^ mix(row.sourceLow)));
        long b = mix(a ^ mix(row.destinationHigh ^ mix(row.destinationLow)));
        long c = mix(b ^ ((long) row.sourcePort << 32 | (long) row.destinationPort << 8));
        long d = mix(c ^ row.protocol ^ row.number << 8);
        StringBuilder uid = new StringBuilder(UID_DIGITS + 1).append('C');
        long rest = d;
        for (int i = 0; i < UID_DIGITS; i++) {
            if (i == 9) {
                rest = mix(d ^ ODD);
            }
            uid.append(DIGITS.charAt((int) Long.remainderUnsigned(rest, DIGITS.length())));
            rest = Long.divideUnsigned(rest, DIGITS.length());
        }
        return uid.toString();
    }

    private static long mix(long value) {
        long z = value + ODD;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }

    /** Zeek knows three transports by name. */
    static String protocol(FlowRow row) {
        return switch (row.protocol) {
            case Protocols.TCP -> "tcp";
            case Protocols.UDP -> "udp";
            case Protocols.ICMP, Protocols.ICMP6 -> "icmp";
            default -> "unknown_transport";
        };
    }

    /** ICMP's type stands where the port would. */
    static int sourcePort(FlowRow row) {
        return row.icmpType >= 0 ? row.icmpType : row.sourcePort;
    }

    /** ICMP's code stands where the port would. */
    static int destinationPort(FlowRow row) {
        return row.icmpCode >= 0 ? row.icmpCode : row.destinationPort;
    }

    /** The letters are Zeek's own; it marks a connection whose ends it exchanged with a hat. */
    static String history(FlowRow row) {
        return row.flipped ? '^' + row.history : row.history;
    }

    /** How many bytes are missing is not known without reassembly, only that none are. */
    static boolean nothingMissed(FlowRow row) {
        return row.history.indexOf('G') < 0 && row.history.indexOf('g') < 0;
    }

    /** Private, link-local and loopback addresses are what Zeek takes for the own site. */
    static boolean isLocal(int version, long high, long low) {
        if (version == 6) {
            return high >>> 57 == 0xfcL >>> 1
                    || high >>> 54 == 0xfe80L >>> 6
                    || (high == 0 && low == 1);
        }
        int address = (int) low;
        return address >>> 24 == 10
                || address >>> 24 == 127
                || address >>> 20 == 0xac1
                || address >>> 16 == 0xc0a8
                || address >>> 16 == 0xa9fe
                || address >>> 22 == 0x6440 >>> 6;
    }
}
