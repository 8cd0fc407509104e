package io.flowscope.cli.output;

import java.util.Locale;

/** Numbers with units for people; never for programs. */
public final class HumanText {
    private static final String[] BYTE_UNITS = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};

    private HumanText() {}

    /** Such as "999 B", "1.5 kB", "23 MB": at most three digits before the unit. */
    public static String bytes(long bytes) {
        double value = bytes;
        int unit = 0;
        while (value >= 999.5 && unit < BYTE_UNITS.length - 1) {
            value /= 1_000;
            unit++;
        }
        return (unit == 0 ? Long.toString(bytes) : short3(value)) + " " + BYTE_UNITS[unit];
    }

    /** Such as "850 ns", "12 µs", "1.5 ms", "59.9 s", "2 m 5 s", "3 h 20 m", "4 d 2 h". */
    public static String duration(long nanos) {
        if (nanos < 1_000) {
            return nanos + " ns";
        }
        if (nanos < 999_500) {
            return short3(nanos / 1e3) + " µs";
        }
        if (nanos < 999_500_000) {
            return short3(nanos / 1e6) + " ms";
        }
        if (nanos < 59_950_000_000L) {
            return short3(nanos / 1e9) + " s";
        }
        long seconds = Math.round(nanos / 1e9);
        if (seconds < 3_600) {
            return seconds / 60 + " m " + seconds % 60 + " s";
        }
        long minutes = seconds / 60;
        if (minutes < 1_440) {
            return minutes / 60 + " h " + minutes % 60 + " m";
        }
        return minutes / 1_440 + " d " + minutes / 60 % 24 + " h";
    }

    /** Whole numbers in groups of three digits. */
    public static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private static String short3(double value) {
        return value < 9.95
                ? String.format(Locale.ROOT, "%.1f", value)
                : Long.toString(Math.round(value));
    }
}
