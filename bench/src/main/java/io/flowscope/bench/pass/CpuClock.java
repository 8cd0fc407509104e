package io.flowscope.bench.pass;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * CPU time of this process to the nanosecond: the calling thread's from its own clock, that of all
 * others (compiler, collector) from the scheduler's books. The JDK's own figure for the process
 * moves in steps of 10 ms. Time of threads that have ended is missing; the JVM's are told to stay
 * by the options that {@code compare} starts it with.
 */
public final class CpuClock {
    private static final Path THREADS = Path.of("/proc/self/task");

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final Path own = ownBooks();

    private static Path ownBooks() {
        try {
            // A link to PID/task/TID.
            Path self = Path.of("/proc/thread-self").toRealPath();
            return THREADS.resolve(self.getFileName());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** CPU time of all threads so far; only for the thread that made this clock. */
    public long processNanos() {
        long sum = threadNanos();
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(THREADS)) {
            for (Path folder : folders) {
                if (!folder.equals(own)) {
                    sum += nanos(folder);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return sum;
    }

    /** CPU time of the calling thread so far. */
    public long threadNanos() {
        return threads.getCurrentThreadCpuTime();
    }

    private static long nanos(Path folder) {
        try {
            String books = Files.readString(folder.resolve("schedstat"));
            return Long.parseLong(books.substring(0, books.indexOf(' ')));
        } catch (IOException e) {
            return 0; // the thread has ended meanwhile
        }
    }
}
