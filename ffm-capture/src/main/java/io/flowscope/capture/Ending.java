package io.flowscope.capture;

/**
 * How the reading of a capture file ended.
 *
 * @param outcome what kind of end it was
 * @param packets handed over until then
 * @param detail a sentence that says what is wrong; empty if nothing is
 */
public record Ending(Outcome outcome, long packets, String detail) {
    /** Kinds of ends. */
    public enum Outcome {
        /** Not read to its end, or not yet. */
        UNREAD,
        /** The last packet is whole and nothing follows it. */
        COMPLETE,
        /**
         * The file ends inside a record, or its compressed data ends early: what was before it was
         * handed over.
         */
        TRUNCATED,
        /** A record makes no sense or cannot be read: what was before it was handed over. */
        DAMAGED
    }

    static final Ending NONE = new Ending(Outcome.UNREAD, 0, "");

    /** Whether the file's tail is missing, as after a crash or on a full disk. */
    public boolean isTruncated() {
        return outcome == Outcome.TRUNCATED;
    }
}
