package io.flowscope.tracker.session.buffer;

import io.flowscope.tracker.session.ByteText;

/** Addresses as text, IPv6 in the form of RFC 5952. */
public final class AddressText {
    private AddressText() {}

    /** Of 4 or 16 bytes; others in hexadecimal. */
    public static String of(ByteText address) {
        if (address.length() == 4) {
            return v4(address, 0);
        }
        return address.length() == 16 ? v6(address) : address.toHex();
    }

    private static String v4(ByteText bytes, int from) {
        return bytes.at(from)
                + "."
                + bytes.at(from + 1)
                + "."
                + bytes.at(from + 2)
                + "."
                + bytes.at(from + 3);
    }

    private static String v6(ByteText bytes) {
        if (isMapped(bytes)) {
            return "::ffff:" + v4(bytes, 12);
        }
        int bestStart = -1;
        int bestLength = 1;
        for (int i = 0; i < 8; i++) {
            int length = zeroRun(bytes, i);
            if (length > bestLength) {
                bestStart = i;
                bestLength = length;
            }
        }
        StringBuilder text = new StringBuilder(39);
        for (int i = 0; i < 8; i++) {
            if (i == bestStart) {
                text.append("::");
                i += bestLength - 1;
            } else {
                if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') {
                    text.append(':');
                }
                text.append(Integer.toHexString(bytes.u16(2 * i)));
            }
        }
        return text.toString();
    }

    private static int zeroRun(ByteText bytes, int from) {
        int end = from;
        while (end < 8 && bytes.u16(2 * end) == 0) {
            end++;
        }
        return end - from;
    }

    private static boolean isMapped(ByteText bytes) {
        for (int i = 0; i < 10; i++) {
            if (bytes.at(i) != 0) {
                return false;
            }
        }
        return bytes.u16(10) == 0xffff;
    }
}
