package io.flowscope.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

import java.util.Locale;

/** A number of bytes such as 4096, 100kB, 100MB or 1GiB. */
final class SizeConverter implements ITypeConverter<Long> {
    @Override
    public Long convert(String text) {
        String lower = text.strip().toLowerCase(Locale.ROOT);
        int end = lower.length();
        while (end > 0 && Character.isLetter(lower.charAt(end - 1))) {
            end--;
        }
        long unit =
                switch (lower.substring(end)) {
                    case "", "b" -> 1L;
                    case "k", "kb" -> 1_000L;
                    case "m", "mb" -> 1_000_000L;
                    case "g", "gb" -> 1_000_000_000L;
                    case "kib" -> 1L << 10;
                    case "mib" -> 1L << 20;
                    case "gib" -> 1L << 30;
                    default -> 0L;
                };
        try {
            long bytes = Math.multiplyExact(Long.parseLong(lower.substring(0, end)), unit);
            if (bytes > 0) {
                return bytes;
            }
        } catch (NumberFormatException | ArithmeticException e) {
            throw problem(text);
        }
        throw problem(text);
    }

    private static TypeConversionException problem(String text) {
        return new TypeConversionException("'" + text + "' is no size such as 64kB, 100MB or 1GB");
    }
}
