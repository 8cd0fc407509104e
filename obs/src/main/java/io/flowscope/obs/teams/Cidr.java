package io.flowscope.obs.teams;

import java.net.InetAddress;

/**
 * A range of addresses as 128-bit numbers, IPv4 in its mapped form {@code ::ffff:a.b.c.d}, so that
 * one table serves both.
 *
 * @param firstHigh high half of the first address
 * @param firstLow low half of the first address
 * @param bits how many leading bits are fixed, 0 to 128
 */
record Cidr(long firstHigh, long firstLow, int bits) {
    /** High half of the low word of mapped IPv4 addresses. */
    static final long MAPPED = 0xffff_0000_0000L;

    private static final int MAPPED_BITS = 96;

    /**
     * Reads {@code 10.0.0.0/8}, {@code 2001:db8::/32} or a single address.
     *
     * @throws IllegalArgumentException in words that say what is wrong
     */
    static Cidr parse(String text) {
        int slash = text.indexOf('/');
        String host = slash < 0 ? text : text.substring(0, slash);
        byte[] address = literal(host, text);
        boolean v4 = address.length == 4;
        int most = v4 ? 32 : 128;
        int given = slash < 0 ? most : length(text, text.substring(slash + 1), most);
        long high = v4 ? 0 : word(address, 0);
        long low = v4 ? MAPPED | word(address, 0) >>> 32 : word(address, 8);
        int bits = v4 ? given + MAPPED_BITS : given;
        if ((high & ~highMask(bits)) != 0 || (low & ~lowMask(bits)) != 0) {
            throw new IllegalArgumentException(text + ": has bits behind its prefix length");
        }
        return new Cidr(high, low, bits);
    }

    private static byte[] literal(String host, String text) {
        boolean v6 = host.indexOf(':') >= 0;
        // Of other ways to write a number it is not clear what they say.
        if (v6 ? !host.matches("[0-9A-Fa-f:.]+") : !host.matches("[0-9]+(\\.[0-9]+){3}")) {
            throw new IllegalArgumentException(text + ": not an address or range");
        }
        try {
            return InetAddress.ofLiteral(host).getAddress();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(text + ": not an address or range", e);
        }
    }

    private static int length(String text, String digits, int most) {
        int length = digits.matches("[0-9]{1,3}") ? Integer.parseInt(digits) : most + 1;
        if (length > most) {
            throw new IllegalArgumentException(text + ": prefix length 0 to " + most);
        }
        return length;
    }

    /** Eight bytes, big-endian; those beyond the end are 0. */
    private static long word(byte[] bytes, int from) {
        long word = 0;
        for (int i = 0; i < 8; i++) {
            word = word << 8 | (from + i < bytes.length ? bytes[from + i] & 0xff : 0);
        }
        return word;
    }

    private static long highMask(int bits) {
        return bits >= 64 ? -1 : bits == 0 ? 0 : -1L << 64 - bits;
    }

    private static long lowMask(int bits) {
        return bits <= 64 ? 0 : bits == 128 ? -1 : -1L << 128 - bits;
    }

    long lastHigh() {
        return firstHigh | ~highMask(bits);
    }

    long lastLow() {
        return firstLow | ~lowMask(bits);
    }
}
