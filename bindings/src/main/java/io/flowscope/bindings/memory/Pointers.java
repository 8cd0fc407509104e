package io.flowscope.bindings.memory;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;

/** What native code points to, seen with the size that it has. */
public final class Pointers {
    /** No text that a library hands out is longer; a longer one would be refused, not cut. */
    private static final long TEXT_BYTES = 64 * 1024;

    private Pointers() {}

    /** The memory at a pointer, as long as somebody else keeps it. */
    public static MemorySegment sized(MemorySegment pointer, long bytes) {
        return MemorySegment.ofAddress(pointer.address()).reinterpret(bytes);
    }

    /**
     * The memory at a pointer that this process now owns: released when the arena closes, or at
     * once if the arena is closed already.
     */
    public static MemorySegment owned(
            MemorySegment pointer, long bytes, Arena arena, Consumer<MemorySegment> release) {
        MemorySegment memory = sized(pointer, bytes);
        try {
            return memory.reinterpret(arena, release);
        } catch (IllegalStateException | WrongThreadException arenaRefused) {
            release.accept(memory);
            throw arenaRefused;
        }
    }

    /** Whether a pointer is null. */
    public static boolean isNull(MemorySegment pointer) {
        return pointer.address() == 0;
    }

    /** A copy of the text at a pointer, or null if the pointer is. */
    public static @Nullable String text(MemorySegment pointer) {
        return isNull(pointer) ? null : sized(pointer, TEXT_BYTES).getString(0);
    }

    /** A copy of the text at a pointer that is never null. */
    public static String requiredText(MemorySegment pointer) {
        String text = text(pointer);
        if (text == null) {
            throw new IllegalStateException("a text was expected, the pointer is null");
        }
        return text;
    }
}
