package io.flowscope.bindings.zstd;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.flowscope.bindings.memory.Pointers;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** Compresses into one frame after the other. For one thread at a time. */
public final class ZstdEncoder {
    static final int ZSTD_C_COMPRESSION_LEVEL = 100;
    static final int ZSTD_C_CHECKSUM_FLAG = 201;

    private final MemorySegment stream;

    private ZstdEncoder(MemorySegment stream) {
        this.stream = stream;
    }

    /** What to do with what was taken in: {@code ZSTD_EndDirective}. */
    public enum Directive {
        /** Hand out when it pays. */
        CONTINUE(0),
        /** Hand out all of it, so that a reader gets it. */
        FLUSH(1),
        /** Hand out all of it and end the frame. */
        END(2);

        final int number;

        Directive(int number) {
            this.number = number;
        }
    }

    /**
     * A stream that writes frames with a checksum and is freed when the arena closes.
     *
     * @param level 1 to 22, 0 is libzstd's own choice, below 0 is faster still; beyond what libzstd
     *     has, its nearest
     */
    public static ZstdEncoder open(Arena arena, int level) {
        Zstd.ensureAvailable();
        try {
            MemorySegment created = (MemorySegment) Create.HANDLE.invokeExact();
            if (Pointers.isNull(created)) {
                throw new OutOfMemoryError("ZSTD_createCStream");
            }
            ZstdEncoder encoder =
                    new ZstdEncoder(Pointers.owned(created, 0, arena, ZstdEncoder::free));
            encoder.set(ZSTD_C_COMPRESSION_LEVEL, level);
            encoder.set(ZSTD_C_CHECKSUM_FLAG, 1);
            return encoder;
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
     * Compresses from where the input stands to where the output stands.
     *
     * @return with FLUSH and END 0 when all is handed out, otherwise how much is still inside;
     *     negative: an error, see {@link Zstd#errorName}
     */
    public long encode(ZstdBuffers buffers, Directive directive) {
        try {
            return (long)
                    Compress.HANDLE.invokeExact(
                            stream,
                            buffers.out(),
                            buffers.in(),
                            directive.number,
                            buffers.output(),
                            buffers.input());
        } catch (Throwable thrown) {
            throw Zstd.rethrown(thrown);
        }
    }

    private void set(int parameter, int value) throws Throwable {
        long result = (long) SetParameter.HANDLE.invokeExact(stream, parameter, value);
        if (result < 0) {
            throw new IllegalArgumentException(Zstd.errorName(result));
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
        static final MethodHandle HANDLE = Zstd.downcall("ZSTD_createCStream", ADDRESS);
    }

    private static final class InputBytes {
        static final MethodHandle HANDLE = Zstd.downcall("ZSTD_CStreamInSize", JAVA_LONG);
    }

    private static final class OutputBytes {
        static final MethodHandle HANDLE = Zstd.downcall("ZSTD_CStreamOutSize", JAVA_LONG);
    }

    private static final class SetParameter {
        static final MethodHandle HANDLE =
                Zstd.downcall("ZSTD_CCtx_setParameter", JAVA_LONG, ADDRESS, JAVA_INT, JAVA_INT);
    }

    private static final class Compress {
        /**
         * The function takes four arguments. The other two stay in registers that it ignores; they
         * are there so that the JVM keeps both memories from being closed during the call.
         */
        static final MethodHandle HANDLE =
                Zstd.downcall(
                        "ZSTD_compressStream2",
                        JAVA_LONG,
                        ADDRESS,
                        ADDRESS,
                        ADDRESS,
                        JAVA_INT,
                        ADDRESS,
                        ADDRESS);
    }

    private static final class Free {
        static final MethodHandle HANDLE = Zstd.downcall("ZSTD_freeCStream", JAVA_LONG, ADDRESS);
    }
}
