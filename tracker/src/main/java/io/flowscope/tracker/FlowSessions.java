package io.flowscope.tracker;

import io.flowscope.tracker.packet.FragmentState;
import io.flowscope.tracker.packet.PacketCursor;
import io.flowscope.tracker.session.CloseReason;
import io.flowscope.tracker.session.Ports;
import io.flowscope.tracker.session.SessionOptions;
import io.flowscope.tracker.session.SessionStatistics;
import io.flowscope.tracker.session.dns.DnsResponse;
import io.flowscope.tracker.session.flow.FlowSession;
import io.flowscope.tracker.session.flow.SessionHost;
import io.flowscope.tracker.session.flow.Sessions;
import io.flowscope.tracker.session.flow.StreamSession;
import io.flowscope.tracker.table.FlowBits;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.util.Arrays;

/**
 * Joins sessions to the flow table: which flow has which, and where what they say goes. The streams
 * of TCP flows come through a consumer, datagrams from the packet.
 *
 * <p>Owner: the tracker's thread; {@link #close} comes when that has left.
 */
final class FlowSessions implements SessionHost {
    private static final int UDP = 17;

    private final Sessions sessions;
    private final EventSink events;

    /** By record; null where nothing is read, or no more. */
    private @Nullable FlowSession[] open = new FlowSession[64];

    /** Records of which nothing more is read, until somebody asks; some may be out of date. */
    private int[] over = new int[16];

    private int overCount;

    private @Nullable FlowEngine engine;

    FlowSessions(SessionOptions options, EventSink events, Arena arena) {
        this.events = events;
        this.sessions = new Sessions(options, this, arena);
    }

    /** To be called once, before anything else. */
    void join(FlowEngine joined) {
        engine = joined;
    }

    private FlowEngine engine() {
        FlowEngine joined = engine;
        if (joined == null) {
            throw new IllegalStateException("the sessions are not joined to an engine");
        }
        return joined;
    }

    /**
     * A flow has started.
     *
     * @return its session if that wants its streams, null otherwise
     */
    @Nullable StreamSession start(FlowView flow) {
        Transport transport = flow.transport();
        if (transport == Transport.OTHER) {
            return null;
        }
        boolean tcp = transport == Transport.TCP;
        boolean fromStart = !tcp || flow.state() != TcpState.ACTIVE;
        Ports ports = new Ports(flow.port(Side.INITIATOR), flow.port(Side.RESPONDER));
        int record = flow.slot();
        FlowSession session = sessions.open(record, tcp, ports, fromStart);
        if (record >= open.length) {
            open = Arrays.copyOf(open, Math.max(record + 1, open.length * 2));
        }
        open[record] = session;
        return session instanceof StreamSession streams ? streams : null;
    }

    /** Reads ahead what a packet of a flow will look at; the result only forces the loads. */
    long touch(int record) {
        FlowSession session = record < open.length ? open[record] : null;
        return session == null ? 0 : session.record();
    }

    /** A packet that is not TCP. A datagram's later fragments are no datagrams. */
    void onDatagram(int record, int side, PacketCursor packet, long now) {
        FlowSession session = record < open.length ? open[record] : null;
        if (session != null
                && packet.protocol() == UDP
                && packet.fragmentState() != FragmentState.LATER) {
            session.onBytes(
                    side(side),
                    packet.memory(),
                    packet.payloadOffset(),
                    packet.payloadCaptured(),
                    now);
        }
    }

    @Override
    public void onUnread(int record) {
        if (overCount == over.length) {
            over = Arrays.copyOf(over, overCount * 2);
        }
        over[overCount++] = record;
    }

    /** Whether a session has come to its end, perhaps before its flow has. */
    boolean hasOver() {
        return overCount != 0;
    }

    /** Takes out a record whose session has come to its end before the flow has; -1 for none. */
    int takeOver() {
        while (overCount != 0) {
            int record = over[--overCount];
            FlowSession session = record < open.length ? open[record] : null;
            if (session != null && session.isClosed()) {
                return record;
            }
        }
        return -1;
    }

    /** A flow's session is not needed any more, or the flow ends, its streams being flushed. */
    void end(int record, long now) {
        FlowSession session = record < open.length ? open[record] : null;
        if (session != null) {
            open[record] = null;
            session.close(now);
        }
    }

    /** Packet time has come so far. */
    void onTime(long now) {
        sessions.onTime(now);
    }

    SessionStatistics statistics() {
        return new SessionStatistics(
                sessions.opened(), sessions.messages(), sessions.failures(), sessions.heldBytes());
    }

    @Override
    public void onMessage(int record, Side side, long timestampNanos, Object message) {
        FlowEngine flows = engine();
        if (Gates.MESSAGES || Gates.METRICS) {
            observe(flows, record, side, message);
        }
        events.message(flows.reports.view.moveTo(record), side, timestampNanos, message);
    }

    private static void observe(FlowEngine flows, int record, Side side, Object message) {
        Observers observers = flows.reports.observers();
        if (observers == null) {
            return;
        }
        if (Gates.MESSAGES) {
            observers.message(flows.reports.view.moveTo(record), side, message);
        }
        if (Gates.METRICS && message instanceof DnsResponse response) {
            long latency = response.latencyNanos();
            if (latency >= 0) {
                observers.latency(record, LatencyKind.DNS, latency, flows.clock.now());
            }
        }
    }

    /** A failure is told at once, and is what the flow will end with. */
    @Override
    public void onParserClosed(
            int record, Side side, String protocol, CloseReason reason, String detail) {
        FlowEngine flows = engine();
        if (reason == CloseReason.PARSE_ERROR) {
            flows.fail(record, FlowBits.FAILED_PARSE);
            flows.reports.anomaly(record, AnomalyKind.PARSE_ERROR, side);
        }
        events.parserClosed(flows.reports.view.moveTo(record), protocol, reason, detail);
    }

    private static Side side(int number) {
        return number == 0 ? Side.INITIATOR : Side.RESPONDER;
    }

    /** Releases what parsers hold; nobody is told. */
    void close() {
        for (FlowSession session : open) {
            if (session != null) {
                session.release();
            }
        }
        sessions.close();
    }
}
