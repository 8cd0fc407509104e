package io.flowscope.cli.top;

/** A line of the screen, of plain text no longer than the screen is wide. */
record Line(String text, Style style) {
    /** How a whole line looks, and how a terminal is told so. */
    enum Style {
        NORMAL(""),
        TITLE("\u001b[1m"),
        COLUMNS("\u001b[7m"),
        ENDED("\u001b[2m"),
        ALERT("\u001b[1;31m");

        private final String escape;

        Style(String escape) {
            this.escape = escape;
        }

        String escape() {
            return escape;
        }
    }

    static Line of(String text) {
        return new Line(text, Style.NORMAL);
    }
}
