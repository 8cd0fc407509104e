package io.flowscope.cli.output;

import java.nio.charset.StandardCharsets;

/**
 * Network addresses as text, from the bits: IPv4 in dotted decimals, IPv6 in the canonical form of
 * RFC 5952. Writes to a small buffer of its own, so one address costs no object.
 */
public final class AddressText {
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final int LONGEST = 45;

    private final byte[] text = new byte[LONGEST];
    private int length;

    /** Writes an address of IP version 4 or 6; an IPv4 address is the lower half of {@code low}. */
    public void put(ByteSink out, int version, long high, long low) {
        int bytes = format(version, high, low);
        out.put(text, 0, bytes);
    }

    /** Likewise to {@link #text()}; returns how many bytes. */
    public int format(int version, long high, long low) {
        length = 0;
        if (version == 4) {
            dotted((int) low);
        } else {
            v6(high, low);
        }
        return length;
    }

    /** What {@link #format} has written, until the next address. */
    public byte[] text() {
        return text;
    }

    /** An address of 4 or 16 bytes. */
    public static String of(byte[] address) {
        return address.length == 4
                ? of(4, 0, bits(address, 0, 4))
                : of(6, bits(address, 0, 8), bits(address, 8, 8));
    }

    /** An address of IP version 4 or 6. */
    public static String of(int version, long high, long low) {
        AddressText writer = new AddressText();
        int bytes = writer.format(version, high, low);
        return new String(writer.text, 0, bytes, StandardCharsets.US_ASCII);
    }

    private static long bits(byte[] bytes, int from, int count) {
        long bits = 0;
        for (int i = from; i < from + count; i++) {
            bits = (bits << 8) | (bytes[i] & 0xff);
        }
        return bits;
    }

    private void v6(long high, long low) {
        boolean mapped = high == 0 && low >>> 32 == 0xffff;
        int groups = mapped ? 6 : 8;
        int runStart = -1;
        int runLength = 1;
        for (int i = 0; i < groups; i++) {
            int zeros = 0;
            while (i + zeros < groups && group(high, low, i + zeros) == 0) {
                zeros++;
            }
            if (zeros > runLength) {
                runStart = i;
                runLength = zeros;
            }
            i += zeros;
        }
        for (int i = 0; i < groups; i++) {
            if (i == runStart) {
                text[length++] = ':';
                if (i == 0) {
                    text[length++] = ':';
                }
                i += runLength - 1;
                continue;
            }
            hex(group(high, low, i));
            if (i < 7) {
                text[length++] = ':';
            }
        }
        if (mapped) {
            dotted((int) low);
        }
    }

    private static int group(long high, long low, int index) {
        long half = index < 4 ? high : low;
        return (int) (half >>> (48 - 16 * (index & 3))) & 0xffff;
    }

    private void hex(int group) {
        for (int shift = 12; shift > 0; shift -= 4) {
            if (group >>> shift != 0) {
                text[length++] = HEX[group >>> shift & 15];
            }
        }
        text[length++] = HEX[group & 15];
    }

    private void dotted(int address) {
        for (int shift = 24; shift >= 0; shift -= 8) {
            int part = address >>> shift & 0xff;
            if (part >= 100) {
                text[length++] = (byte) ('0' + part / 100);
            }
            if (part >= 10) {
                text[length++] = (byte) ('0' + part / 10 % 10);
            }
            text[length++] = (byte) ('0' + part % 10);
            if (shift > 0) {
                text[length++] = '.';
            }
        }
    }
}
