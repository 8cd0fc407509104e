package io.flowscope.capture;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Walks the options at the end of a pcapng block. A reused cursor: {@link #begin}, then {@link
 * #next} until it is false.
 *
 * <pre>
 *   +------+--------+----------------------+     +---+---+
 *   | code | length | value, padded to 4   | ... | 0 | 0 |
 *   | 2    | 2      |                      |     | 2 | 2 |
 *   +------+--------+----------------------+     +---+---+
 * </pre>
 */
final class PcapngOptions {
    static final int COMMENT = 1;

    private static final int HEADER_BYTES = 4;

    private MemorySegment memory = MemorySegment.NULL;
    private boolean swapped;
    private long at;
    private long end;
    private long value;
    private int code;
    private int length;
    private boolean broken;

    /** The options from a place to another; there may be none. */
    void begin(MemorySegment from, long start, long limit, boolean swappedOrder) {
        memory = from;
        swapped = swappedOrder;
        at = start;
        end = limit;
        broken = false;
    }

    /** Goes on to the next option; false at the end, or where the rest makes no sense. */
    boolean next() {
        if (end - at < HEADER_BYTES) {
            return false;
        }
        code = number16(at);
        length = number16(at + 2);
        value = at + HEADER_BYTES;
        if (code == 0) {
            return false;
        }
        if (length > end - value) {
            broken = true;
            return false;
        }
        at = value + (length + 3 & ~3);
        return true;
    }

    /** Whether an option claimed to be longer than its block. */
    boolean isBroken() {
        return broken;
    }

    int code() {
        return code;
    }

    int length() {
        return length;
    }

    /** The value's first byte; 0 if it is empty. */
    int first() {
        return length == 0 ? 0 : memory.get(ValueLayout.JAVA_BYTE, value) & 0xFF;
    }

    /** The value as a number of 4 bytes; 0 if it is shorter. */
    int number32() {
        if (length < 4) {
            return 0;
        }
        int number = memory.get(ValueLayout.JAVA_INT_UNALIGNED, value);
        return swapped ? Integer.reverseBytes(number) : number;
    }

    /** The value as a number of 8 bytes; 0 if it is shorter. */
    long number64() {
        if (length < 8) {
            return 0;
        }
        long number = memory.get(ValueLayout.JAVA_LONG_UNALIGNED, value);
        return swapped ? Long.reverseBytes(number) : number;
    }

    /** The value as a point in time: its upper half stands first in either byte order. */
    long ticks() {
        long number = number64();
        return isLowFirst() ? number << 32 | number >>> 32 : number;
    }

    private boolean isLowFirst() {
        boolean littleMachine = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
        return littleMachine != swapped;
    }

    /** The value as text, from its byte {@code skip} on. */
    String text(int skip) {
        if (length <= skip) {
            return "";
        }
        byte[] bytes = memory.asSlice(value + skip, length - skip).toArray(ValueLayout.JAVA_BYTE);
        return new String(bytes, StandardCharsets.UTF_8).replace("\0", "");
    }

    private int number16(long from) {
        short number = memory.get(ValueLayout.JAVA_SHORT_UNALIGNED, from);
        return Short.toUnsignedInt(swapped ? Short.reverseBytes(number) : number);
    }
}
