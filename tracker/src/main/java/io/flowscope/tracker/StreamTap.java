package io.flowscope.tracker;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.flowscope.tracker.packet.PacketCursor;
import io.flowscope.tracker.session.flow.StreamSession;
import io.flowscope.tracker.stream.StreamConsumer;
import io.flowscope.tracker.stream.StreamConsumerFactory;
import io.flowscope.tracker.stream.StreamEnd;
import io.flowscope.tracker.stream.StreamStatistics;
import io.flowscope.tracker.stream.reassembly.Reassembler;
import io.flowscope.tracker.stream.reassembly.StreamHost;
import io.flowscope.tracker.table.FlowBits;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Joins the reassembler to the flow table: which flow has which stream, who takes it, and what a
 * stream's trouble means for its flow. Sessions hang on it, those of datagrams too.
 */
final class StreamTap implements FlowTap, StreamHost {
    private final @Nullable StreamConsumerFactory factory;
    private final @Nullable FlowSessions sessions;
    private final Reassembler reassembler;

    /** Per record the handle of its stream, 0 for none. */
    private final MemorySegment handles;

    private @Nullable FlowEngine engine;

    StreamTap(
            TrackerOptions options,
            @Nullable StreamConsumerFactory factory,
            @Nullable FlowSessions sessions,
            Arena arena) {
        this.factory = factory;
        this.sessions = sessions;
        this.reassembler = new Reassembler(options.streamOptions(), arena, this);
        this.handles = arena.allocate(4L * options.maxFlows(), 64);
    }

    /** To be called once, before anything else; the engine and its tap know each other. */
    void join(FlowEngine joined) {
        engine = joined;
        if (sessions != null) {
            sessions.join(joined);
        }
    }

    private FlowEngine engine() {
        FlowEngine joined = engine;
        if (joined == null) {
            throw new IllegalStateException("the tap is not joined to an engine");
        }
        return joined;
    }

    /** From any thread; the numbers may be of slightly different moments. */
    StreamStatistics statistics() {
        return reassembler.statistics();
    }

    /** Reads ahead what a packet of a flow will look at; the result only forces the loads. */
    long touch(int record) {
        int handle = handles.getAtIndex(JAVA_INT, record);
        long sum = handle == 0 ? 0 : reassembler.touch(handle);
        return sessions == null ? sum : sum + sessions.touch(record);
    }

    @Override
    public void onStarted(int record) {
        FlowEngine flows = engine();
        StreamSession session =
                sessions == null ? null : sessions.start(flows.reports.view.moveTo(record));
        if (flows.isTcp(record)) {
            StreamConsumer consumer = consumer(flows.reports.view.moveTo(record), session);
            if (consumer != null) {
                handles.setAtIndex(JAVA_INT, record, reassembler.open(record, consumer));
            }
        }
    }

    private @Nullable StreamConsumer consumer(FlowView flow, @Nullable StreamSession session) {
        StreamConsumer consumer = factory == null ? null : factory.open(flow);
        if (session == null) {
            return consumer;
        }
        return consumer == null ? session : new SharedStream(consumer, session);
    }

    @Override
    public void onPacket(int record, int side, PacketCursor packet, long now) {
        if (packet.hasTcpHeader()) {
            int handle = handles.getAtIndex(JAVA_INT, record);
            if (handle != 0) {
                reassembler.onSegment(
                        handle,
                        side,
                        packet.tcpSequence(),
                        packet.tcpAcknowledgment(),
                        packet.tcpFlags(),
                        packet.memory(),
                        packet.payloadOffset(),
                        packet.payloadCaptured(),
                        packet.payloadLength(),
                        now);
            }
        } else if (sessions != null) {
            sessions.onDatagram(record, side, packet, now);
        }
        if (sessions != null && sessions.hasOver()) {
            drop(sessions, now);
        }
    }

    /** Flows of which sessions want no more; a user's consumer has its stream to the end. */
    private void drop(FlowSessions closed, long now) {
        for (int record = closed.takeOver(); record >= 0; record = closed.takeOver()) {
            if (factory == null || handles.getAtIndex(JAVA_INT, record) == 0) {
                onEnding(record, now);
            }
        }
    }

    /** Also earlier, where nobody wants a flow's streams any more. */
    @Override
    public void onEnding(int record, long now) {
        int handle = handles.getAtIndex(JAVA_INT, record);
        try {
            if (handle != 0) {
                handles.setAtIndex(JAVA_INT, record, 0);
                boolean reset = engine().state(record) == TcpState.RESET;
                reassembler.end(handle, reset ? StreamEnd.RESET : StreamEnd.FLOW_ENDED, now);
            }
        } finally {
            if (sessions != null) {
                sessions.end(record, now);
            }
        }
    }

    @Override
    public void onTime(long now) {
        reassembler.expire(now);
        if (sessions != null) {
            sessions.onTime(now);
        }
    }

    @Override
    public boolean reports(int record) {
        return handles.getAtIndex(JAVA_INT, record) != 0;
    }

    @Override
    public FlowView flow(long flow) {
        return engine().reports.view.moveTo((int) flow);
    }

    @Override
    public void onAnomaly(long flow, int side, AnomalyKind kind, long bytes, long nowNanos) {
        engine().reports.anomaly((int) flow, kind, side(side));
    }

    @Override
    public void onFailure(long flow, int side, StreamEnd failure, long nowNanos) {
        FlowEngine flows = engine();
        boolean parse = failure == StreamEnd.PARSE_ERROR;
        flows.fail((int) flow, parse ? FlowBits.FAILED_PARSE : FlowBits.FAILED_OVERFLOW);
        if (parse) {
            flows.reports.anomaly((int) flow, AnomalyKind.PARSE_ERROR, side(side));
        }
    }

    @Override
    public void onClosed(
            long flow, int side, long droppedOutOfOrder, long oversizeBytes, int highWaterBytes) {
        if (Gates.METRICS || Gates.TRACING) {
            FlowEngine flows = engine();
            Observers observers = flows.reports.observers();
            if (observers != null) {
                observers.reassembled(
                        flows.reports.view.moveTo((int) flow),
                        side(side),
                        droppedOutOfOrder,
                        oversizeBytes,
                        highWaterBytes);
            }
        }
    }

    private static Side side(int number) {
        return number == 0 ? Side.INITIATOR : Side.RESPONDER;
    }
}
