package io.flowscope.cli.top;

import java.util.Locale;

/** Numbers in at most five characters, for the columns of a table. */
final class Compact {
    private static final String UNITS = "kMGTPE";
    private static final long SECOND_NANOS = 1_000_000_000;

    private Compact() {}

    /** Such as "0", "999", "1.2k", "12.3k", "123k", "1.2M"; "-" if negative. */
    static String number(long number) {
        if (number < 0) {
            return "-";
        }
        if (number < 1000) {
            return Long.toString(number);
        }
        double value = number / 1e3;
        int unit = 0;
        while (value >= 999.5 && unit < UNITS.length() - 1) {
            value /= 1000;
            unit++;
        }
        return digits(value) + UNITS.charAt(unit);
    }

    /** Such as "0us", "850us", "1.2ms", "123ms", "1.2s", "2.5m"; minutes are the longest. */
    static String latency(long nanos) {
        double micros = nanos / 1e3;
        if (micros < 999.5) {
            return Math.round(micros) + "us";
        }
        if (micros < 999_500) {
            double millis = micros / 1e3;
            return (millis < 9.95 ? digits(millis) : Math.round(millis) + "") + "ms";
        }
        double seconds = micros / 1e6;
        return seconds < 999.5 ? digits(seconds) + "s" : ">999s";
    }

    /** Such as "0s", "59s", "1m05", "59m59", "1h05", "99h59", "4d", "9999d". */
    static String age(long nanos) {
        long seconds = Math.max(0, nanos) / SECOND_NANOS;
        if (seconds < 60) {
            return seconds + "s";
        }
        if (seconds < 3600) {
            return String.format(Locale.ROOT, "%dm%02d", seconds / 60, seconds % 60);
        }
        long minutes = seconds / 60;
        if (minutes < 6000) {
            return String.format(Locale.ROOT, "%dh%02d", minutes / 60, minutes % 60);
        }
        return Math.min(9999, minutes / 1440) + "d";
    }

    private static String digits(double value) {
        return value < 99.95
                ? String.format(Locale.ROOT, "%.1f", value)
                : Long.toString(Math.round(value));
    }
}
