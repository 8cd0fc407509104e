package io.flowscope.tracker.stream;

/** Why bytes are taken for lost. */
public enum GapCause {
    /** The other end acknowledged them, and they did not come within the grace time. */
    ACKNOWLEDGED,
    /** Nothing filled the hole for a while, though later bytes (or the FIN) were seen. */
    STALLED,
    /** As many bytes as may wait behind a hole are waiting. */
    HOLD_FULL,
    /** The packet was captured shorter than it was. */
    TRUNCATED,
    /** The stream goes on far outside the window; everything between was not captured. */
    OUT_OF_WINDOW,
    /** The bytes came, but a limit of memory did not allow to keep them. */
    OVERFLOW,
    /** The flow ended with the hole open. */
    FLOW_ENDED
}
