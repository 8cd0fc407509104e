package io.flowscope.tracker.session.flow;

import io.flowscope.tracker.Side;
import io.flowscope.tracker.session.ByteText;
import io.flowscope.tracker.session.MessageParser;
import io.flowscope.tracker.session.ParserStatus;
import io.flowscope.tracker.session.Ports;
import io.flowscope.tracker.session.SessionParser;
import io.flowscope.tracker.stream.GapCause;
import io.flowscope.tracker.stream.GapDecision;
import io.flowscope.tracker.stream.StreamConsumer;
import io.flowscope.tracker.stream.StreamEnd;
import io.flowscope.tracker.stream.StreamView;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;

/**
 * The session of a TCP flow. It takes the flow's streams itself: between a packet in order and its
 * parser lies one object. Parsers keep for themselves what they need, so that everything shown is
 * done with.
 */
public final class StreamSession extends FlowSession implements StreamConsumer {
    private @Nullable SessionParser<?> reader;

    StreamSession(Sessions sessions, int record, Opening opening) {
        super(sessions, record, opening);
    }

    @Override
    public int onBytes(
            StreamView stream, MemorySegment memory, long at, int length, long timestampNanos) {
        if (!onBytes(stream.side(), memory, at, length, timestampNanos)) {
            stream.stop();
        }
        return length;
    }

    @Override
    public GapDecision onGap(StreamView stream, long length, GapCause cause, long timestampNanos) {
        return onGap(stream.side(), length, timestampNanos)
                ? GapDecision.CONTINUE
                : GapDecision.STOP;
    }

    /** A side that a limit of memory or somebody's word has ended lacks bytes from here on. */
    @Override
    public void onEnd(StreamView stream, StreamEnd end, long timestampNanos) {
        Side side = stream.side();
        switch (end) {
            case FIN -> onEnd(side, timestampNanos);
            case RESET, FLOW_ENDED -> onCut(side, timestampNanos);
            case STOPPED, PARSE_ERROR, BUFFER_OVERFLOW -> {
                if (onGap(side, 1, timestampNanos)) {
                    onCut(side, timestampNanos);
                }
            }
        }
    }

    @Override
    @Nullable MessageParser<?> newParser(Bound<?> bound, Ports ports) {
        reader = bound.newStreamParser(ports);
        return reader;
    }

    @Override
    void forgetParser() {
        reader = null;
    }

    /** Asked only while there is a parser. */
    private SessionParser<?> reader() {
        SessionParser<?> present = reader;
        if (present == null) {
            throw new IllegalStateException("the session has no parser");
        }
        return present;
    }

    @Override
    ParserStatus read(Side side, MemorySegment memory, long offset, int length, long nanos) {
        return reader().onBytes(side, memory, offset, length, nanos, this);
    }

    @Override
    ParserStatus readGap(Side side, long lengthBytes, long nanos) {
        return reader().onGap(side, lengthBytes, nanos, this);
    }

    @Override
    ParserStatus readEnd(Side side, boolean whole, long nanos) {
        return whole ? reader().onEnd(side, nanos, this) : reader().onCut(side, nanos, this);
    }

    @Override
    boolean opensTunnel() {
        return reader().opensTunnel();
    }

    @Override
    ByteText tunnelled(Side side) {
        return reader().tunnelled(side);
    }
}
