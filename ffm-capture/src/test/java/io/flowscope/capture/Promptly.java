package io.flowscope.capture;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;

/**
 * Bounds on time. On a busy machine anybody is kept waiting now and then, and so one of a few
 * attempts is enough; what is slow by itself is slow in all of them.
 */
final class Promptly {
    private static final int ATTEMPTS = 6;

    /** Does it once more; how many milliseconds that took. */
    interface Attempt {
        double millis() throws Exception;
    }

    private Promptly() {}

    static void within(double mostMillis, Attempt attempt) throws Exception {
        between(0, mostMillis, attempt);
    }

    static void between(double leastMillis, double mostMillis, Attempt attempt) throws Exception {
        List<Double> took = new ArrayList<>();
        boolean kept = false;
        while (!kept && took.size() < ATTEMPTS) {
            double millis = attempt.millis();
            took.add(millis);
            kept = millis >= leastMillis && millis < mostMillis;
        }
        assertTrue(
                kept,
                () -> "never " + leastMillis + " to " + mostMillis + " ms, took " + took + " ms");
    }

    /** Milliseconds since a time of {@link System#nanoTime}. */
    static double since(long nanos) {
        return (System.nanoTime() - nanos) / 1e6;
    }
}
