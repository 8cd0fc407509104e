package io.flowscope.tracker;

import io.flowscope.tracker.key.FlowKey;
import io.flowscope.tracker.packet.PacketCursor;
import io.flowscope.tracker.session.CloseReason;

import java.util.function.Consumer;

/**
 * What happens to flows, as objects to keep and to switch over. They are made for those who would
 * rather do that than listen; {@link #listener} makes them from a tracker's callbacks, and {@link
 * FlowEvents} streams them. Each costs an allocation, the callbacks do not.
 */
public sealed interface FlowEvent {
    /** Which flow. */
    FlowKey key();

    /** A flow's first packet has come. */
    record Started(FlowRecord flow) implements FlowEvent {
        @Override
        public FlowKey key() {
            return flow.key();
        }
    }

    /** Something is wrong with a flow. */
    record Anomaly(FlowRecord flow, AnomalyKind kind, Side side) implements FlowEvent {
        @Override
        public FlowKey key() {
            return flow.key();
        }
    }

    /** The handshake is complete. */
    record Established(FlowRecord flow) implements FlowEvent {
        @Override
        public FlowKey key() {
            return flow.key();
        }
    }

    /** The TCP state has changed. */
    record StateChange(FlowRecord flow, TcpState from, TcpState to) implements FlowEvent {
        @Override
        public FlowKey key() {
            return flow.key();
        }
    }

    /**
     * A packet of a flow.
     *
     * @param key which flow
     * @param side who sent it
     * @param timestampNanos when, nanoseconds since the epoch
     * @param length bytes on the wire
     * @param payloadLength bytes behind the transport header
     */
    record Packet(FlowKey key, Side side, long timestampNanos, int length, int payloadLength)
            implements FlowEvent {}

    /** An ICMP error quotes a packet of this flow. */
    record IcmpError(FlowRecord flow, int type, int code) implements FlowEvent {
        @Override
        public FlowKey key() {
            return flow.key();
        }
    }

    /**
     * A session's message is complete.
     *
     * @param flow the flow as it is at this moment
     * @param side who sent its last byte; for a message about both sides, who asked
     * @param timestampNanos time of the packet that completed it
     * @param message immutable; of the type that its protocol says
     */
    record Message(FlowRecord flow, Side side, long timestampNanos, Object message)
            implements FlowEvent {
        @Override
        public FlowKey key() {
            return flow.key();
        }
    }

    /**
     * A flow's parser is closed.
     *
     * @param flow the flow as it is at this moment
     * @param protocol the parser's
     * @param reason why
     * @param detail why it failed; empty otherwise
     */
    record ParserClosed(FlowRecord flow, String protocol, CloseReason reason, String detail)
            implements FlowEvent {
        @Override
        public FlowKey key() {
            return flow.key();
        }
    }

    /** The flow is still alive after its active timeout. */
    record Interim(FlowRecord flow) implements FlowEvent {
        @Override
        public FlowKey key() {
            return flow.key();
        }
    }

    /** The flow is over. */
    record Ended(FlowRecord flow, EndReason reason) implements FlowEvent {
        @Override
        public FlowKey key() {
            return flow.key();
        }
    }

    /** A listener that makes events of callbacks and hands them on, packets included. */
    static FlowListener listener(Consumer<? super FlowEvent> to) {
        return new FlowListener() {
            @Override
            public void onStarted(FlowView flow) {
                to.accept(new Started(flow.toRecord()));
            }

            @Override
            public void onAnomaly(FlowView flow, AnomalyKind kind, Side side) {
                to.accept(new Anomaly(flow.toRecord(), kind, side));
            }

            @Override
            public void onEstablished(FlowView flow) {
                to.accept(new Established(flow.toRecord()));
            }

            @Override
            public void onStateChange(FlowView flow, TcpState before, TcpState after) {
                to.accept(new StateChange(flow.toRecord(), before, after));
            }

            @Override
            public void onPacket(FlowView flow, Side side, PacketCursor packet) {
                to.accept(
                        new Packet(
                                flow.key(),
                                side,
                                packet.timestampNanos(),
                                packet.length(),
                                packet.payloadLength()));
            }

            @Override
            public void onIcmpError(FlowView flow, int type, int code) {
                to.accept(new IcmpError(flow.toRecord(), type, code));
            }

            @Override
            public void onMessage(FlowView flow, Side side, long timestampNanos, Object message) {
                to.accept(new Message(flow.toRecord(), side, timestampNanos, message));
            }

            @Override
            public void onParserClosed(
                    FlowView flow, String protocol, CloseReason reason, String detail) {
                to.accept(new ParserClosed(flow.toRecord(), protocol, reason, detail));
            }

            @Override
            public void onInterim(FlowView flow) {
                to.accept(new Interim(flow.toRecord()));
            }

            @Override
            public void onEnded(FlowView flow, EndReason reason) {
                to.accept(new Ended(flow.toRecord(), reason));
            }
        };
    }
}
