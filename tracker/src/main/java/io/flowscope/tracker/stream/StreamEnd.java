package io.flowscope.tracker.stream;

/** Why a side's stream ended. */
public enum StreamEnd {
    /** Its FIN was reached: everything before it was delivered or reported as a gap. */
    FIN,
    /** The connection was reset. */
    RESET,
    /** The flow left the table, or the tracker was finished, before a FIN. */
    FLOW_ENDED,
    /** The consumer stopped it. */
    STOPPED,
    /** The consumer said that it cannot read it. */
    PARSE_ERROR,
    /** A limit of memory was reached, and the policy says to drop. */
    BUFFER_OVERFLOW
}
