package io.flowscope.tracker.session;

/**
 * The sessions of one tracker in numbers, since it began.
 *
 * @param opened flows that were looked at, a parser found for them or not
 * @param messages messages given out
 * @param failures parsers closed because they could not read their flow
 * @param heldBytes bytes that all parsers hold now
 */
public record SessionStatistics(long opened, long messages, long failures, long heldBytes) {
    /** Of a tracker without sessions. */
    public static final SessionStatistics NONE = new SessionStatistics(0, 0, 0, 0);
}
