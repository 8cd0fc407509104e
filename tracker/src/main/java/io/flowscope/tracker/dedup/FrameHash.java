package io.flowscope.tracker.dedup;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * 64 bits for a frame's bytes. Four lanes of eight bytes each take one multiplication per word, so
 * that a processor works on all four at once; within a lane a step is reversible, so that a single
 * changed word always changes the result of its lane.
 */
final class FrameHash {
    private static final ValueLayout.OfLong WORD = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final long PRIME_1 = 0x9E37_79B1_85EB_CA87L;
    private static final long PRIME_2 = 0xC2B2_AE3D_27D4_EB4FL;
    private static final long PRIME_3 = 0x1656_67B1_9E37_79F9L;
    private static final long PRIME_4 = 0x85EB_CA77_C2B2_AE63L;

    private final long seed1;
    private final long seed2;

    FrameHash(long seed1, long seed2) {
        this.seed1 = seed1;
        this.seed2 = seed2;
    }

    long of(MemorySegment memory, long offset, int length) {
        long a = seed1;
        long b = seed2;
        long c = seed1 ^ PRIME_3;
        long d = seed2 ^ PRIME_4;
        int at = 0;
        for (; at <= length - 32; at += 32) {
            a = turn(a ^ memory.get(WORD, offset + at), PRIME_1);
            b = turn(b ^ memory.get(WORD, offset + at + 8), PRIME_2);
            c = turn(c ^ memory.get(WORD, offset + at + 16), PRIME_3);
            d = turn(d ^ memory.get(WORD, offset + at + 24), PRIME_4);
        }
        for (; at <= length - 8; at += 8) {
            a = turn(a ^ memory.get(WORD, offset + at), PRIME_2);
            b += a;
        }
        long rest = length;
        for (; at < length; at++) {
            rest = (rest << 8) | (memory.get(JAVA_BYTE, offset + at) & 0xff);
        }
        return mix(mix(a ^ rest, c), mix(b, d));
    }

    private static long turn(long value, long prime) {
        long product = value * prime;
        return product ^ product >>> 29;
    }

    private long mix(long a, long b) {
        long x = a ^ seed1;
        long y = b ^ seed2;
        return x * y ^ Math.unsignedMultiplyHigh(x, y) ^ a ^ Long.rotateLeft(b, 32);
    }
}
