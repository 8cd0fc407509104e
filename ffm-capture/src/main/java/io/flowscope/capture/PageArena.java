package io.flowscope.capture;

import io.flowscope.bindings.Platform;
import io.flowscope.bindings.linux.ErrnoCapture;
import io.flowscope.bindings.linux.MappedMemory;
import io.flowscope.bindings.linux.linux_h;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A shared arena for large tables: what is large is mapped, not allocated. It takes memory only
 * where it is touched, and the kernel may back it with huge pages, which saves a random access most
 * of its address translation. Small pieces, and all where the platform is not supported, come from
 * an ordinary shared arena.
 *
 * <p>Meant for {@code TrackerOptions.Builder.arena(PageArena::ofShared)}. Any thread may allocate
 * and close.
 */
public final class PageArena implements Arena {
    private static final long HUGE_PAGE_BYTES = 2L << 20;

    private final Arena arena = Arena.ofShared();

    private PageArena() {}

    /** An arena; its owner closes it. */
    public static Arena ofShared() {
        return Platform.isSupported() ? new PageArena() : Arena.ofShared();
    }

    /**
     * {@inheritDoc}
     *
     * @throws OutOfMemoryError if the system refuses the memory
     */
    @Override
    public MemorySegment allocate(long byteSize, long byteAlignment) {
        if (byteSize < HUGE_PAGE_BYTES || byteAlignment > HUGE_PAGE_BYTES) {
            return arena.allocate(byteSize, byteAlignment);
        }
        try (Arena call = Arena.ofConfined()) {
            ErrnoCapture errno = ErrnoCapture.allocate(call);
            // One page more than asked for, so that the segment can begin at a huge page.
            long mappedBytes = byteSize + HUGE_PAGE_BYTES;
            MemorySegment mapped =
                    MappedMemory.map(
                            errno,
                            arena,
                            mappedBytes,
                            linux_h.PROT_READ() | linux_h.PROT_WRITE(),
                            linux_h.MAP_PRIVATE() | linux_h.MAP_ANONYMOUS(),
                            -1,
                            0);
            if (mapped.address() == 0) {
                throw new OutOfMemoryError("mmap of " + mappedBytes + " bytes: " + errno.name());
            }
            // Refused where the kernel was built without huge pages: then small ones do.
            MappedMemory.madvise(errno, mapped, mappedBytes, linux_h.MADV_HUGEPAGE());
            return mapped.asSlice(-mapped.address() & (HUGE_PAGE_BYTES - 1), byteSize);
        }
    }

    @Override
    public MemorySegment.Scope scope() {
        return arena.scope();
    }

    @Override
    public void close() {
        arena.close();
    }
}
