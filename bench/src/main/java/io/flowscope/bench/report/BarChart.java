package io.flowscope.bench.report;

import io.flowscope.bench.spread.Spread;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Horizontal bars with the quartiles as a line, as an SVG picture. What is far beyond the others is
 * cut and says its number.
 */
final class BarChart {
    private static final int LABEL_WIDTH = 170;
    private static final int BAR_WIDTH = 420;
    private static final int ROW_HEIGHT = 24;
    private static final int TOP = 34;

    private record Bar(String name, Spread spread, String color) {}

    private final String title;
    private final List<Bar> bars = new ArrayList<>();

    BarChart(String title) {
        this.title = title;
    }

    BarChart bar(String name, Spread spread, String color) {
        bars.add(new Bar(name, spread, color));
        return this;
    }

    boolean isEmpty() {
        return bars.isEmpty();
    }

    /** The picture; {@code most} is the longest bar that is drawn to scale. */
    String draw(double most) {
        int height = TOP + bars.size() * ROW_HEIGHT + 10;
        StringBuilder svg = new StringBuilder();
        svg.append(
                format(
                        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\""
                                + " font-family=\"sans-serif\" font-size=\"12\">%n"
                                + "<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>%n"
                                + "<text x=\"8\" y=\"20\" font-weight=\"bold\">%s</text>%n",
                        LABEL_WIDTH + BAR_WIDTH + 90, height, escaped(title)));
        int y = TOP;
        for (Bar bar : bars) {
            row(svg, bar, y, BAR_WIDTH / most);
            y += ROW_HEIGHT;
        }
        return svg.append("</svg>\n").toString();
    }

    private static void row(StringBuilder svg, Bar bar, int y, double scale) {
        double length = Math.min(bar.spread.median() * scale, BAR_WIDTH);
        boolean cut = bar.spread.median() * scale > BAR_WIDTH;
        svg.append(
                format(
                        "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>%n<rect x=\"%d\""
                                + " y=\"%d\" width=\"%.1f\" height=\"16\" fill=\"%s\"/>%n",
                        LABEL_WIDTH - 6,
                        y + 13,
                        escaped(bar.name),
                        LABEL_WIDTH,
                        y,
                        length,
                        bar.color));
        if (!cut) {
            svg.append(
                    format(
                            "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\""
                                    + " stroke=\"black\"/>%n",
                            LABEL_WIDTH + Math.min(bar.spread.low() * scale, BAR_WIDTH),
                            LABEL_WIDTH + Math.min(bar.spread.high() * scale, BAR_WIDTH),
                            y + 8,
                            y + 8));
        }
        svg.append(
                format(
                        "<text x=\"%.1f\" y=\"%d\">%s%.0f</text>%n",
                        LABEL_WIDTH + length + 6, y + 13, cut ? "… " : "", bar.spread.median()));
    }

    @SuppressWarnings("AnnotateFormatMethod") // its annotation would be a dependency
    private static String format(String text, Object... values) {
        return String.format(Locale.ROOT, text, values);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
