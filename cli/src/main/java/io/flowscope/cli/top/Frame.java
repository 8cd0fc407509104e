package io.flowscope.cli.top;

import io.flowscope.cli.top.Line.Style;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Lines as a terminal is told them: from the top, each over what stood there, its rest and what is
 * below cleared. Nothing is cleared before it is written, so nothing flickers.
 */
final class Frame {
    private static final String TOP = "\u001b[H";
    private static final String CLEAR_LINE = "\u001b[K";
    private static final String CLEAR_BELOW = "\u001b[J";
    private static final String PLAIN = "\u001b[m";

    private Frame() {}

    /** The bytes of one write. */
    static byte[] of(List<Line> lines, Size size, boolean colors) {
        StringBuilder frame = new StringBuilder(TOP);
        for (int i = 0; i < lines.size(); i++) {
            Line line = lines.get(i);
            boolean styled = colors && line.style() != Style.NORMAL;
            frame.append(i > 0 ? "\r\n" : "");
            frame.append(styled ? line.style().escape() : "");
            frame.append(line.text());
            frame.append(styled ? PLAIN : "");
            // Behind a full line the cursor is still on its last character.
            frame.append(line.text().length() < size.width() ? CLEAR_LINE : "");
        }
        if (lines.size() < size.height()) {
            frame.append(lines.isEmpty() ? "" : "\r\n").append(CLEAR_BELOW);
        }
        return frame.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** The lines as text, and an empty one behind them. */
    static byte[] plain(List<Line> lines) {
        StringBuilder frame = new StringBuilder();
        for (Line line : lines) {
            frame.append(line.text().stripTrailing()).append('\n');
        }
        return frame.append('\n').toString().getBytes(StandardCharsets.UTF_8);
    }
}
