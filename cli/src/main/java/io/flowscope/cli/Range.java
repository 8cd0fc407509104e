package io.flowscope.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Two whole numbers, both included, as {@code 64-256}; one number is both. */
record Range(int least, int most) {
    /** Reads one from the command line. */
    static final class Converter implements ITypeConverter<Range> {
        @Override
        public Range convert(String text) {
            int dash = text.indexOf('-');
            try {
                return dash < 0
                        ? new Range(Integer.parseInt(text), Integer.parseInt(text))
                        : new Range(
                                Integer.parseInt(text.substring(0, dash)),
                                Integer.parseInt(text.substring(dash + 1)));
            } catch (NumberFormatException e) {
                throw new TypeConversionException(
                        "'" + text + "' is neither a number of bytes nor a range such as 64-256");
            }
        }
    }
}
