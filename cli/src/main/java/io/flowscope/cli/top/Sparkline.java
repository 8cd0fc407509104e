package io.flowscope.cli.top;

import java.util.Arrays;

/** A series of numbers as one line of bars. */
final class Sparkline {
    private static final String BLOCKS = " ▁▂▃▄▅▆▇█";
    private static final String ASCII = " .:-=+*#@";

    private Sparkline() {}

    /**
     * As many bars as there are numbers or room, the latest one last, the highest as high as can
     * be; only nothing has no bar.
     *
     * @param whole the whole series is squeezed into the width; else only its end is shown
     */
    static String of(long[] values, int width, boolean whole, boolean unicode) {
        long[] shown = whole ? squeezed(values, width) : latest(values, width);
        long highest = Arrays.stream(shown).max().orElse(0);
        String bars = unicode ? BLOCKS : ASCII;
        StringBuilder line = new StringBuilder(shown.length);
        for (long value : shown) {
            line.append(bars.charAt(height(value, highest, bars.length() - 1)));
        }
        return line.toString();
    }

    private static int height(long value, long highest, int levels) {
        if (value <= 0) {
            return 0;
        }
        return (int) Math.max(1, Math.round((double) value / highest * levels));
    }

    private static long[] latest(long[] values, int width) {
        int from = Math.max(0, values.length - Math.max(0, width));
        return Arrays.copyOfRange(values, from, values.length);
    }

    private static long[] squeezed(long[] values, int width) {
        if (values.length <= width) {
            return values;
        }
        long[] means = new long[Math.max(0, width)];
        for (int i = 0; i < means.length; i++) {
            int from = (int) ((long) i * values.length / width);
            int to = (int) ((i + 1L) * values.length / width);
            // Some have one number more than others: the mean, rounded so that only nothing is 0.
            long sum = Arrays.stream(values, from, to).sum();
            means[i] = Math.ceilDiv(sum, to - from);
        }
        return means;
    }
}
