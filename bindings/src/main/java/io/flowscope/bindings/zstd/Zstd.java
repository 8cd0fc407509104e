package io.flowscope.bindings.zstd;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.flowscope.bindings.NativeLibrary;
import io.flowscope.bindings.memory.Pointers;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.List;

/** Whether libzstd is there, and what it says of its errors. */
public final class Zstd {
    private static final NativeLibrary LIBRARY =
            new NativeLibrary(
                    "libzstd",
                    "flowscope.libzstd",
                    List.of("libzstd.so.1"),
                    "ZSTD_compressStream2",
                    "install the package libzstd1 (Debian, Ubuntu), libzstd (Fedora) or zstd-libs"
                            + " (Alpine)");

    private Zstd() {}

    /** Whether it can be called. */
    public static boolean isAvailable() {
        return LIBRARY.isAvailable();
    }

    /** Why it cannot be called, with what to do about it, or null if it can. */
    public static @Nullable Throwable unavailabilityCause() {
        return LIBRARY.unavailabilityCause();
    }

    /** Returns if it can be called, throws UnsatisfiedLinkError with the cause if not. */
    public static void ensureAvailable() {
        LIBRARY.ensureAvailable();
    }

    /** What a negative result of a stream means. */
    public static String errorName(long result) {
        try {
            return Pointers.requiredText((MemorySegment) ErrorName.HANDLE.invokeExact(result));
        } catch (Throwable thrown) {
            throw rethrown(thrown);
        }
    }

    /**
     * A handle on one of its functions. A {@code size_t} that is an error is negative as a Java
     * long, which is what {@code ZSTD_isError} tests: error codes are the highest values.
     */
    static MethodHandle downcall(String name, MemoryLayout result, MemoryLayout... parameters) {
        MemorySegment address =
                LIBRARY.find(name).orElseThrow(() -> new UnsatisfiedLinkError(name));
        return Linker.nativeLinker()
                .downcallHandle(address, FunctionDescriptor.of(result, parameters));
    }

    /** What a handle throws of itself: a closed arena, a wrong thread, a bad segment. */
    static RuntimeException rethrown(Throwable thrown) {
        if (thrown instanceof RuntimeException runtime) {
            return runtime;
        }
        if (thrown instanceof Error error) {
            throw error;
        }
        throw new AssertionError("a downcall throws nothing checked", thrown);
    }

    private static final class ErrorName {
        static final MethodHandle HANDLE = downcall("ZSTD_getErrorName", ADDRESS, JAVA_LONG);
    }
}
