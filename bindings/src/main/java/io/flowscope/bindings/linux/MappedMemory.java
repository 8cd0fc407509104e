package io.flowscope.bindings.linux;

import io.flowscope.bindings.memory.Pointers;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * Memory that the system maps: rings, files, huge pages. Lengths must not exceed their segments.
 */
public final class MappedMemory {
    /** What mmap returns on failure: {@code (void *) -1}. */
    private static final long MAP_FAILED = -1;

    private MappedMemory() {}

    /**
     * Maps memory into the process: a segment of exactly this size, which is unmapped when the
     * arena closes and cannot be reached afterwards.
     *
     * @return {@link MemorySegment#NULL} if the system refused; the errno says why
     */
    public static MemorySegment map(
            ErrnoCapture errno,
            Arena arena,
            long lengthBytes,
            int protection,
            int flags,
            int descriptor,
            long offset) {
        long address;
        try {
            MemorySegment mapped =
                    (MemorySegment)
                            Mmap.HANDLE.invokeExact(
                                    errno.segment(),
                                    MemorySegment.NULL,
                                    lengthBytes,
                                    protection,
                                    flags,
                                    descriptor,
                                    offset);
            address = mapped.address();
        } catch (Throwable thrown) {
            throw Downcalls.rethrown(thrown);
        }
        if (address == MAP_FAILED) {
            return MemorySegment.NULL;
        }
        return Pointers.owned(
                MemorySegment.ofAddress(address), lengthBytes, arena, MappedMemory::unmap);
    }

    /** Says how a mapped region will be used. */
    public static int madvise(
            ErrnoCapture errno, MemorySegment region, long lengthBytes, int advice) {
        try {
            return errno.resultOf(
                    (int) Madvise.HANDLE.invokeExact(errno.segment(), region, lengthBytes, advice));
        } catch (Throwable thrown) {
            throw Downcalls.rethrown(thrown);
        }
    }

    /** Keeps a region in memory; RLIMIT_MEMLOCK limits how much. */
    public static int mlock(ErrnoCapture errno, MemorySegment region, long lengthBytes) {
        try {
            return errno.resultOf(
                    (int) Mlock.HANDLE.invokeExact(errno.segment(), region, lengthBytes));
        } catch (Throwable thrown) {
            throw Downcalls.rethrown(thrown);
        }
    }

    /** Lets a region be swapped out again. */
    public static int munlock(ErrnoCapture errno, MemorySegment region, long lengthBytes) {
        try {
            return errno.resultOf(
                    (int) Munlock.HANDLE.invokeExact(errno.segment(), region, lengthBytes));
        } catch (Throwable thrown) {
            throw Downcalls.rethrown(thrown);
        }
    }

    /** Changes what may be done with a region. */
    public static int mprotect(
            ErrnoCapture errno, MemorySegment region, long lengthBytes, int protection) {
        try {
            return errno.resultOf(
                    (int)
                            Mprotect.HANDLE.invokeExact(
                                    errno.segment(), region, lengthBytes, protection));
        } catch (Throwable thrown) {
            throw Downcalls.rethrown(thrown);
        }
    }

    /** Writes a region of a mapped file back. */
    public static int msync(ErrnoCapture errno, MemorySegment region, long lengthBytes, int flags) {
        try {
            return errno.resultOf(
                    (int) Msync.HANDLE.invokeExact(errno.segment(), region, lengthBytes, flags));
        } catch (Throwable thrown) {
            throw Downcalls.rethrown(thrown);
        }
    }

    private static void unmap(MemorySegment region) {
        if (linux_h.munmap(region, region.byteSize()) != 0) {
            throw new IllegalStateException("munmap of " + region.byteSize() + " bytes failed");
        }
    }

    private static final class Mmap {
        static final MethodHandle HANDLE =
                Downcalls.capturing(linux_h.mmap$address(), linux_h.mmap$descriptor());
    }

    private static final class Madvise {
        static final MethodHandle HANDLE =
                Downcalls.capturing(linux_h.madvise$address(), linux_h.madvise$descriptor());
    }

    private static final class Mlock {
        static final MethodHandle HANDLE =
                Downcalls.capturing(linux_h.mlock$address(), linux_h.mlock$descriptor());
    }

    private static final class Munlock {
        static final MethodHandle HANDLE =
                Downcalls.capturing(linux_h.munlock$address(), linux_h.munlock$descriptor());
    }

    private static final class Mprotect {
        static final MethodHandle HANDLE =
                Downcalls.capturing(linux_h.mprotect$address(), linux_h.mprotect$descriptor());
    }

    private static final class Msync {
        static final MethodHandle HANDLE =
                Downcalls.capturing(linux_h.msync$address(), linux_h.msync$descriptor());
    }
}
