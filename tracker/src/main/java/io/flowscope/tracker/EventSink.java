package io.flowscope.tracker;

import io.flowscope.tracker.packet.PacketCursor;
import io.flowscope.tracker.session.CloseReason;

import java.util.EnumSet;
import java.util.Set;

/**
 * Hands events to the listener, those that it overrides and that the options want. Calls here are
 * out of the packet's path except for {@link #wantsPackets()}.
 */
final class EventSink {
    private final FlowListener listener;
    private final EnumSet<EventKind> wanted = EnumSet.noneOf(EventKind.class);

    EventSink(FlowListener listener, Set<EventKind> events, boolean anomalies) {
        this.listener = listener;
        for (EventKind kind : events) {
            if (overrides(listener.getClass(), kind)) {
                wanted.add(kind);
            }
        }
        if (!anomalies) {
            wanted.remove(EventKind.ANOMALY);
        }
    }

    private static boolean overrides(Class<?> type, EventKind kind) {
        Class<?>[] parameters =
                switch (kind) {
                    case STARTED, ESTABLISHED, INTERIM -> new Class<?>[] {FlowView.class};
                    case ANOMALY -> new Class<?>[] {FlowView.class, AnomalyKind.class, Side.class};
                    case STATE_CHANGE ->
                            new Class<?>[] {FlowView.class, TcpState.class, TcpState.class};
                    case PACKET -> new Class<?>[] {FlowView.class, Side.class, PacketCursor.class};
                    case ICMP_ERROR -> new Class<?>[] {FlowView.class, int.class, int.class};
                    case MESSAGE ->
                            new Class<?>[] {FlowView.class, Side.class, long.class, Object.class};
                    case PARSER_CLOSED ->
                            new Class<?>[] {
                                FlowView.class, String.class, CloseReason.class, String.class
                            };
                    case ENDED -> new Class<?>[] {FlowView.class, EndReason.class};
                };
        String name =
                switch (kind) {
                    case STARTED -> "onStarted";
                    case ANOMALY -> "onAnomaly";
                    case ESTABLISHED -> "onEstablished";
                    case STATE_CHANGE -> "onStateChange";
                    case PACKET -> "onPacket";
                    case ICMP_ERROR -> "onIcmpError";
                    case MESSAGE -> "onMessage";
                    case PARSER_CLOSED -> "onParserClosed";
                    case INTERIM -> "onInterim";
                    case ENDED -> "onEnded";
                };
        try {
            return type.getMethod(name, parameters).getDeclaringClass() != FlowListener.class;
        } catch (NoSuchMethodException e) {
            throw new LinkageError("a FlowListener without " + name, e);
        }
    }

    private boolean wants(EventKind kind) {
        return wanted.contains(kind);
    }

    boolean wantsPackets() {
        return wants(EventKind.PACKET);
    }

    boolean wantsInterim() {
        return wants(EventKind.INTERIM);
    }

    void started(FlowView flow) {
        if (wants(EventKind.STARTED)) {
            listener.onStarted(flow);
        }
    }

    void anomaly(FlowView flow, AnomalyKind kind, Side side) {
        if (wants(EventKind.ANOMALY) && !flow.paused()) {
            listener.onAnomaly(flow, kind, side);
        }
    }

    void state(FlowView flow, TcpState from, TcpState to) {
        if (to == TcpState.ESTABLISHED) {
            if (wants(EventKind.ESTABLISHED)) {
                listener.onEstablished(flow);
            }
        } else if (wants(EventKind.STATE_CHANGE)) {
            listener.onStateChange(flow, from, to);
        }
    }

    void packet(FlowView flow, Side side, PacketCursor packet) {
        if (!flow.paused()) {
            listener.onPacket(flow, side, packet);
        }
    }

    void icmpError(FlowView flow, int type, int code) {
        if (wants(EventKind.ICMP_ERROR)) {
            listener.onIcmpError(flow, type, code);
        }
    }

    void message(FlowView flow, Side side, long timestampNanos, Object message) {
        if (wants(EventKind.MESSAGE)) {
            listener.onMessage(flow, side, timestampNanos, message);
        }
    }

    void parserClosed(FlowView flow, String protocol, CloseReason reason, String detail) {
        if (wants(EventKind.PARSER_CLOSED)) {
            listener.onParserClosed(flow, protocol, reason, detail);
        }
    }

    void interim(FlowView flow) {
        if (!flow.paused()) {
            listener.onInterim(flow);
        }
    }

    void ended(FlowView flow, EndReason reason) {
        if (wants(EventKind.ENDED)) {
            listener.onEnded(flow, reason);
        }
    }
}
