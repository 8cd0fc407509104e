package io.flowscope.tracker;

import io.flowscope.tracker.session.flow.FlowSession;
import io.flowscope.tracker.stream.GapCause;
import io.flowscope.tracker.stream.GapDecision;
import io.flowscope.tracker.stream.StreamConsumer;
import io.flowscope.tracker.stream.StreamEnd;
import io.flowscope.tracker.stream.StreamView;

import java.lang.foreign.MemorySegment;

/**
 * The streams of a flow that only its session wants. Parsers keep for themselves what they need, so
 * that everything shown is done with.
 */
final class SessionStream implements StreamConsumer {
    private final FlowSession session;

    SessionStream(FlowSession session) {
        this.session = session;
    }

    @Override
    public int onBytes(
            StreamView stream, MemorySegment memory, long at, int length, long timestampNanos) {
        if (!session.onBytes(stream.side(), memory, at, length, timestampNanos)) {
            stream.stop();
        }
        return length;
    }

    @Override
    public GapDecision onGap(StreamView stream, long length, GapCause cause, long timestampNanos) {
        return session.onGap(stream.side(), length, timestampNanos)
                ? GapDecision.CONTINUE
                : GapDecision.STOP;
    }

    @Override
    public void onEnd(StreamView stream, StreamEnd end, long timestampNanos) {
        end(session, stream.side(), end, timestampNanos);
    }

    /** A side that a limit of memory or somebody's word has ended lacks bytes from here on. */
    static void end(FlowSession session, Side side, StreamEnd end, long nanos) {
        boolean wants =
                switch (end) {
                    case FIN, RESET, FLOW_ENDED -> true;
                    case STOPPED, PARSE_ERROR, BUFFER_OVERFLOW -> session.onGap(side, 1, nanos);
                };
        if (wants) {
            session.onEnd(side, nanos);
        }
    }
}
