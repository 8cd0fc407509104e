package io.flowscope.tracker;

/** Why a flow left the table. */
public enum EndReason {
    /** Both sides closed it. */
    FIN("fin"),
    /** A RST ended it. */
    RST("rst"),
    /** Nothing came for its timeout. */
    IDLE("idle"),
    /** The table was full. */
    EVICTED("evicted"),
    /** A stream's buffer overflowed under a policy that gives the stream up. */
    BUFFER_OVERFLOW("buffer_overflow"),
    /** A parser could not read it. */
    PARSE_ERROR("parse_error"),
    /** A new connection between the same endpoints began while it was open. */
    REUSED("reused"),
    /** The input ended, or the tracker was closed. */
    FINISHED("finished");

    private final String label;

    EndReason(String label) {
        this.label = label;
    }

    /** The name in metrics and output. */
    public String label() {
        return label;
    }
}
