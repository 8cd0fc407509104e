package io.flowscope.cli.parquet;

import io.flowscope.cli.output.ByteSink;

import java.util.Arrays;

/** Bytes that grow as they are written, least significant first, and are used again. */
final class Bytes {
    private static final int FIRST_BYTES = 1 << 10;

    private byte[] array = new byte[FIRST_BYTES];
    private int size;

    int size() {
        return size;
    }

    /** What was written, in its first {@link #size()} bytes; until the next write. */
    byte[] array() {
        return array;
    }

    void clear() {
        size = 0;
    }

    Bytes put(int value) {
        room(1);
        array[size++] = (byte) value;
        return this;
    }

    Bytes put(byte[] bytes, int from, int length) {
        room(length);
        System.arraycopy(bytes, from, array, size, length);
        size += length;
        return this;
    }

    Bytes put(Bytes other) {
        return put(other.array, 0, other.size);
    }

    Bytes putInt(int value) {
        return putLow(value, 4);
    }

    Bytes putLong(long value) {
        return putLow(value, 8);
    }

    /** The lowest bytes of a number. */
    Bytes putLow(long value, int bytes) {
        room(bytes);
        for (int i = 0; i < bytes; i++) {
            array[size++] = (byte) (value >>> (8 * i));
        }
        return this;
    }

    /** Seven bits per byte, the lowest first; all but the last byte have their top bit set. */
    Bytes putVarint(long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            put((int) rest & 0x7f | 0x80);
            rest >>>= 7;
        }
        return put((int) rest);
    }

    /** A text of ASCII behind its length, as Parquet's plain encoding has it. */
    Bytes putPlain(String ascii) {
        int length = ascii.length();
        putInt(length);
        room(length);
        for (int i = 0; i < length; i++) {
            array[size++] = (byte) ascii.charAt(i);
        }
        return this;
    }

    void writeTo(ByteSink out) {
        out.put(array, 0, size);
    }

    private void room(int bytes) {
        if (array.length - size < bytes) {
            array = Arrays.copyOf(array, Math.max(2 * array.length, size + bytes));
        }
    }
}
