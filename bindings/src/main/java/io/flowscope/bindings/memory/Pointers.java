package io.flowscope.bindings.memory;

import static io.flowscope.bindings.linux.linux_h.AF_INET;
import static io.flowscope.bindings.linux.linux_h.AF_INET6;
import static io.flowscope.bindings.linux.linux_h.AF_PACKET;

import io.flowscope.bindings.linux.sockaddr;
import io.flowscope.bindings.linux.sockaddr_in;
import io.flowscope.bindings.linux.sockaddr_in6;
import io.flowscope.bindings.linux.sockaddr_ll;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;

/** What native code points to: seen with the size that it has, or copied before it goes away. */
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

    /**
     * A copy on the heap of the socket address at a pointer, readable with the layout of its
     * family; empty if the pointer is null.
     */
    public static MemorySegment socketAddress(MemorySegment pointer) {
        if (isNull(pointer)) {
            return heap(0);
        }
        MemorySegment original = sized(pointer, sizeOfSocketAddress(pointer));
        return heap(original.byteSize()).copyFrom(original).asReadOnly();
    }

    private static long sizeOfSocketAddress(MemorySegment pointer) {
        int family = sockaddr.sa_family(sized(pointer, sockaddr.sizeof())) & 0xFFFF;
        if (family == AF_INET()) {
            return sockaddr_in.sizeof();
        }
        if (family == AF_INET6()) {
            return sockaddr_in6.sizeof();
        }
        if (family == AF_PACKET()) {
            // Hardware addresses may be longer than the member that holds them: InfiniBand has 20.
            MemorySegment fixed = sized(pointer, sockaddr_ll.sizeof());
            int hardwareBytes = sockaddr_ll.sll_halen(fixed) & 0xFF;
            return Math.max(sockaddr_ll.sizeof(), sockaddr_ll.sll_addr$offset() + hardwareBytes);
        }
        return sockaddr.sizeof();
    }

    /** Longs, because the layouts of the address families want more than byte alignment. */
    private static MemorySegment heap(long bytes) {
        long[] words = new long[Math.toIntExact((bytes + Long.BYTES - 1) / Long.BYTES)];
        return MemorySegment.ofArray(words).asSlice(0, bytes);
    }
}
