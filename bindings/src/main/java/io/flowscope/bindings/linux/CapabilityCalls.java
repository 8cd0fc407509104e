package io.flowscope.bindings.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** What the calling thread is allowed to do without being root. */
public final class CapabilityCalls {
    private static final FunctionDescriptor HEADER_AND_WORDS =
            FunctionDescriptor.of(linux_h.C_INT, linux_h.C_POINTER, linux_h.C_POINTER);

    private CapabilityCalls() {}

    /**
     * The capabilities that the calling thread can use now, bit n for capability n; negated errno
     * on failure. Allocates.
     */
    public static long effective(ErrnoCapture errno) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment header = __user_cap_header_struct.allocate(arena);
            __user_cap_header_struct.version(header, linux_h._LINUX_CAPABILITY_VERSION_3());
            MemorySegment words =
                    __user_cap_data_struct.allocateArray(linux_h._LINUX_CAPABILITY_U32S_3(), arena);
            int result = capget(errno, header, words);
            if (result < 0) {
                return result;
            }
            int low = __user_cap_data_struct.effective(__user_cap_data_struct.asSlice(words, 0));
            int high = __user_cap_data_struct.effective(__user_cap_data_struct.asSlice(words, 1));
            return ((long) high << Integer.SIZE) | Integer.toUnsignedLong(low);
        }
    }

    /** Whether a mask has a capability, such as {@code linux_h.CAP_NET_RAW()}. */
    public static boolean contains(long mask, int capability) {
        return mask >= 0 && ((mask >>> capability) & 1) != 0;
    }

    /** Reads the capabilities of a thread, two {@code __user_cap_data_struct} in version 3. */
    public static int capget(ErrnoCapture errno, MemorySegment header, MemorySegment words) {
        try {
            return errno.resultOf((int) Capget.HANDLE.invokeExact(errno.segment(), header, words));
        } catch (Throwable thrown) {
            throw Downcalls.rethrown(thrown);
        }
    }

    /** Sets the capabilities of the calling thread. */
    public static int capset(ErrnoCapture errno, MemorySegment header, MemorySegment words) {
        try {
            return errno.resultOf((int) Capset.HANDLE.invokeExact(errno.segment(), header, words));
        } catch (Throwable thrown) {
            throw Downcalls.rethrown(thrown);
        }
    }

    private static final class Capget {
        static final MethodHandle HANDLE = Downcalls.capturing("capget", HEADER_AND_WORDS);
    }

    private static final class Capset {
        static final MethodHandle HANDLE = Downcalls.capturing("capset", HEADER_AND_WORDS);
    }
}
