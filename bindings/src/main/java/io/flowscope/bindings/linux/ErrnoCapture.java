package io.flowscope.bindings.linux;

import io.flowscope.bindings.Platform;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;

/**
 * Where a call leaves its errno. One per thread that makes calls: the JVM itself calls the C
 * library between a downcall and the next line of Java, so errno must be taken within the downcall.
 *
 * <p>While a call blocks it holds this memory, and a shared arena cannot be closed then. Allocate
 * it in an arena that only the calling thread closes.
 */
public final class ErrnoCapture {
    private static final StructLayout LAYOUT = Linker.Option.captureStateLayout();
    private static final long ERRNO_OFFSET = LAYOUT.byteOffset(PathElement.groupElement("errno"));

    private final MemorySegment segment;

    private ErrnoCapture(MemorySegment segment) {
        this.segment = segment;
    }

    /**
     * Room for one errno that lives as long as the arena. Throws UnsupportedOperationException
     * where {@link Platform} does: without it, no call can be made.
     */
    public static ErrnoCapture allocate(Arena arena) {
        Platform.ensureSupported();
        return new ErrnoCapture(arena.allocate(LAYOUT));
    }

    /** The errno that the last call left; means something only if that call failed. */
    public int errno() {
        return segment.get(ValueLayout.JAVA_INT, ERRNO_OFFSET);
    }

    /** The name of the errno that the last call left, such as {@code ENOMEM}. */
    public String name() {
        return Errno.name(errno());
    }

    MemorySegment segment() {
        return segment;
    }

    int resultOf(int value) {
        return value == -1 ? -errno() : value;
    }

    long resultOf(long value) {
        return value == -1 ? -errno() : value;
    }
}
