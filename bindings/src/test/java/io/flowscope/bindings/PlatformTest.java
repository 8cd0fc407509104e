package io.flowscope.bindings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.nio.ByteOrder;

class PlatformTest {
    private static final ByteOrder LITTLE = ByteOrder.LITTLE_ENDIAN;

    @Test
    void linuxOnEitherMachineIsSupported() {
        assertNull(Platform.causeOn("Linux", "amd64", LITTLE));
        assertNull(Platform.causeOn("Linux", "aarch64", LITTLE));
        assertTrue(Platform.isSupported());
        Platform.ensureSupported();
    }

    @Test
    void anythingElseIsRefusedWithASentence() {
        String needs = "native capture needs Linux on x86-64 or aarch64; this is ";
        assertEquals(
                needs + "Mac OS X on aarch64", Platform.causeOn("Mac OS X", "aarch64", LITTLE));
        assertEquals(needs + "Linux on riscv64", Platform.causeOn("Linux", "riscv64", LITTLE));
        assertEquals(
                needs + "Linux on aarch64, big endian",
                Platform.causeOn("Linux", "aarch64", ByteOrder.BIG_ENDIAN));
    }
}
