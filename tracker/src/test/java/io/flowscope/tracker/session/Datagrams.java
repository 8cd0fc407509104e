package io.flowscope.tracker.session;

import io.flowscope.tracker.Side;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * Feeds datagrams to a parser, each in a segment of exactly its size that is closed afterwards.
 *
 * @param <M> the kind of message
 */
public final class Datagrams<M> {
    private final DatagramParser<M> parser;
    private final List<Talk.Heard> heard = new ArrayList<>();

    /** Feeds this parser. */
    public Datagrams(DatagramParser<M> parser) {
        this.parser = parser;
    }

    private void hear(Side side, long nanos, M message) {
        heard.add(new Talk.Heard(side, nanos, message));
    }

    /** A datagram from the initiator. */
    public ParserStatus client(long nanos, byte[] bytes) {
        return say(Side.INITIATOR, nanos, bytes);
    }

    /** A datagram from the responder. */
    public ParserStatus server(long nanos, byte[] bytes) {
        return say(Side.RESPONDER, nanos, bytes);
    }

    /** A datagram. */
    public ParserStatus say(Side side, long nanos, byte[] bytes) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(Math.max(1, bytes.length));
            MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, 0, bytes.length);
            return parser.onDatagram(
                    side, memory.asSlice(0, bytes.length), 0, bytes.length, nanos, this::hear);
        }
    }

    /** Packet time goes on. */
    public ParserStatus time(long nanos) {
        return parser.onTime(nanos, this::hear);
    }

    /** The flow ends. */
    public void end(long nanos) {
        parser.onEnd(nanos, this::hear);
    }

    /** What was heard since the last call. */
    public List<Object> take() {
        List<Object> messages = heard.stream().map(Talk.Heard::message).toList();
        heard.clear();
        return messages;
    }

    /** The only message heard since the last call. */
    public <T> T only(Class<T> kind) {
        List<Object> messages = take();
        if (messages.size() != 1) {
            throw new AssertionError("not one message: " + messages);
        }
        return kind.cast(messages.getFirst());
    }
}
