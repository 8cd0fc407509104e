package io.flowscope.bindings.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * What only files answer to: opening, reading at an offset, sizes, advice to the page cache.
 * Lengths must not exceed their segments.
 */
public final class FileCalls {
    private FileCalls() {}

    /**
     * Opens a file, creating it with {@code mode} if the flags say so: its descriptor. Allocates.
     */
    public static int open(ErrnoCapture errno, String path, int flags, int mode) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocateFrom(path);
            return errno.resultOf(
                    (int) Open.HANDLE.invokeExact(errno.segment(), name, flags, mode));
        } catch (Throwable thrown) {
            throw Downcalls.rethrown(thrown);
        }
    }

    /** Reads at an offset: bytes read, 0 at the end. */
    public static long pread(
            ErrnoCapture errno,
            int descriptor,
            MemorySegment buffer,
            long lengthBytes,
            long offset) {
        try {
            return errno.resultOf(
                    (long)
                            Pread.HANDLE.invokeExact(
                                    errno.segment(), descriptor, buffer, lengthBytes, offset));
        } catch (Throwable thrown) {
            throw Downcalls.rethrown(thrown);
        }
    }

    /** Writes at an offset: bytes written. */
    public static long pwrite(
            ErrnoCapture errno,
            int descriptor,
            MemorySegment buffer,
            long lengthBytes,
            long offset) {
        try {
            return errno.resultOf(
                    (long)
                            Pwrite.HANDLE.invokeExact(
                                    errno.segment(), descriptor, buffer, lengthBytes, offset));
        } catch (Throwable thrown) {
            throw Downcalls.rethrown(thrown);
        }
    }

    /** Reads into {@code count} elements of {@code iovec}: bytes read. */
    public static long readv(ErrnoCapture errno, int descriptor, MemorySegment vector, int count) {
        try {
            return errno.resultOf(
                    (long) Readv.HANDLE.invokeExact(errno.segment(), descriptor, vector, count));
        } catch (Throwable thrown) {
            throw Downcalls.rethrown(thrown);
        }
    }

    /** Writes {@code count} elements of {@code iovec}: bytes written. */
    public static long writev(ErrnoCapture errno, int descriptor, MemorySegment vector, int count) {
        try {
            return errno.resultOf(
                    (long) Writev.HANDLE.invokeExact(errno.segment(), descriptor, vector, count));
        } catch (Throwable thrown) {
            throw Downcalls.rethrown(thrown);
        }
    }

    /** Moves the offset, and says where it is; to the end of a file, its size. */
    public static long lseek(ErrnoCapture errno, int descriptor, long offset, int whence) {
        try {
            return errno.resultOf(
                    (long) Lseek.HANDLE.invokeExact(errno.segment(), descriptor, offset, whence));
        } catch (Throwable thrown) {
            throw Downcalls.rethrown(thrown);
        }
    }

    /** Sets the size of a file. */
    public static int ftruncate(ErrnoCapture errno, int descriptor, long lengthBytes) {
        try {
            return errno.resultOf(
                    (int) Ftruncate.HANDLE.invokeExact(errno.segment(), descriptor, lengthBytes));
        } catch (Throwable thrown) {
            throw Downcalls.rethrown(thrown);
        }
    }

    /** Waits until a file and its size are on the disk. */
    public static int fsync(ErrnoCapture errno, int descriptor) {
        try {
            return errno.resultOf((int) Fsync.HANDLE.invokeExact(errno.segment(), descriptor));
        } catch (Throwable thrown) {
            throw Downcalls.rethrown(thrown);
        }
    }

    /** Waits until what reading a file back needs is on the disk. */
    public static int fdatasync(ErrnoCapture errno, int descriptor) {
        try {
            return errno.resultOf((int) Fdatasync.HANDLE.invokeExact(errno.segment(), descriptor));
        } catch (Throwable thrown) {
            throw Downcalls.rethrown(thrown);
        }
    }

    /**
     * Says how a file will be read. The C function returns errno instead of setting it; here it is
     * negated as everywhere.
     */
    public static int posix_fadvise(
            ErrnoCapture errno, int descriptor, long offset, long lengthBytes, int advice) {
        try {
            return -(int)
                    PosixFadvise.HANDLE.invokeExact(
                            errno.segment(), descriptor, offset, lengthBytes, advice);
        } catch (Throwable thrown) {
            throw Downcalls.rethrown(thrown);
        }
    }

    /** Reserves room on the disk; {@code mode} 0 also extends the file. */
    public static int fallocate(
            ErrnoCapture errno, int descriptor, int mode, long offset, long lengthBytes) {
        try {
            return errno.resultOf(
                    (int)
                            Fallocate.HANDLE.invokeExact(
                                    errno.segment(), descriptor, mode, offset, lengthBytes));
        } catch (Throwable thrown) {
            throw Downcalls.rethrown(thrown);
        }
    }

    /** Opens a file that is memory only: its descriptor. Allocates. */
    public static int memfd_create(ErrnoCapture errno, String name, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocateFrom(name);
            return errno.resultOf(
                    (int) MemfdCreate.HANDLE.invokeExact(errno.segment(), text, flags));
        } catch (Throwable thrown) {
            throw Downcalls.rethrown(thrown);
        }
    }

    private static final class Open {
        static final MethodHandle HANDLE =
                Downcalls.variadic(
                        linux_h.open.address(),
                        2,
                        FunctionDescriptor.of(
                                linux_h.C_INT, linux_h.C_POINTER, linux_h.C_INT, linux_h.C_INT));
    }

    private static final class Pread {
        static final MethodHandle HANDLE =
                Downcalls.capturing(linux_h.pread$address(), linux_h.pread$descriptor());
    }

    private static final class Pwrite {
        static final MethodHandle HANDLE =
                Downcalls.capturing(linux_h.pwrite$address(), linux_h.pwrite$descriptor());
    }

    private static final class Readv {
        static final MethodHandle HANDLE =
                Downcalls.capturing(linux_h.readv$address(), linux_h.readv$descriptor());
    }

    private static final class Writev {
        static final MethodHandle HANDLE =
                Downcalls.capturing(linux_h.writev$address(), linux_h.writev$descriptor());
    }

    private static final class Lseek {
        static final MethodHandle HANDLE =
                Downcalls.capturing(linux_h.lseek$address(), linux_h.lseek$descriptor());
    }

    private static final class Ftruncate {
        static final MethodHandle HANDLE =
                Downcalls.capturing(linux_h.ftruncate$address(), linux_h.ftruncate$descriptor());
    }

    private static final class Fsync {
        static final MethodHandle HANDLE =
                Downcalls.capturing(linux_h.fsync$address(), linux_h.fsync$descriptor());
    }

    private static final class Fdatasync {
        static final MethodHandle HANDLE =
                Downcalls.capturing(linux_h.fdatasync$address(), linux_h.fdatasync$descriptor());
    }

    private static final class PosixFadvise {
        static final MethodHandle HANDLE =
                Downcalls.capturing(
                        linux_h.posix_fadvise$address(), linux_h.posix_fadvise$descriptor());
    }

    private static final class Fallocate {
        static final MethodHandle HANDLE =
                Downcalls.capturing(
                        "fallocate",
                        FunctionDescriptor.of(
                                linux_h.C_INT,
                                linux_h.C_INT,
                                linux_h.C_INT,
                                linux_h.C_LONG,
                                linux_h.C_LONG));
    }

    private static final class MemfdCreate {
        static final MethodHandle HANDLE =
                Downcalls.capturing(
                        "memfd_create",
                        FunctionDescriptor.of(linux_h.C_INT, linux_h.C_POINTER, linux_h.C_INT));
    }
}
