package io.flowscope.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

import java.time.Duration;
import java.util.Locale;

/** How long flows may be idle, as {@code tcp=300s,udp=60s,other=30s}; what is left out stays. */
record IdleTimes(Duration tcp, Duration udp, Duration other) {
    static final IdleTimes DEFAULT =
            new IdleTimes(Duration.ofSeconds(300), Duration.ofSeconds(60), Duration.ofSeconds(30));

    /** A number with ms, s, m or h behind it; seconds if nothing is. */
    static Duration duration(String text) {
        String lower = text.strip().toLowerCase(Locale.ROOT);
        int end = lower.length();
        while (end > 0 && Character.isLetter(lower.charAt(end - 1))) {
            end--;
        }
        try {
            long number = Long.parseLong(lower.substring(0, end));
            Duration duration =
                    switch (lower.substring(end)) {
                        case "ms" -> Duration.ofMillis(number);
                        case "", "s" -> Duration.ofSeconds(number);
                        case "m", "min" -> Duration.ofMinutes(number);
                        case "h" -> Duration.ofHours(number);
                        default -> Duration.ZERO;
                    };
            if (duration.isPositive()) {
                return duration;
            }
        } catch (NumberFormatException | ArithmeticException e) {
            throw problem(text);
        }
        throw problem(text);
    }

    private static TypeConversionException problem(String text) {
        return new TypeConversionException(
                "'" + text + "' is no time such as 500ms, 30s, 5m or 1h");
    }

    /** Reads them from the command line. */
    static final class Converter implements ITypeConverter<IdleTimes> {
        @Override
        public IdleTimes convert(String text) {
            IdleTimes times = DEFAULT;
            for (String part : text.split(",", -1)) {
                int equals = part.indexOf('=');
                String name = equals < 0 ? "" : part.substring(0, equals).strip();
                Duration time = duration(part.substring(equals + 1));
                times =
                        switch (name) {
                            case "tcp" -> new IdleTimes(time, times.udp, times.other);
                            case "udp" -> new IdleTimes(times.tcp, time, times.other);
                            case "other" -> new IdleTimes(times.tcp, times.udp, time);
                            default ->
                                    throw new TypeConversionException(
                                            "'"
                                                    + part
                                                    + "' does not begin with tcp=, udp= or"
                                                    + " other=");
                        };
            }
            return times;
        }
    }
}
