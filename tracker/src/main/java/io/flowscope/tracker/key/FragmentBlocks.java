package io.flowscope.tracker.key;

import java.util.Arrays;

/** Which blocks of eight bytes of a datagram are there: 8192 bits per slot. */
final class FragmentBlocks {
    private static final int WORDS = 65_536 / 8 / 64;

    private final long[] bits;

    FragmentBlocks(int slots) {
        bits = new long[Math.multiplyExact(slots, WORDS)];
    }

    void clear(int slot) {
        Arrays.fill(bits, slot * WORDS, (slot + 1) * WORDS, 0);
    }

    void set(int slot, int begin, int end) {
        for (int block = begin >>> 3; block <= (end - 1) >>> 3; block++) {
            bits[slot * WORDS + (block >>> 6)] |= 1L << block;
        }
    }

    boolean anySet(int slot, int begin, int end) {
        for (int block = begin >>> 3; block <= (end - 1) >>> 3; block++) {
            if (isSet(slot, block)) {
                return true;
            }
        }
        return false;
    }

    boolean allSet(int slot, int begin, int end) {
        for (int block = begin >>> 3; block <= (end - 1) >>> 3; block++) {
            if (!isSet(slot, block)) {
                return false;
            }
        }
        return true;
    }

    private boolean isSet(int slot, int block) {
        return (bits[slot * WORDS + (block >>> 6)] >>> block & 1) != 0;
    }
}
