package io.flowscope.bindings;

import org.jspecify.annotations.Nullable;

import java.nio.ByteOrder;
import java.util.Locale;

/**
 * The platforms whose memory layouts the committed bindings describe: 64-bit Linux on x86-64 and
 * aarch64, both little endian. The generated layouts are the same for both, and wrong for any
 * other.
 */
public final class Platform {
    private static final @Nullable String CAUSE =
            causeOn(
                    System.getProperty("os.name", ""),
                    System.getProperty("os.arch", ""),
                    ByteOrder.nativeOrder());

    private Platform() {}

    /** Whether the bindings describe this platform. */
    public static boolean isSupported() {
        return CAUSE == null;
    }

    /** Why the bindings do not describe this platform, or null if they do. */
    public static @Nullable String unsupportedCause() {
        return CAUSE;
    }

    /** Returns on a supported platform and throws, with the cause, on any other. */
    public static void ensureSupported() {
        if (CAUSE != null) {
            throw new UnsupportedOperationException(CAUSE);
        }
    }

    /** Whether this is aarch64; its system call numbers are not those of x86-64. */
    public static boolean isAarch64() {
        return System.getProperty("os.arch", "").equals("aarch64");
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
}
