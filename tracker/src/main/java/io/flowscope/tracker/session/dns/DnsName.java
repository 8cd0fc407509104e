package io.flowscope.tracker.session.dns;

/**
 * A name, kept as it is on the wire without compression: each label after its length, a zero at the
 * end, at most 255 bytes. Names that differ in case only are equal.
 */
public final class DnsName {
    /** The longest name, with its lengths and the zero. */
    public static final int MAX_BYTES = 255;

    static final DnsName ROOT = new DnsName(new byte[] {0});

    private final byte[] wire;

    DnsName(byte[] wire) {
        this.wire = wire;
    }

    /** A copy of the wire form. */
    public byte[] toWire() {
        return wire.clone();
    }

    /** How many labels, the root not counted. */
    public int labels() {
        int count = 0;
        for (int i = 0; wire[i] != 0; i += 1 + wire[i]) {
            count++;
        }
        return count;
    }

    /**
     * The name as it is written, without the final dot; {@code .} for the root. A dot or backslash
     * within a label gets a backslash, and what is not printable ASCII becomes a backslash and
     * three decimal digits.
     */
    @Override
    public String toString() {
        if (wire[0] == 0) {
            return ".";
        }
        StringBuilder text = new StringBuilder(wire.length);
        int i = 0;
        while (wire[i] != 0) {
            if (i > 0) {
                text.append('.');
            }
            int end = i + 1 + wire[i];
            for (i++; i < end; i++) {
                appendEscaped(text, wire[i] & 0xff);
            }
        }
        return text.toString();
    }

    private static void appendEscaped(StringBuilder text, int c) {
        if (c == '.' || c == '\\') {
            text.append('\\').append((char) c);
        } else if (c > ' ' && c < 0x7f) {
            text.append((char) c);
        } else {
            text.append('\\')
                    .append((char) ('0' + c / 100))
                    .append((char) ('0' + c / 10 % 10))
                    .append((char) ('0' + c % 10));
        }
    }

    @Override
    public boolean equals(Object other) {
        if (!(other instanceof DnsName name) || name.wire.length != wire.length) {
            return false;
        }
        for (int i = 0; i < wire.length; i++) {
            if (lower(wire[i]) != lower(name.wire[i])) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int hashCode() {
        int hash = 0;
        for (byte b : wire) {
            hash = 31 * hash + lower(b);
        }
        return hash;
    }

    /** Lengths are below 64 and no letters, so they pass unchanged. */
    private static int lower(byte b) {
        return b >= 'A' && b <= 'Z' ? b + 32 : b;
    }
}
