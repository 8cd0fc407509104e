package io.flowscope.tracker.session.quic;

import java.util.Arrays;
import java.util.BitSet;

/**
 * One side's handshake bytes, which come in frames in any order. The first copy of a byte counts.
 * Holds at most {@value #MAX_BYTES}; a frame beyond that is not taken.
 */
final class CryptoStream {
    static final int MAX_BYTES = 64 * 1024;

    private byte[] bytes = new byte[0];
    private final BitSet present = new BitSet();

    /** False if the frame lies beyond the limit. */
    boolean add(long offset, byte[] source, int from, int length) {
        if (offset > MAX_BYTES - length) {
            return false;
        }
        int start = (int) offset;
        if (start + length > bytes.length) {
            int doubled = Math.min(MAX_BYTES, Math.max(2048, 2 * bytes.length));
            bytes = Arrays.copyOf(bytes, Math.max(start + length, doubled));
        }
        int at = present.nextClearBit(start);
        while (at < start + length) {
            bytes[at] = source[from + at - start];
            at = present.nextClearBit(at + 1);
        }
        present.set(start, start + length);
        return true;
    }

    /** How many bytes are there from the beginning without a hole. */
    int contiguous() {
        return present.nextClearBit(0);
    }

    byte[] bytes() {
        return bytes;
    }

    int heldBytes() {
        return bytes.length;
    }

    void release() {
        bytes = new byte[0];
        present.clear();
    }
}
