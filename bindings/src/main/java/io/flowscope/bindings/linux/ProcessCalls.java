package io.flowscope.bindings.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.BitSet;

/** What the process and its threads may do and use. */
public final class ProcessCalls {
    /** A mask of 8192 processors: what the kernel can be built for. */
    private static final int MASK_BYTES = 1024;

    private static final FunctionDescriptor AFFINITY =
            FunctionDescriptor.of(linux_h.C_INT, linux_h.C_INT, linux_h.C_LONG, linux_h.C_POINTER);

    private ProcessCalls() {}

    /** Lets a thread run on these processors only; 0 is the calling thread. Allocates. */
    public static int sched_setaffinity(ErrnoCapture errno, int thread, BitSet processors) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment mask = arena.allocate(MASK_BYTES, Long.BYTES);
            MemorySegment.copy(
                    processors.toByteArray(),
                    0,
                    mask,
                    ValueLayout.JAVA_BYTE,
                    0,
                    bytesOf(processors));
            return errno.resultOf(
                    (int)
                            SchedSetaffinity.HANDLE.invokeExact(
                                    errno.segment(), thread, (long) MASK_BYTES, mask));
        } catch (Throwable thrown) {
            throw Downcalls.rethrown(thrown);
        }
    }

    /**
     * Replaces a set by the processors that a thread may run on; 0 is the calling thread.
     * Allocates.
     */
    public static int sched_getaffinity(ErrnoCapture errno, int thread, BitSet processors) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment mask = arena.allocate(MASK_BYTES, Long.BYTES);
            int result =
                    errno.resultOf(
                            (int)
                                    SchedGetaffinity.HANDLE.invokeExact(
                                            errno.segment(), thread, (long) MASK_BYTES, mask));
            if (result >= 0) {
                processors.clear();
                processors.or(BitSet.valueOf(mask.asByteBuffer()));
            }
            return result;
        } catch (Throwable thrown) {
            throw Downcalls.rethrown(thrown);
        }
    }

    private static int bytesOf(BitSet processors) {
        int bytes = (processors.length() + Byte.SIZE - 1) / Byte.SIZE;
        if (bytes > MASK_BYTES) {
            throw new IllegalArgumentException(
                    "processor: at most %d, was %d"
                            .formatted(MASK_BYTES * Byte.SIZE - 1, processors.length() - 1));
        }
        return bytes;
    }

    /**
     * Asks or changes something of the calling thread; what the numbers mean depends on {@code
     * option}.
     */
    public static int prctl(
            ErrnoCapture errno, int option, long second, long third, long fourth, long fifth) {
        try {
            return errno.resultOf(
                    (int)
                            Prctl.HANDLE.invokeExact(
                                    errno.segment(), option, second, third, fourth, fifth));
        } catch (Throwable thrown) {
            throw Downcalls.rethrown(thrown);
        }
    }

    /** Reads the {@code rlimit} of a resource. */
    public static int getrlimit(ErrnoCapture errno, int resource, MemorySegment value) {
        try {
            return errno.resultOf(
                    (int) Getrlimit.HANDLE.invokeExact(errno.segment(), resource, value));
        } catch (Throwable thrown) {
            throw Downcalls.rethrown(thrown);
        }
    }

    /** Sets the {@code rlimit} of a resource. */
    public static int setrlimit(ErrnoCapture errno, int resource, MemorySegment value) {
        try {
            return errno.resultOf(
                    (int) Setrlimit.HANDLE.invokeExact(errno.segment(), resource, value));
        } catch (Throwable thrown) {
            throw Downcalls.rethrown(thrown);
        }
    }

    /** Reads a clock into a {@code timespec}. */
    public static int clock_gettime(ErrnoCapture errno, int clock, MemorySegment time) {
        try {
            return errno.resultOf(
                    (int) ClockGettime.HANDLE.invokeExact(errno.segment(), clock, time));
        } catch (Throwable thrown) {
            throw Downcalls.rethrown(thrown);
        }
    }

    private static final class SchedSetaffinity {
        static final MethodHandle HANDLE = Downcalls.capturing("sched_setaffinity", AFFINITY);
    }

    private static final class SchedGetaffinity {
        static final MethodHandle HANDLE = Downcalls.capturing("sched_getaffinity", AFFINITY);
    }

    private static final class Prctl {
        static final MethodHandle HANDLE =
                Downcalls.variadic(
                        linux_h.prctl.address(),
                        1,
                        FunctionDescriptor.of(
                                linux_h.C_INT,
                                linux_h.C_INT,
                                linux_h.C_LONG,
                                linux_h.C_LONG,
                                linux_h.C_LONG,
                                linux_h.C_LONG));
    }

    private static final class Getrlimit {
        static final MethodHandle HANDLE =
                Downcalls.capturing(linux_h.getrlimit$address(), linux_h.getrlimit$descriptor());
    }

    private static final class Setrlimit {
        static final MethodHandle HANDLE =
                Downcalls.capturing(linux_h.setrlimit$address(), linux_h.setrlimit$descriptor());
    }

    private static final class ClockGettime {
        static final MethodHandle HANDLE =
                Downcalls.capturing(
                        linux_h.clock_gettime$address(), linux_h.clock_gettime$descriptor());
    }
}
