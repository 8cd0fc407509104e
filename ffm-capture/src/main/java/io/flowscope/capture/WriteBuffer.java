package io.flowscope.capture;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Gathers records, and writes when full. */
final class WriteBuffer {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;

    private final MemorySegment memory;
    private final int capacity;
    private ByteSink sink;
    private int used;
    private long total;

    WriteBuffer(Arena arena, int capacity, ByteSink sink) {
        this.memory = arena.allocate(capacity, Long.BYTES);
        this.capacity = capacity;
        this.sink = sink;
    }

    /** Goes on with another file; nothing may be left from the last. */
    void begin(ByteSink next) {
        sink = next;
        used = 0;
        total = 0;
    }

    /** Bytes of this file, written or gathered. */
    long total() {
        return total;
    }

    /** Makes room for a record's header and trailer, which are small. */
    void ensure(int bytes) throws IOException {
        if (capacity - used < bytes) {
            drain();
        }
    }

    void putInt(int value) {
        memory.set(INT, used, value);
        used += 4;
        total += 4;
    }

    void putLong(long value) {
        memory.set(ValueLayout.JAVA_LONG_UNALIGNED, used, value);
        used += 8;
        total += 8;
    }

    void putShort(int value) {
        memory.set(ValueLayout.JAVA_SHORT_UNALIGNED, used, (short) value);
        used += 2;
        total += 2;
    }

    void putByte(int value) {
        memory.set(ValueLayout.JAVA_BYTE, used, (byte) value);
        used++;
        total++;
    }

    /** Takes bytes of any number. */
    void put(MemorySegment from, long offset, int length) throws IOException {
        if (length <= capacity - used) {
            MemorySegment.copy(from, offset, memory, used, length);
            used += length;
            total += length;
            return;
        }
        int done = 0;
        while (done < length) {
            if (used == capacity) {
                drain();
            }
            int piece = Math.min(length - done, capacity - used);
            MemorySegment.copy(from, offset + done, memory, used, piece);
            used += piece;
            done += piece;
        }
        total += length;
    }

    void put(byte[] bytes) throws IOException {
        ensure(bytes.length);
        for (byte value : bytes) {
            putByte(value);
        }
    }

    /** Hands over to the sink what was gathered. */
    void drain() throws IOException {
        if (used > 0) {
            int length = used;
            used = 0;
            sink.write(memory, length);
        }
    }
}
