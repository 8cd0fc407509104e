package io.flowscope.tracker;

/** The events of a flow, for choosing which are wanted. */
public enum EventKind {
    /** {@link FlowListener#onStarted}. */
    STARTED,
    /** {@link FlowListener#onAnomaly}. */
    ANOMALY,
    /** {@link FlowListener#onEstablished}. */
    ESTABLISHED,
    /** {@link FlowListener#onStateChange}. */
    STATE_CHANGE,
    /** {@link FlowListener#onPacket}. */
    PACKET,
    /** {@link FlowListener#onIcmpError}. */
    ICMP_ERROR,
    /** {@link FlowListener#onMessage}. */
    MESSAGE,
    /** {@link FlowListener#onParserClosed}. */
    PARSER_CLOSED,
    /** {@link FlowListener#onInterim}. */
    INTERIM,
    /** {@link FlowListener#onEnded}. */
    ENDED
}
