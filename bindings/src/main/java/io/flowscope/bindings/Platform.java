package io.flowscope.bindings;

import java.nio.ByteOrder;
import java.util.Locale;

/**
 * The platforms whose memory layouts the committed bindings describe: 64-bit Linux on x86-64 and
 * aarch64, both little endian. The generated layouts are the same for both, and wrong for any
 * other.
 */
public final class Platform {
    private Platform() {}

    /** Whether the bindings describe this platform. */
    public static boolean isSupported() {
        String arch = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
        return System.getProperty("os.name", "").equals("Linux")
                && (arch.equals("amd64") || arch.equals("x86_64") || arch.equals("aarch64"))
                && ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
    }
}
