package io.flowscope.tracker.session;

import io.flowscope.tracker.Side;

import java.lang.foreign.MemorySegment;

/**
 * Turns the two byte streams of one flow into messages. One parser per flow, called by the thread
 * that tracks the flow and by no other.
 *
 * <p>Rules for an implementation:
 *
 * <ol>
 *   <li>However a stream is cut into calls, the messages are the same.
 *   <li>The memory is valid during the call only; what is needed later is copied, and the amount
 *       has a bound.
 *   <li>Nothing that the bytes contain makes it throw, loop, or hold more than its bound.
 *   <li>After {@link ParserStatus#DONE} or {@link ParserStatus#FAILED} it is only closed.
 * </ol>
 *
 * @param <M> the kind of message
 */
public non-sealed interface SessionParser<M> extends MessageParser<M> {
    /**
     * The next bytes of one side's stream, in order.
     *
     * @param side who sent them
     * @param memory holds them, until this call returns
     * @param offset where they begin in the memory
     * @param length how many they are, at least 1
     * @param timestampNanos the time of the packet that made them available
     * @param sink takes the messages completed by them
     */
    ParserStatus onBytes(
            Side side,
            MemorySegment memory,
            long offset,
            int length,
            long timestampNanos,
            MessageSink<? super M> sink);

    /**
     * Bytes of one side's stream are missing and will not come. A parser that can step over them
     * (inside a body whose length is known) does; the default stops, and a parser that overrides
     * this emits what it has before it says {@link ParserStatus#DONE}.
     */
    default ParserStatus onGap(
            Side side, long lengthBytes, long timestampNanos, MessageSink<? super M> sink) {
        return ParserStatus.DONE;
    }

    /** One side's stream has ended: its FIN was reached. */
    default ParserStatus onEnd(Side side, long timestampNanos, MessageSink<? super M> sink) {
        return ParserStatus.CONTINUE;
    }

    /**
     * One side's stream breaks off: a reset, or the flow ended before a FIN. At the end of a flow
     * it is called for each side that has not ended yet, initiator first. For those to whom a
     * stream's end says nothing it is an end like any other.
     */
    default ParserStatus onCut(Side side, long timestampNanos, MessageSink<? super M> sink) {
        return onEnd(side, timestampNanos, sink);
    }

    /**
     * Whether what follows {@link ParserStatus#DONE} is another protocol's stream from its
     * beginning, as after CONNECT; the next bytes are then probed anew.
     */
    default boolean opensTunnel() {
        return false;
    }

    /**
     * Asked once, after a tunnel was opened: bytes of a side that the parser was shown and that are
     * the beginning of what follows, in the same call as the answer or sent ahead of it.
     */
    default ByteText tunnelled(Side side) {
        return ByteText.EMPTY;
    }
}
