package io.flowscope.tracker;

import io.flowscope.tracker.session.flow.StreamSession;
import io.flowscope.tracker.stream.GapCause;
import io.flowscope.tracker.stream.GapDecision;
import io.flowscope.tracker.stream.StreamConsumer;
import io.flowscope.tracker.stream.StreamEnd;
import io.flowscope.tracker.stream.StreamView;

import java.lang.foreign.MemorySegment;

/**
 * The streams of a flow that both a user's consumer and the session want. The consumer is shown
 * them first; what it leaves is shown to it again, to the session everything once. Either may stop,
 * and the other goes on; {@link StreamView#fail()} is the consumer's word on the whole flow.
 */
final class SharedStream implements StreamConsumer {
    private final StreamConsumer consumer;
    private final StreamSession session;
    private final SharedView view = new SharedView();

    /** Per side, the offset behind what the session has been shown. */
    private final long[] shown = new long[2];

    /** Per side, whether the consumer wants no more. */
    private final boolean[] stopped = new boolean[2];

    /** Per side, whether it was told of the end: of a stopped one, when it is next looked at. */
    private final boolean[] left = new boolean[2];

    SharedStream(StreamConsumer consumer, StreamSession session) {
        this.consumer = consumer;
        this.session = session;
    }

    private static int number(Side side) {
        return side == Side.INITIATOR ? 0 : 1;
    }

    @Override
    public int onBytes(
            StreamView stream, MemorySegment memory, long at, int length, long timestampNanos) {
        Side side = stream.side();
        int number = number(side);
        int done = length;
        if (!stopped[number]) {
            done = consumer.onBytes(view.over(stream), memory, at, length, timestampNanos);
            obey(stream, number, timestampNanos);
            done = stopped[number] ? length : done;
        }
        int seen = Math.clamp(shown[number] - stream.offset(), 0, length);
        shown[number] = stream.offset() + length;
        session.onBytes(side, memory, at + seen, length - seen, timestampNanos);
        stopIfUnwanted(stream);
        return done;
    }

    /** What the consumer left before a gap has come to the session long before. */
    @Override
    public GapDecision onGap(StreamView stream, long length, GapCause cause, long timestampNanos) {
        Side side = stream.side();
        int number = number(side);
        if (!stopped[number]) {
            switch (consumer.onGap(view.over(stream), length, cause, timestampNanos)) {
                case STOP_SIDE -> view.stopSide();
                case STOP -> view.stop();
                case CONTINUE -> {}
            }
            obey(stream, number, timestampNanos);
        }
        long end = stream.offset() + length;
        long missing = Math.min(length, end - shown[number]);
        if (missing > 0) {
            shown[number] = end;
            session.onGap(side, missing, timestampNanos);
        }
        stopIfUnwanted(stream);
        return GapDecision.CONTINUE;
    }

    @Override
    public void onEnd(StreamView stream, StreamEnd end, long timestampNanos) {
        int number = number(stream.side());
        if (!left[number]) {
            left[number] = true;
            consumer.onEnd(stream, stopped[number] ? StreamEnd.STOPPED : end, timestampNanos);
        }
        session.onEnd(stream, end, timestampNanos);
    }

    /** Does to the consumer alone what it has asked for. */
    private void obey(StreamView stream, int number, long nanos) {
        if (view.failed()) {
            stream.fail();
        } else if (view.stopped() || view.stoppedSide()) {
            stopped[number] = true;
            stopped[1 - number] |= view.stopped();
            left[number] = true;
            consumer.onEnd(stream, StreamEnd.STOPPED, nanos);
        }
    }

    private void stopIfUnwanted(StreamView stream) {
        if (stopped[0] && stopped[1] && session.isClosed()) {
            stream.stop();
        }
    }
}
