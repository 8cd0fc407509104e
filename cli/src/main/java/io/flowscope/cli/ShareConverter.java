package io.flowscope.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A share from 0 to 1, also in percent: {@code 0.01} or {@code 1%}. */
final class ShareConverter implements ITypeConverter<Double> {
    @Override
    public Double convert(String text) {
        boolean percent = text.endsWith("%");
        try {
            double value =
                    Double.parseDouble(percent ? text.substring(0, text.length() - 1) : text);
            double share = percent ? value / 100 : value;
            if (share >= 0 && share <= 1) {
                return share;
            }
        } catch (NumberFormatException e) {
            throw problem(text);
        }
        throw problem(text);
    }

    private static TypeConversionException problem(String text) {
        return new TypeConversionException(
                "'" + text + "' is no share from 0 to 1, such as 0.01 or 1%");
    }
}
