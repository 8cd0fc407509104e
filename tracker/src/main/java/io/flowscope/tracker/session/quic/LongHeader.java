package io.flowscope.tracker.session.quic;

import io.flowscope.tracker.session.ByteText;

/**
 * The header that packets have until keys are agreed upon.
 *
 * <pre>
 *   1 fixed type 2 low 4 | version 4 | id length 1 | destination id | id length 1 | source id |
 *     Initial: token length 1-8 | token | length 1-8 | packet number 1-4, hidden | …
 *     Handshake, 0-RTT: length 1-8 | …
 *     Retry: token | integrity tag 16
 *     version 0: versions, 4 each
 * </pre>
 *
 * <p>One object is used for one packet after the other.
 */
final class LongHeader {
    private static final int MAX_ID_BYTES = 20;

    private byte[] bytes = new byte[0];
    private int limit;
    private int position;

    int start;
    int first;
    int version;
    ByteText destinationId = ByteText.EMPTY;
    ByteText sourceId = ByteText.EMPTY;

    /** Where the packet number begins, in a packet that has a length. */
    int numberAt;

    int tokenBytes;

    /** Where the packet ends, and the next of the datagram begins. */
    int end;

    /** Reads up to the source id; false if there is no such header here. */
    boolean begin(byte[] datagram, int from, int to) {
        bytes = datagram;
        limit = to;
        start = from;
        end = to;
        if (to - from < 7) {
            return false;
        }
        first = datagram[from] & 0xff;
        version = 0;
        for (int i = 1; i <= 4; i++) {
            version = (version << 8) | (datagram[from + i] & 0xff);
        }
        position = from + 5;
        destinationId = id();
        if (position < 0) {
            return false;
        }
        sourceId = id();
        return (first & 0x80) != 0 && position >= 0;
    }

    private ByteText id() {
        int length = position < limit ? bytes[position] & 0xff : -1;
        if (length < 0 || length > MAX_ID_BYTES || length > limit - position - 1) {
            position = -1;
            return ByteText.EMPTY;
        }
        ByteText id = ByteText.copyOf(bytes, position + 1, length);
        position += 1 + length;
        return id;
    }

    /** Where the rest of the packet begins. */
    int rest() {
        return position;
    }

    /** Reads token and length of an Initial, or the length of another; false if they lie. */
    boolean body(boolean initial) {
        tokenBytes = 0;
        if (initial) {
            long token = number();
            if (token < 0 || token > limit - position) {
                return false;
            }
            tokenBytes = (int) token;
            position += tokenBytes;
        }
        long length = number();
        if (length < 0 || length > limit - position) {
            return false;
        }
        numberAt = position;
        end = position + (int) length;
        return true;
    }

    private long number() {
        if (position >= limit) {
            return -1;
        }
        int length = 1 << ((bytes[position] & 0xff) >> 6);
        if (length > limit - position) {
            return -1;
        }
        long value = bytes[position++] & 0x3f;
        for (int i = 1; i < length; i++) {
            value = (value << 8) | (bytes[position++] & 0xff);
        }
        return value;
    }
}
