package io.flowscope.tracker;

/**
 * A distribution in five numbers.
 *
 * @param count how many values
 * @param mean their average, 0 without values
 * @param variance their variance (of the population), 0 without values
 * @param min the smallest, 0 without values
 * @param max the largest, 0 without values
 */
public record Distribution(long count, double mean, double variance, long min, long max) {
    /** No values. */
    public static final Distribution NONE = new Distribution(0, 0, 0, 0, 0);

    /** The square root of the variance. */
    public double deviation() {
        return Math.sqrt(variance);
    }
}
