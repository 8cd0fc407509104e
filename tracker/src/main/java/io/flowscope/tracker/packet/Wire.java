package io.flowscope.tracker.packet;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Reads of network byte order at any alignment. The caller has checked that the bytes are there.
 */
final class Wire {
    private static final ValueLayout.OfShort SHORT =
            JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfShort SHORT_LITTLE =
            JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt INT_LITTLE =
            JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG =
            JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private Wire() {}

    static int u8(MemorySegment memory, long at) {
        return memory.get(JAVA_BYTE, at) & 0xff;
    }

    static int u16(MemorySegment memory, long at) {
        return memory.get(SHORT, at) & 0xffff;
    }

    static int u16Little(MemorySegment memory, long at) {
        return memory.get(SHORT_LITTLE, at) & 0xffff;
    }

    static int i32(MemorySegment memory, long at) {
        return memory.get(INT, at);
    }

    static int i32Little(MemorySegment memory, long at) {
        return memory.get(INT_LITTLE, at);
    }

    static long u32(MemorySegment memory, long at) {
        return memory.get(INT, at) & 0xffff_ffffL;
    }

    static long i64(MemorySegment memory, long at) {
        return memory.get(LONG, at);
    }

    /** Six bytes, such as a MAC address, in the low 48 bits. */
    static long u48(MemorySegment memory, long at) {
        return u32(memory, at) << 16 | u16(memory, at + 4);
    }
}
