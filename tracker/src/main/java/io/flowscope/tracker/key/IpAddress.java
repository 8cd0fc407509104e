package io.flowscope.tracker.key;

/** IP and MAC addresses as text, without a name service and without {@code InetAddress}. */
public final class IpAddress {
    private IpAddress() {}

    /** Dotted decimal. */
    public static String ipv4(long address) {
        return (address >>> 24 & 0xff)
                + "."
                + (address >>> 16 & 0xff)
                + "."
                + (address >>> 8 & 0xff)
                + "."
                + (address & 0xff);
    }

    /** As RFC 5952 recommends: lower case, longest run of zeros shortened, mapped IPv4 dotted. */
    public static String ipv6(long high, long low) {
        if (high == 0 && low >>> 32 == 0xffff) {
            return "::ffff:" + ipv4(low);
        }
        int gap = -1;
        int gapLength = 1;
        for (int i = 0; i < 8; i++) {
            int run = zeros(high, low, i);
            if (run > gapLength) {
                gap = i;
                gapLength = run;
            }
            i += run;
        }
        StringBuilder text = new StringBuilder(39);
        for (int i = 0; i < 8; i++) {
            if (i == gap) {
                text.append("::");
                i += gapLength - 1;
                continue;
            }
            if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') {
                text.append(':');
            }
            text.append(Integer.toHexString(group(high, low, i)));
        }
        return text.toString();
    }

    private static int zeros(long high, long low, int from) {
        int run = 0;
        while (from + run < 8 && group(high, low, from + run) == 0) {
            run++;
        }
        return run;
    }

    private static int group(long high, long low, int index) {
        return (int) ((index < 4 ? high : low) >>> ((3 - (index & 3)) << 4)) & 0xffff;
    }

    /** Six pairs of digits with colons. */
    public static String mac(long address) {
        StringBuilder text = new StringBuilder(17);
        for (int shift = 40; shift >= 0; shift -= 8) {
            int octet = (int) (address >>> shift) & 0xff;
            text.append(Character.forDigit(octet >>> 4, 16))
                    .append(Character.forDigit(octet & 15, 16));
            if (shift > 0) {
                text.append(':');
            }
        }
        return text.toString();
    }
}
