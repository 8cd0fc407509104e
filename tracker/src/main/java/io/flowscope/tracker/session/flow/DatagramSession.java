package io.flowscope.tracker.session.flow;

import io.flowscope.tracker.Side;
import io.flowscope.tracker.session.ByteText;
import io.flowscope.tracker.session.DatagramParser;
import io.flowscope.tracker.session.MessageParser;
import io.flowscope.tracker.session.ParserStatus;
import io.flowscope.tracker.session.Ports;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;

/** The session of a UDP flow: no gaps, no tunnels, and one end for both sides. */
final class DatagramSession extends FlowSession {
    private @Nullable DatagramParser<?> reader;

    DatagramSession(Sessions sessions, int record, Opening opening) {
        super(sessions, record, opening);
    }

    @Override
    @Nullable MessageParser<?> newParser(Bound<?> bound, Ports ports) {
        reader = bound.newDatagramParser(ports);
        return reader;
    }

    @Override
    void forgetParser() {
        reader = null;
    }

    private DatagramParser<?> reader() {
        DatagramParser<?> present = reader;
        if (present == null) {
            throw new IllegalStateException("the session has no parser");
        }
        return present;
    }

    @Override
    ParserStatus read(Side side, MemorySegment memory, long offset, int length, long nanos) {
        return reader().onDatagram(side, memory, offset, length, nanos, this);
    }

    @Override
    ParserStatus readGap(Side side, long lengthBytes, long nanos) {
        return ParserStatus.CONTINUE;
    }

    @Override
    ParserStatus readEnd(Side side, boolean whole, long nanos) {
        if (side == Side.RESPONDER) {
            reader().onEnd(nanos, this);
        }
        return ParserStatus.CONTINUE;
    }

    @Override
    boolean opensTunnel() {
        return false;
    }

    @Override
    ByteText tunnelled(Side side) {
        return ByteText.EMPTY;
    }
}
