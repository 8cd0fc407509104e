package io.flowscope.tracker.session;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;

/**
 * Immutable bytes out of a message, which become a string only when asked. Several texts may share
 * one array, so a message costs one copy however many fields it has.
 */
public final class ByteText {
    /** No bytes. */
    public static final ByteText EMPTY = new ByteText(new byte[0], 0, 0);

    private final byte[] bytes;
    private final int offset;
    private final int length;

    private ByteText(byte[] bytes, int offset, int length) {
        this.bytes = bytes;
        this.offset = offset;
        this.length = length;
    }

    /** Copies a range. */
    public static ByteText copyOf(byte[] bytes, int offset, int length) {
        return length == 0
                ? EMPTY
                : new ByteText(Arrays.copyOfRange(bytes, offset, offset + length), 0, length);
    }

    /** Takes the characters of a Latin-1 string. */
    public static ByteText of(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        return new ByteText(bytes, 0, bytes.length);
    }

    /** A part of this text, sharing its bytes. */
    public ByteText slice(int from, int lengthBytes) {
        if (from < 0 || lengthBytes < 0 || from > length - lengthBytes) {
            throw new IndexOutOfBoundsException(
                    "from " + from + ", length " + lengthBytes + ", of " + length);
        }
        return lengthBytes == 0 ? EMPTY : new ByteText(bytes, offset + from, lengthBytes);
    }

    /** How many bytes. */
    public int length() {
        return length;
    }

    /** Whether there are none. */
    public boolean isEmpty() {
        return length == 0;
    }

    /** One byte, 0 to 255. */
    public int at(int index) {
        return bytes[offset + Objects.checkIndex(index, length)] & 0xff;
    }

    /** Two bytes, big-endian. */
    public int u16(int index) {
        return at(index) << 8 | at(index + 1);
    }

    /** A copy of the bytes. */
    public byte[] toArray() {
        return Arrays.copyOfRange(bytes, offset, offset + length);
    }

    /** Compares with an ASCII string, upper and lower case being equal. */
    public boolean equalsIgnoreCase(String ascii) {
        if (ascii.length() != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (lower(bytes[offset + i] & 0xff) != lower(ascii.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    /** Compares with a Latin-1 string. */
    public boolean contentEquals(String latin1) {
        if (latin1.length() != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if ((bytes[offset + i] & 0xff) != latin1.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static int lower(int c) {
        return c >= 'A' && c <= 'Z' ? c + 32 : c;
    }

    /** Lower-case hexadecimal. */
    public String toHex() {
        return HexFormat.of().formatHex(bytes, offset, offset + length);
    }

    /** The bytes as UTF-8; what is not UTF-8 becomes U+FFFD. */
    public String toUtf8() {
        return new String(bytes, offset, length, StandardCharsets.UTF_8);
    }

    /** The bytes as Latin-1, one character each. */
    @Override
    public String toString() {
        return new String(bytes, offset, length, StandardCharsets.ISO_8859_1);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ByteText t
                && Arrays.equals(
                        bytes, offset, offset + length, t.bytes, t.offset, t.offset + t.length);
    }

    @Override
    public int hashCode() {
        int hash = 1;
        for (int i = 0; i < length; i++) {
            hash = 31 * hash + bytes[offset + i];
        }
        return hash;
    }
}
