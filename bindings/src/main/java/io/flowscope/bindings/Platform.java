package io.flowscope.bindings;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.Locale;

/**
 * Whether native code can be called at all. The committed layouts describe 64-bit Linux on x86-64
 * and aarch64, both little endian; they are the same for both, and wrong for any other. And the JVM
 * may deny native access.
 */
public final class Platform {
    private static final @Nullable String CAUSE = cause();

    private Platform() {}

    /** Whether native code can be called. */
    public static boolean isSupported() {
        return CAUSE == null;
    }

    /** Why native code cannot be called, with what to do about it, or null if it can. */
    public static @Nullable String unsupportedCause() {
        return CAUSE;
    }

    /** Returns if native code can be called and throws, with the cause, if not. */
    public static void ensureSupported() {
        if (CAUSE != null) {
            throw new UnsupportedOperationException(CAUSE);
        }
    }

    /** Whether this is aarch64: its system call numbers are not those of x86-64. */
    public static boolean isAarch64() {
        return System.getProperty("os.arch", "").equals("aarch64");
    }

    private static @Nullable String cause() {
        String unknown =
                causeOn(
                        System.getProperty("os.name", ""),
                        System.getProperty("os.arch", ""),
                        ByteOrder.nativeOrder());
        return unknown != null ? unknown : causeOfDenial();
    }

    static @Nullable String causeOn(String os, String arch, ByteOrder order) {
        String machine = arch.toLowerCase(Locale.ROOT);
        boolean known =
                machine.equals("amd64") || machine.equals("x86_64") || machine.equals("aarch64");
        if (os.equals("Linux") && known && order == ByteOrder.LITTLE_ENDIAN) {
            return null;
        }
        return "native capture needs Linux on x86-64 or aarch64; this is %s on %s%s"
                .formatted(os, arch, order == ByteOrder.BIG_ENDIAN ? ", big endian" : "");
    }

    /** Tries a restricted call that does nothing: which options deny one differs by JDK. */
    private static @Nullable String causeOfDenial() {
        try {
            MemorySegment probe = MemorySegment.NULL.reinterpret(0);
            assert probe.address() == 0;
            return null;
        } catch (IllegalCallerException denied) {
            Module module = Platform.class.getModule();
            return "the JVM denies native access: add --enable-native-access=%s"
                    .formatted(module.isNamed() ? module.getName() : "ALL-UNNAMED");
        }
    }
}
