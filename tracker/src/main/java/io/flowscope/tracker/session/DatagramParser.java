package io.flowscope.tracker.session;

import io.flowscope.tracker.Side;

import java.lang.foreign.MemorySegment;

/**
 * Turns the datagrams of one flow into messages. One parser per flow, under the rules of {@link
 * SessionParser}, except that the unit is a packet: loss and reordering are for the parser to bear.
 *
 * @param <M> the kind of message
 */
public non-sealed interface DatagramParser<M> extends MessageParser<M> {
    /**
     * One datagram's payload.
     *
     * @param side who sent it
     * @param memory holds it, until this call returns
     * @param offset where it begins in the memory
     * @param length captured bytes; fewer than were sent if the capture cut the packet
     * @param timestampNanos the packet's time
     * @param sink takes the messages completed by it
     */
    ParserStatus onDatagram(
            Side side,
            MemorySegment memory,
            long offset,
            int length,
            long timestampNanos,
            MessageSink<? super M> sink);

    /** The flow has ended; the last chance to emit. */
    default void onEnd(long timestampNanos, MessageSink<? super M> sink) {}
}
