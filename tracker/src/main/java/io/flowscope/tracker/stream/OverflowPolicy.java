package io.flowscope.tracker.stream;

/** What happens when one side reaches {@link StreamOptions#bufferBytes()}. */
public enum OverflowPolicy {
    /**
     * The oldest goes: of bytes that the consumer left unconsumed, the first are dropped and
     * counted; of bytes behind a hole, the oldest hole is given up.
     */
    SLIDING_WINDOW,
    /** The side ends; its flow goes on being counted and later ends as {@code buffer_overflow}. */
    DROP_FLOW
}
