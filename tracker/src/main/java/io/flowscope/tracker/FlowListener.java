package io.flowscope.tracker;

import io.flowscope.tracker.packet.PacketCursor;
import io.flowscope.tracker.session.CloseReason;

/**
 * Takes the events of a tracker's flows, on the tracker's thread, in the order of the packets. Per
 * packet the order is: the end of other flows (evicted, idle, or replaced by this one), start,
 * anomalies, establishment or change of state, the packet, an ICMP error on the flow it quotes,
 * streams and messages, closed parsers, interim, end.
 *
 * <p>A view is the tracker's own and moves on after the call; {@link FlowView#toRecord()} keeps
 * what it shows. Methods that a listener's class does not override cost nothing. A listener must
 * not call the tracker's {@code track} methods; what it throws comes out of them, and the rest of
 * the batch is not tracked.
 */
public interface FlowListener {
    /** A listener that wants nothing. */
    FlowListener NONE = new FlowListener() {};

    /** A flow's first packet has come; the packet itself is already counted. */
    default void onStarted(FlowView flow) {}

    /** Something is wrong with a flow; only if {@link TrackerOptions#anomalies()}. */
    default void onAnomaly(FlowView flow, AnomalyKind kind, Side side) {}

    /** The handshake is complete. Comes instead of {@link #onStateChange}. */
    default void onEstablished(FlowView flow) {}

    /** The TCP state has changed. */
    default void onStateChange(FlowView flow, TcpState from, TcpState to) {}

    /**
     * A packet of a flow, already counted.
     *
     * @param packet its headers and where its payload is, valid during the call
     */
    default void onPacket(FlowView flow, Side side, PacketCursor packet) {}

    /** An ICMP error quotes a packet of this flow; the flow itself has not changed. */
    default void onIcmpError(FlowView flow, int type, int code) {}

    /**
     * A session's message is complete; only with {@link TrackerOptions#sessions()}.
     *
     * @param side who sent its last byte; for a message about both sides, who asked
     * @param timestampNanos time of the packet that completed it
     * @param message immutable; of the type that its protocol says, such as {@link
     *     io.flowscope.tracker.session.dns.DnsMessage}
     */
    default void onMessage(FlowView flow, Side side, long timestampNanos, Object message) {}

    /**
     * A flow's parser is closed: it came to its end, failed (then the flow will end as {@link
     * EndReason#PARSE_ERROR}), met a gap, or was stopped. The flow goes on being tracked.
     *
     * @param protocol the parser's, such as {@code dns}
     * @param detail why it failed, as a sentence; empty otherwise
     */
    default void onParserClosed(
            FlowView flow, String protocol, CloseReason reason, String detail) {}

    /** The flow is still alive after its active timeout, or another one. */
    default void onInterim(FlowView flow) {}

    /** The flow is over: its last appearance, with the final numbers. */
    default void onEnded(FlowView flow, EndReason reason) {}
}
