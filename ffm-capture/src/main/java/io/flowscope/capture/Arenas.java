package io.flowscope.capture;

import java.lang.foreign.Arena;

/** Closing of shared arenas. */
final class Arenas {
    private static final int RETRY_MILLIS = 10;

    private Arenas() {}

    /**
     * Closes an arena, or if somebody's native call holds its memory just now, closes it once the
     * call is over.
     */
    static void close(Arena arena) {
        if (!tryClose(arena)) {
            Thread.ofPlatform().daemon().name("flowscope-free").start(() -> closeLater(arena));
        }
    }

    private static boolean tryClose(Arena arena) {
        try {
            arena.close();
            return true;
        } catch (IllegalStateException held) {
            return !arena.scope().isAlive();
        }
    }

    private static void closeLater(Arena arena) {
        try {
            do {
                Thread.sleep(RETRY_MILLIS);
            } while (!tryClose(arena));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
