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
public interface SessionParser<M> extends AutoCloseable {
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

    /**
     * One side's stream has ended: its FIN was reached, or the flow ended. At the end of a flow it
     * is called for each side that has not ended yet, initiator first.
     */
    default ParserStatus onEnd(Side side, long timestampNanos, MessageSink<? super M> sink) {
        return ParserStatus.CONTINUE;
    }

    /** Packet time has reached {@link #wakeNanos()}; the place for time limits. */
    default ParserStatus onTime(long nowNanos, MessageSink<? super M> sink) {
        return ParserStatus.CONTINUE;
    }

    /** When {@link #onTime} is wanted, in packet time; {@link Long#MAX_VALUE} for never. */
    default long wakeNanos() {
        return Long.MAX_VALUE;
    }

    /** Bytes held at the moment, for the bound over all parsers of a tracker. */
    default long heldBytes() {
        return 0;
    }

    /** Why the parser failed, as one sentence; empty as long as it has not. */
    default String failure() {
        return "";
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

    /** Releases what the parser holds. Called once, last; emits nothing. */
    @Override
    default void close() {}
}
