package io.flowscope.cli.output;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Rows for people: aligned columns under a heading, two blanks between them. */
public final class TextTable {
    private static final String BOLD = "\u001b[1m";
    private static final String PLAIN = "\u001b[0m";

    private final List<String> headings = new ArrayList<>();
    private final List<Boolean> rightAligned = new ArrayList<>();
    private final List<String[]> rows = new ArrayList<>();

    /** Adds a column of text. */
    public TextTable column(String heading) {
        headings.add(heading);
        rightAligned.add(false);
        return this;
    }

    /** Adds a column of numbers. */
    public TextTable numbers(String heading) {
        headings.add(heading);
        rightAligned.add(true);
        return this;
    }

    /** Adds a row with a cell for each column. */
    public TextTable row(String... cells) {
        if (cells.length != headings.size()) {
            throw new IllegalArgumentException(
                    cells.length + " cells for " + headings.size() + " columns");
        }
        rows.add(cells);
        return this;
    }

    /** Writes heading and rows; the heading in bold if colours are wanted. */
    public void writeTo(ByteSink out, boolean colors) {
        int[] widths = new int[headings.size()];
        measure(widths, headings.toArray(String[]::new));
        for (String[] row : rows) {
            measure(widths, row);
        }
        if (colors) {
            out.put(BOLD);
        }
        String heading = line(widths, headings.toArray(String[]::new));
        out.put(heading);
        if (colors) {
            out.put(PLAIN);
        }
        out.put('\n');
        for (String[] row : rows) {
            out.put(line(widths, row)).put('\n');
        }
    }

    private String line(int[] widths, String[] cells) {
        StringBuilder line = new StringBuilder(160);
        for (int i = 0; i < cells.length; i++) {
            int blanks = widths[i] - width(cells[i]);
            if (rightAligned.get(i)) {
                line.repeat(' ', blanks).append(cells[i]);
            } else {
                line.append(cells[i]).repeat(' ', blanks);
            }
            line.append("  ");
        }
        return line.toString().stripTrailing();
    }

    private static void measure(int[] widths, String[] cells) {
        for (int i = 0; i < cells.length; i++) {
            widths[i] = Math.max(widths[i], width(cells[i]));
        }
    }

    private static int width(String cell) {
        return cell.codePointCount(0, cell.length());
    }

    /** Text from a file or the wire with everything a terminal would obey taken out. */
    public static String printable(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (byte b : bytes) {
            if (b < ' ' || b == 0x7f) {
                return text.codePoints()
                        .map(c -> Character.isISOControl(c) ? '\ufffd' : c)
                        .collect(
                                StringBuilder::new,
                                StringBuilder::appendCodePoint,
                                StringBuilder::append)
                        .toString();
            }
        }
        return text;
    }
}
