package io.flowscope.tracker.session.flow;

import io.flowscope.tracker.Side;
import io.flowscope.tracker.session.ByteText;
import io.flowscope.tracker.session.DatagramParser;
import io.flowscope.tracker.session.MessageSink;
import io.flowscope.tracker.session.ParserStatus;
import io.flowscope.tracker.session.SessionParser;

import java.lang.foreign.MemorySegment;

/** A stream or a datagram parser with the sink that belongs to it, as one kind of thing. */
abstract sealed class Reader {
    abstract ParserStatus onBytes(
            Side side, MemorySegment memory, long offset, int length, long nanos);

    abstract ParserStatus onGap(Side side, long lengthBytes, long nanos);

    abstract ParserStatus onEnd(Side side, long nanos);

    abstract ParserStatus onTime(long nanos);

    abstract long wakeNanos();

    abstract long heldBytes();

    abstract String failure();

    abstract boolean opensTunnel();

    abstract ByteText tunnelled(Side side);

    abstract void close();

    /** Reads streams. */
    static final class OfStream<M> extends Reader {
        private final SessionParser<M> parser;
        private final MessageSink<Object> sink;

        OfStream(SessionParser<M> parser, MessageSink<Object> sink) {
            this.parser = parser;
            this.sink = sink;
        }

        @Override
        ParserStatus onBytes(Side side, MemorySegment memory, long offset, int length, long nanos) {
            return parser.onBytes(side, memory, offset, length, nanos, sink);
        }

        @Override
        ParserStatus onGap(Side side, long lengthBytes, long nanos) {
            return parser.onGap(side, lengthBytes, nanos, sink);
        }

        @Override
        ParserStatus onEnd(Side side, long nanos) {
            return parser.onEnd(side, nanos, sink);
        }

        @Override
        ParserStatus onTime(long nanos) {
            return parser.onTime(nanos, sink);
        }

        @Override
        long wakeNanos() {
            return parser.wakeNanos();
        }

        @Override
        long heldBytes() {
            return parser.heldBytes();
        }

        @Override
        String failure() {
            return parser.failure();
        }

        @Override
        boolean opensTunnel() {
            return parser.opensTunnel();
        }

        @Override
        ByteText tunnelled(Side side) {
            return parser.tunnelled(side);
        }

        @Override
        void close() {
            parser.close();
        }
    }

    /** Reads datagrams. */
    static final class OfDatagrams<M> extends Reader {
        private final DatagramParser<M> parser;
        private final MessageSink<Object> sink;

        OfDatagrams(DatagramParser<M> parser, MessageSink<Object> sink) {
            this.parser = parser;
            this.sink = sink;
        }

        @Override
        ParserStatus onBytes(Side side, MemorySegment memory, long offset, int length, long nanos) {
            return parser.onDatagram(side, memory, offset, length, nanos, sink);
        }

        @Override
        ParserStatus onGap(Side side, long lengthBytes, long nanos) {
            return ParserStatus.CONTINUE;
        }

        /** A flow of datagrams ends once, for both sides. */
        @Override
        ParserStatus onEnd(Side side, long nanos) {
            if (side == Side.RESPONDER) {
                parser.onEnd(nanos, sink);
            }
            return ParserStatus.CONTINUE;
        }

        @Override
        ParserStatus onTime(long nanos) {
            return parser.onTime(nanos, sink);
        }

        @Override
        long wakeNanos() {
            return parser.wakeNanos();
        }

        @Override
        long heldBytes() {
            return parser.heldBytes();
        }

        @Override
        String failure() {
            return parser.failure();
        }

        @Override
        boolean opensTunnel() {
            return false;
        }

        @Override
        ByteText tunnelled(Side side) {
            return ByteText.EMPTY;
        }

        @Override
        void close() {
            parser.close();
        }
    }
}
