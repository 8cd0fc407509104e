package io.flowscope.capture;

import static org.junit.jupiter.api.Assertions.fail;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what other threads and the kernel bring about. */
final class Eventually {
    private static final long LIMIT_NANOS = 10_000_000_000L;

    private Eventually() {}

    static void holds(String what, BooleanSupplier condition) {
        long begin = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - begin > LIMIT_NANOS) {
                fail("never came true: " + what);
            }
            LockSupport.parkNanos(500_000);
        }
    }
}
