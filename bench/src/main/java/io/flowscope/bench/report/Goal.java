package io.flowscope.bench.report;

import java.util.Locale;
import java.util.Optional;

/**
 * Something to be reached, and where we are.
 *
 * @param text what
 * @param bound how much
 * @param measured the figure, and whether it reaches the bound; or why there is none
 */
record Goal(String text, String bound, String measured) {
    private static final String NOTHING = "–";

    /** No more than a bound. */
    static Goal most(String text, double bound, String unit, Optional<Double> measured) {
        return new Goal(
                text,
                "≤ " + number(bound) + unit,
                measured.map(m -> judged(number(m) + unit, m <= bound)).orElse(NOTHING));
    }

    /** No less than a bound. */
    static Goal least(String text, double bound, String unit, Optional<Double> measured) {
        return new Goal(
                text,
                "≥ " + number(bound) + unit,
                measured.map(m -> judged(number(m) + unit, m >= bound)).orElse(NOTHING));
    }

    /** A figure that is words. */
    static Goal words(String text, String bound, Optional<String> measured) {
        return new Goal(text, bound, measured.orElse(NOTHING));
    }

    /** A figure with the mark that it is good enough, or not. */
    static String judged(String figure, boolean reached) {
        return figure + (reached ? " ✓" : " ✗");
    }

    private static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e6
                ? Long.toString((long) value)
                : String.format(Locale.ROOT, Math.abs(value) < 10 ? "%.2f" : "%.1f", value);
    }
}
