package io.flowscope.bindings.zstd;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * What a stream reads from and writes to, in the two structures that libzstd takes, {@code
 * ZSTD_inBuffer} and {@code ZSTD_outBuffer}: each a pointer, a size and a position. For one thread.
 */
public final class ZstdBuffers {
    static final long POINTER_OFFSET = 0;
    static final long SIZE_OFFSET = 8;
    static final long POSITION_OFFSET = 16;
    static final long BYTES = 24;

    private final MemorySegment in;
    private final MemorySegment out;

    /** The structures hold bare addresses; these are what keeps the memory alive in a call. */
    private MemorySegment input = MemorySegment.NULL;

    private MemorySegment output = MemorySegment.NULL;

    /** With room for the two structures that lives as long as the arena. */
    public ZstdBuffers(Arena arena) {
        in = arena.allocate(BYTES, Long.BYTES);
        out = arena.allocate(BYTES, Long.BYTES);
    }

    /** Reads from all of a native segment from here on, beginning at its start. */
    public void input(MemorySegment memory) {
        input = memory;
        fill(in, memory);
    }

    /** Writes to all of a native segment from here on, beginning at its start. */
    public void output(MemorySegment memory) {
        output = memory;
        fill(out, memory);
    }

    /** How much of the input was read, in bytes. */
    public long consumed() {
        return in.get(ValueLayout.JAVA_LONG, POSITION_OFFSET);
    }

    /** How much of the input is still to be read, in bytes. */
    public long remaining() {
        return in.get(ValueLayout.JAVA_LONG, SIZE_OFFSET) - consumed();
    }

    /** How much of the output was written, in bytes. */
    public long produced() {
        return out.get(ValueLayout.JAVA_LONG, POSITION_OFFSET);
    }

    MemorySegment in() {
        return in;
    }

    MemorySegment out() {
        return out;
    }

    MemorySegment input() {
        return input;
    }

    MemorySegment output() {
        return output;
    }

    private static void fill(MemorySegment structure, MemorySegment memory) {
        if (!memory.isNative()) {
            throw new IllegalArgumentException("libzstd needs native memory");
        }
        structure.set(ValueLayout.ADDRESS, POINTER_OFFSET, memory);
        structure.set(ValueLayout.JAVA_LONG, SIZE_OFFSET, memory.byteSize());
        structure.set(ValueLayout.JAVA_LONG, POSITION_OFFSET, 0);
    }
}
