package io.flowscope.cli.top;

/** Text that takes one column a character and commands no terminal. */
final class PlainText {
    private PlainText() {}

    /** The text with a question mark for whatever might do anything else. */
    static String of(String text) {
        StringBuilder plain = new StringBuilder(text.length());
        text.codePoints().forEach(c -> plain.append(isPlain(c) ? (char) c : '?'));
        return plain.toString();
    }

    /** ASCII and the letters of Latin alphabets; wider scripts would shift what stands behind. */
    private static boolean isPlain(int c) {
        return c >= 0x20 && c < 0x7f || c >= 0xa1 && c < 0x250 && c != 0xad;
    }

    /** At most so many characters of it, the last one a tilde where some are left out. */
    static String cut(String text, int width) {
        if (text.length() <= width) {
            return text;
        }
        return width <= 0 ? "" : text.substring(0, width - 1) + "~";
    }

    /** Likewise, filled with spaces on the right. */
    static String left(String text, int width) {
        String cut = cut(text, width);
        return cut + " ".repeat(Math.max(0, width - cut.length()));
    }

    /** Likewise, filled with spaces on the left. */
    static String right(String text, int width) {
        String cut = cut(text, width);
        return " ".repeat(Math.max(0, width - cut.length())) + cut;
    }
}
