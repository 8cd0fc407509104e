package io.flowscope.cli;

import java.util.function.Supplier;

/** One line on the terminal that is drawn over and over; nothing where there is no terminal. */
final class ProgressLine {
    private static final String TO_LINE_BEGIN_AND_CLEAR = "\r\u001b[K";

    private final Stdio stdio;
    private boolean drawn;

    ProgressLine(Stdio stdio) {
        this.stdio = stdio;
    }

    /** Shows this instead of what was shown before. */
    void draw(Supplier<String> text) {
        if (stdio.errIsTerminal) {
            drawn = true;
            stdio.err.print(TO_LINE_BEGIN_AND_CLEAR + text.get());
            stdio.err.flush();
        }
    }

    /** Leaves an empty line, for what is said next. */
    void erase() {
        if (drawn) {
            drawn = false;
            stdio.err.print(TO_LINE_BEGIN_AND_CLEAR);
            stdio.err.flush();
        }
    }
}
