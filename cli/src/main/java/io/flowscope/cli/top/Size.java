package io.flowscope.cli.top;

/** Of a terminal, in characters. */
public record Size(int width, int height) {
    /** What a terminal has that does not say. */
    public static final Size USUAL = new Size(80, 24);
}
