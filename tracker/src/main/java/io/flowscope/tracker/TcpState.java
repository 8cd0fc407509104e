package io.flowscope.tracker;

/** Where a TCP connection is in its life; flows of other protocols are always {@link #ACTIVE}. */
public enum TcpState {
    /** No SYN was seen. */
    ACTIVE("active"),
    /** A SYN, no answer. */
    SYN_SENT("syn_sent"),
    /** A SYN and its answer. */
    SYN_RECEIVED("syn_received"),
    /** The handshake is complete. */
    ESTABLISHED("established"),
    /** One side has sent its FIN. */
    FIN_WAIT("fin_wait"),
    /** Both have, and not both are acknowledged. */
    CLOSING("closing"),
    /** Both FINs are acknowledged. */
    CLOSED("closed"),
    /** A RST ended it. */
    RESET("reset");

    private static final TcpState[] VALUES = values();

    private final String label;

    TcpState(String label) {
        this.label = label;
    }

    static TcpState of(int ordinal) {
        return VALUES[ordinal];
    }

    /** The name in output. */
    public String label() {
        return label;
    }

    /** Whether the connection is over. */
    public boolean isOver() {
        return this == CLOSED || this == RESET;
    }
}
