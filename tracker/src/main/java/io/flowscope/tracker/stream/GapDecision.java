package io.flowscope.tracker.stream;

/** What a consumer wants after bytes were lost. */
public enum GapDecision {
    /** Go on with the bytes after the gap. */
    CONTINUE,
    /** This side ends here, the other goes on. */
    STOP_SIDE,
    /** Both sides end here. */
    STOP
}
