package io.flowscope.bindings.linux;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/**
 * Handles on functions of the C library that take errno along; their first parameter is the segment
 * of an {@link ErrnoCapture}. Linking one takes about a millisecond, so each is kept in a holder
 * class that is initialised by the first call.
 */
final class Downcalls {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");
    private static final SymbolLookup C_LIBRARY = LINKER.defaultLookup();

    private Downcalls() {}

    /** A handle on a function whose prototype jextract saw. */
    static MethodHandle capturing(MemorySegment address, FunctionDescriptor descriptor) {
        return LINKER.downcallHandle(address, descriptor, ERRNO);
    }

    /** A handle on a function whose prototype is out of jextract's sight. */
    static MethodHandle capturing(String name, FunctionDescriptor descriptor) {
        MemorySegment address =
                C_LIBRARY.find(name).orElseThrow(() -> new UnsatisfiedLinkError(name));
        return LINKER.downcallHandle(address, descriptor, ERRNO);
    }

    /** A handle on one shape of a variadic function. */
    static MethodHandle variadic(
            MemorySegment address, int fixedArguments, FunctionDescriptor descriptor) {
        Linker.Option firstVariadic = Linker.Option.firstVariadicArg(fixedArguments);
        return LINKER.downcallHandle(address, descriptor, ERRNO, firstVariadic);
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
}
