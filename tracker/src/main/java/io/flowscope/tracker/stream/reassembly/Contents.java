package io.flowscope.tracker.stream.reassembly;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Comparing bytes, and taking a sample of them to compare later. */
final class Contents {
    private static final ValueLayout.OfLong LITTLE =
            JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private Contents() {}

    /** Zeros a multiple of eight bytes; unlike a slice's fill it allocates nothing. */
    static void zero(MemorySegment memory, long at, long bytes) {
        for (long i = 0; i < bytes; i += 8) {
            memory.set(JAVA_LONG, at + i, 0L);
        }
    }

    /** How many of {@code length} bytes differ. */
    static int different(MemorySegment a, long atA, MemorySegment b, long atB, int length) {
        long first = MemorySegment.mismatch(a, atA, atA + length, b, atB, atB + length);
        if (first < 0) {
            return 0;
        }
        int different = 0;
        for (long i = first; i < length; i++) {
            if (a.get(JAVA_BYTE, atA + i) != b.get(JAVA_BYTE, atB + i)) {
                different++;
            }
        }
        return different;
    }

    /** The first bytes, up to eight, the first of them lowest; above them zeros. */
    static long sample(MemorySegment memory, long at, int length) {
        if (length >= 8) {
            return memory.get(LITTLE, at);
        }
        long sample = 0;
        for (int i = 0; i < length; i++) {
            sample |= (memory.get(JAVA_BYTE, at + i) & 0xFFL) << (8 * i);
        }
        return sample;
    }

    /**
     * How many bytes of a sample differ from those at the same stream offsets.
     *
     * @param sampleAt stream offset of the sample's first byte
     * @param count bytes in the sample, up to eight
     * @param from stream offset of the bytes to compare
     */
    static int different(
            long sample,
            long sampleAt,
            int count,
            long from,
            MemorySegment memory,
            long at,
            int length) {
        int different = 0;
        long first = Math.max(sampleAt, from);
        long end = Math.min(sampleAt + count, from + length);
        for (long position = first; position < end; position++) {
            byte then = (byte) (sample >>> (8 * (int) (position - sampleAt)));
            if (memory.get(JAVA_BYTE, at + (position - from)) != then) {
                different++;
            }
        }
        return different;
    }
}
