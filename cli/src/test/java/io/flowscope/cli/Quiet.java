package io.flowscope.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Knows when a process has done all it can and waits for more. On a busy machine a thread that has
 * something to do waits as well, for a processor, but it does not sleep.
 */
final class Quiet {
    private static final int PATIENCE_SECONDS = 60;
    private static final int LOOKS = 6;
    private static final int LOOK_MILLIS = 10;

    private Quiet() {}

    /** Returns when all threads of a process have been asleep at all of some looks in a row. */
    static void await(Process process) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        for (int asleep = 0; asleep < LOOKS; ) {
            assertTrue(process.isAlive() && System.nanoTime() - end < 0, "does not wait");
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
            asleep = isAsleep(process.pid()) ? asleep + 1 : 0;
        }
    }

    private static boolean isAsleep(long pid) {
        try (Stream<Path> threads = Files.list(Path.of("/proc/" + pid + "/task"))) {
            List<Path> all = threads.toList();
            return all.stream().allMatch(thread -> state(thread) == 'S');
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** S is asleep; R runs or waits for a processor, D waits for a disk. */
    private static char state(Path thread) {
        try {
            String stat = Files.readString(thread.resolve("stat"));
            // Behind the name, which may have anything in it.
            return stat.charAt(stat.lastIndexOf(')') + 2);
        } catch (NoSuchFileException over) {
            return 'R';
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
