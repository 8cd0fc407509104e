package io.flowscope.bindings.zstd;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.flowscope.bindings.memory.Pointers;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** Decompresses a stream of frames, one after the other. For one thread at a time. */
public final class ZstdDecoder {
    private final MemorySegment stream;

    private ZstdDecoder(MemorySegment stream) {
        this.stream = stream;
    }

    /** A stream that is freed when the arena closes. */
    public static ZstdDecoder open(Arena arena) {
        Zstd.ensureAvailable();
        try {
            MemorySegment created = (MemorySegment) Create.HANDLE.invokeExact();
            if (Pointers.isNull(created)) {
                throw new OutOfMemoryError("ZSTD_createDStream");
            }
            return new ZstdDecoder(Pointers.owned(created, 0, arena, ZstdDecoder::free));
        } catch (Throwable thrown) {
            throw Zstd.rethrown(thrown);
        }
    }

    /** How much input it likes to get at once. */
    public static long inputBytes() {
        try {
            return (long) InputBytes.HANDLE.invokeExact();
        } catch (Throwable thrown) {
            throw Zstd.rethrown(thrown);
        }
    }

    /** How much room in the output lets it hand out any block at once. */
    public static long outputBytes() {
        try {
            return (long) OutputBytes.HANDLE.invokeExact();
        } catch (Throwable thrown) {
            throw Zstd.rethrown(thrown);
        }
    }

    /**
     * Decompresses from where the input stands to where the output stands, until one is used up.
     *
     * @return 0 at the end of a frame with all of it handed out; positive: there is more to come,
     *     from the input if some room was left in the output; negative: an error, see {@link
     *     Zstd#errorName}
     */
    public long decode(ZstdBuffers buffers) {
        try {
            return (long)
                    Decompress.HANDLE.invokeExact(
                            stream, buffers.out(), buffers.in(), buffers.output(), buffers.input());
        } catch (Throwable thrown) {
            throw Zstd.rethrown(thrown);
        }
    }

    private static void free(MemorySegment stream) {
        try {
            long result = (long) Free.HANDLE.invokeExact(stream);
            assert result == 0 : Zstd.errorName(result);
        } catch (Throwable thrown) {
            throw Zstd.rethrown(thrown);
        }
    }

    private static final class Create {
        static final MethodHandle HANDLE = Zstd.downcall("ZSTD_createDStream", ADDRESS);
    }

    private static final class InputBytes {
        static final MethodHandle HANDLE = Zstd.downcall("ZSTD_DStreamInSize", JAVA_LONG);
    }

    private static final class OutputBytes {
        static final MethodHandle HANDLE = Zstd.downcall("ZSTD_DStreamOutSize", JAVA_LONG);
    }

    private static final class Decompress {
        /**
         * The function takes three arguments. The other two stay in registers that it ignores; they
         * are there so that the JVM keeps both memories from being closed during the call.
         */
        static final MethodHandle HANDLE =
                Zstd.downcall(
                        "ZSTD_decompressStream",
                        JAVA_LONG,
                        ADDRESS,
                        ADDRESS,
                        ADDRESS,
                        ADDRESS,
                        ADDRESS);
    }

    private static final class Free {
        static final MethodHandle HANDLE = Zstd.downcall("ZSTD_freeDStream", JAVA_LONG, ADDRESS);
    }
}
