package io.flowscope.tracker;

/** Which end of a flow: the one that opened it, or the one that answered. */
public enum Side {
    /** Sent the flow's first packet (or, where that was a SYN-ACK, received it). */
    INITIATOR,
    /** The other end. */
    RESPONDER;

    /** The end that faces this one. */
    public Side other() {
        return this == INITIATOR ? RESPONDER : INITIATOR;
    }
}
