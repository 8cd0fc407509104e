package io.flowscope.tracker.session.tls;

import io.flowscope.tracker.session.ByteText;

/**
 * Walks through the elements of one level of a DER structure. A length that goes beyond the level
 * makes the cursor broken and ends it.
 *
 * <pre>
 *   tag 1 | length 1, or 0x80 + n and n bytes | content …
 * </pre>
 */
final class DerCursor {
    static final int SEQUENCE = 0x30;
    static final int SET = 0x31;
    static final int INTEGER = 0x02;
    static final int OCTET_STRING = 0x04;
    static final int OID = 0x06;
    static final int BOOLEAN = 0x01;

    private final ByteText bytes;
    private int position;
    private int tag;
    private int start;
    private int content;
    private int length;
    private boolean broken;

    DerCursor(ByteText bytes) {
        this.bytes = bytes;
    }

    boolean broken() {
        return broken;
    }

    /** Goes to the next element; false at the end. */
    boolean next() {
        if (broken || position >= bytes.length()) {
            return false;
        }
        start = position;
        if (bytes.length() - position < 2) {
            return fail();
        }
        tag = bytes.at(position);
        int first = bytes.at(position + 1);
        content = position + 2;
        length = first;
        if (first >= 0x80) {
            int count = first & 0x7f;
            if (count == 0 || count > 3 || count > bytes.length() - content) {
                return fail();
            }
            length = 0;
            for (int i = 0; i < count; i++) {
                length = (length << 8) | bytes.at(content++);
            }
        }
        if ((tag & 0x1f) == 0x1f || length > bytes.length() - content) {
            return fail();
        }
        position = content + length;
        return true;
    }

    private boolean fail() {
        broken = true;
        tag = 0;
        length = 0;
        content = 0;
        return false;
    }

    /** Goes to the next element, which must have this tag. */
    boolean next(int wanted) {
        if (next() && tag == wanted) {
            return true;
        }
        return fail();
    }

    int tag() {
        return tag;
    }

    ByteText content() {
        return bytes.slice(content, length);
    }

    /** The element with its tag and length. */
    ByteText whole() {
        return bytes.slice(start, content + length - start);
    }

    DerCursor inside() {
        return new DerCursor(content());
    }
}
