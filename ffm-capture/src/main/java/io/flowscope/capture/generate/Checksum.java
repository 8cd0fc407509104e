package io.flowscope.capture.generate;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * The Internet checksum. The sum is taken over little-endian words, eight bytes at a time, and
 * turned round at the end: a ones' complement sum does not care about the order of the bytes.
 */
final class Checksum {
    private static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private Checksum() {}

    /** The sum of the bytes as big-endian 16-bit words, not folded any further than 16 bits. */
    static int sum(MemorySegment memory, long from, int length) {
        long sum = 0;
        long at = from;
        long end = from + length;
        for (; at + 8 <= end; at += 8) {
            long word = memory.get(LONG, at);
            sum += (word & 0xFFFF_FFFFL) + (word >>> 32);
        }
        if (at + 4 <= end) {
            sum += memory.get(INT, at) & 0xFFFF_FFFFL;
            at += 4;
        }
        if (at + 2 <= end) {
            sum += memory.get(SHORT, at) & 0xFFFF;
            at += 2;
        }
        if (at < end) {
            sum += memory.get(ValueLayout.JAVA_BYTE, at) & 0xFF;
        }
        return Short.toUnsignedInt(Short.reverseBytes((short) fold(sum)));
    }

    /** Adds the 16-bit words of a number to each other. */
    static int words(long value) {
        return (int)
                ((value & 0xFFFF)
                        + (value >>> 16 & 0xFFFF)
                        + (value >>> 32 & 0xFFFF)
                        + (value >>> 48));
    }

    /** The checksum field for a sum of words. */
    static int finish(long sum) {
        return ~fold(sum) & 0xFFFF;
    }

    private static int fold(long sum) {
        long folded = sum;
        while (folded >>> 16 != 0) {
            folded = (folded & 0xFFFF) + (folded >>> 16);
        }
        return (int) folded;
    }
}
