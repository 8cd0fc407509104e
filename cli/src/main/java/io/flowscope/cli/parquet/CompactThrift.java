package io.flowscope.cli.parquet;

import java.nio.charset.StandardCharsets;

/**
 * Structures in Thrift's compact protocol, which Parquet's headers and footer are written in.
 *
 * <pre>
 *   field   delta:4 type:4 [value]      delta from the number of the field before, 1 to 15
 *   list    size:4 type:4 elements      or 15:4 type:4 size as varint
 *   struct  fields, then a zero byte
 *   i32, i64 zigzag varint; binary: length as varint, bytes; bool: in the field's type
 * </pre>
 */
final class CompactThrift {
    static final int I32 = 5;
    static final int BINARY = 8;
    static final int STRUCT = 12;

    private static final int TRUE = 1;
    private static final int FALSE = 2;
    private static final int BYTE = 3;
    private static final int I64 = 6;
    private static final int LIST = 9;
    private static final int DEEPEST = 8;

    private final Bytes out;

    /** The last field's number, of each structure that is open. */
    private final int[] last = new int[DEEPEST];

    private int depth;

    CompactThrift(Bytes out) {
        this.out = out;
    }

    CompactThrift i8(int field, int value) {
        header(field, BYTE);
        out.put(value);
        return this;
    }

    CompactThrift i32(int field, int value) {
        header(field, I32);
        out.putVarint(zigzag(value));
        return this;
    }

    CompactThrift i64(int field, long value) {
        header(field, I64);
        out.putVarint(zigzag(value));
        return this;
    }

    CompactThrift flag(int field, boolean value) {
        header(field, value ? TRUE : FALSE);
        return this;
    }

    CompactThrift binary(int field, byte[] value) {
        header(field, BINARY);
        out.putVarint(value.length).put(value, 0, value.length);
        return this;
    }

    CompactThrift text(int field, String value) {
        return binary(field, value.getBytes(StandardCharsets.UTF_8));
    }

    /** A list whose elements follow. */
    CompactThrift list(int field, int type, int size) {
        header(field, LIST);
        if (size < 15) {
            out.put(size << 4 | type);
        } else {
            out.put(15 << 4 | type).putVarint(size);
        }
        return this;
    }

    CompactThrift i32Element(int value) {
        out.putVarint(zigzag(value));
        return this;
    }

    CompactThrift textElement(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        out.putVarint(bytes.length).put(bytes, 0, bytes.length);
        return this;
    }

    /** Opens a structure as a field's value. */
    CompactThrift begin(int field) {
        header(field, STRUCT);
        return begin();
    }

    /** Opens a structure that is an element of a list. */
    CompactThrift begin() {
        last[++depth] = 0;
        return this;
    }

    /** Closes a structure; the outermost needs no opening. */
    CompactThrift end() {
        out.put(0);
        last[depth] = 0;
        depth = Math.max(0, depth - 1);
        return this;
    }

    /** A structure without fields, which stands for its type. */
    CompactThrift empty(int field) {
        return begin(field).end();
    }

    private void header(int field, int type) {
        out.put(field - last[depth] << 4 | type);
        last[depth] = field;
    }

    private static long zigzag(long value) {
        return value << 1 ^ value >> 63;
    }
}
