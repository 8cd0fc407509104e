package io.flowscope.tracker.stream.reassembly;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;

/** Ranges of bits in off-heap memory, 64 at a time; {@code base} is a multiple of 8. */
final class Bits {
    private Bits() {}

    static boolean get(MemorySegment memory, long base, int bit) {
        return (word(memory, base, bit >> 6) >>> bit & 1) != 0;
    }

    /** The first bit in [from, to) that is 1, or {@code to}. */
    static int nextSet(MemorySegment memory, long base, int from, int to) {
        return next(memory, base, from, to, 0);
    }

    /** The first bit in [from, to) that is 0, or {@code to}. */
    static int nextClear(MemorySegment memory, long base, int from, int to) {
        return next(memory, base, from, to, -1);
    }

    static void set(MemorySegment memory, long base, int from, int to) {
        for (int at = from; at < to; at = (at | 63) + 1) {
            int index = at >> 6;
            long bits = word(memory, base, index) | mask(at, to);
            memory.set(JAVA_LONG, base + index * 8L, bits);
        }
    }

    static void clear(MemorySegment memory, long base, int from, int to) {
        for (int at = from; at < to; at = (at | 63) + 1) {
            int index = at >> 6;
            long bits = word(memory, base, index) & ~mask(at, to);
            memory.set(JAVA_LONG, base + index * 8L, bits);
        }
    }

    /** How many bits in [from, to) are 1. */
    static int count(MemorySegment memory, long base, int from, int to) {
        int count = 0;
        for (int at = from; at < to; at = (at | 63) + 1) {
            count += Long.bitCount(word(memory, base, at >> 6) & mask(at, to));
        }
        return count;
    }

    private static int next(MemorySegment memory, long base, int from, int to, long flip) {
        int at = from;
        while (at < to) {
            long rest = (word(memory, base, at >> 6) ^ flip) >>> at;
            if (rest != 0) {
                return Math.min(to, at + Long.numberOfTrailingZeros(rest));
            }
            at = (at | 63) + 1;
        }
        return to;
    }

    private static long word(MemorySegment memory, long base, int index) {
        return memory.get(JAVA_LONG, base + index * 8L);
    }

    /** The bits of [from, to) within the word of {@code from}. */
    private static long mask(int from, int to) {
        long mask = -1L << from;
        return (from | 63) < to ? mask : mask & (-1L >>> -to);
    }
}
