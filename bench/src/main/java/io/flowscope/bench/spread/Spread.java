package io.flowscope.bench.spread;

import java.util.Arrays;
import java.util.Random;

/**
 * Some measurements of the same thing.
 *
 * @param median the middle one
 * @param low the lower quartile
 * @param high the upper quartile
 * @param count how many there are
 */
public record Spread(double median, double low, double high, int count) {
    private static final int RESAMPLES = 2_000;

    /** Of at least one value. */
    public static Spread of(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return new Spread(
                quantile(sorted, 0.5),
                quantile(sorted, 0.25),
                quantile(sorted, 0.75),
                sorted.length);
    }

    /**
     * The median of values with the interval that holds it with 95 % confidence: quantiles of the
     * medians of samples drawn from the values again and again, always the same draws.
     */
    public static Spread confidence(double... values) {
        Random random = new Random(95);
        double[] medians = new double[RESAMPLES];
        double[] drawn = new double[values.length];
        for (int i = 0; i < RESAMPLES; i++) {
            for (int j = 0; j < drawn.length; j++) {
                drawn[j] = values[random.nextInt(values.length)];
            }
            Arrays.sort(drawn);
            medians[i] = quantile(drawn, 0.5);
        }
        Arrays.sort(medians);
        return new Spread(
                of(values).median,
                quantile(medians, 0.025),
                quantile(medians, 0.975),
                values.length);
    }

    /** Between the two neighbours where it falls between them. */
    private static double quantile(double[] sorted, double share) {
        double at = share * (sorted.length - 1);
        int below = (int) at;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
    }
}
