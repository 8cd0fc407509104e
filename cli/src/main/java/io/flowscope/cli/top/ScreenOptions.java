package io.flowscope.cli.top;

/**
 * How a run is shown.
 *
 * @param sort which flows come first
 * @param rows most flows
 * @param intervalNanos from one frame to the next
 * @param colors whether colours are wanted
 * @param unicode whether the terminal's encoding is UTF-8
 */
public record ScreenOptions(
        TopSort sort, int rows, long intervalNanos, boolean colors, boolean unicode) {}
