package io.flowscope.tracker.session;

import io.flowscope.tracker.Side;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;

/**
 * A conversation to feed to a stream parser, cut in any way. Each piece is handed over in a segment
 * of exactly its size that is closed afterwards, so a read beyond it or after the call throws.
 */
public final class Talk {
    /** A step of the conversation. */
    private sealed interface Step {}

    @SuppressWarnings("ArrayRecordComponent")
    private record Say(Side side, byte[] bytes) implements Step {}

    private record Gap(Side side, long length) implements Step {}

    private record End(Side side) implements Step {}

    /** A message as a sink sees it. */
    public record Heard(Side side, long nanos, Object message) {}

    /** How a run ended. */
    public record Run(List<Heard> heard, ParserStatus status, String failure, long maxHeldBytes) {
        /** The messages of one kind. */
        public <T> List<T> all(Class<T> kind) {
            return heard.stream()
                    .map(Heard::message)
                    .filter(kind::isInstance)
                    .map(kind::cast)
                    .toList();
        }

        /** The only message of one kind. */
        public <T> T only(Class<T> kind) {
            List<T> all = all(kind);
            if (all.size() != 1) {
                throw new AssertionError(all.size() + " of " + kind.getSimpleName() + ": " + heard);
            }
            return all.getFirst();
        }
    }

    private final List<Step> steps = new ArrayList<>();

    /** Adds bytes from the initiator. */
    public Talk client(String latin1) {
        return client(latin1.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Adds bytes from the initiator. */
    public Talk client(byte[] bytes) {
        return say(Side.INITIATOR, bytes);
    }

    /** Adds bytes from the responder. */
    public Talk server(String latin1) {
        return server(latin1.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Adds bytes from the responder. */
    public Talk server(byte[] bytes) {
        return say(Side.RESPONDER, bytes);
    }

    /** Adds bytes from one side. */
    public Talk say(Side side, byte[] bytes) {
        steps.add(new Say(side, bytes.clone()));
        return this;
    }

    /** Adds a hole. */
    public Talk gap(Side side, long length) {
        steps.add(new Gap(side, length));
        return this;
    }

    /** Adds the end of one side's stream. */
    public Talk end(Side side) {
        steps.add(new End(side));
        return this;
    }

    /** How many bytes are said. */
    public int length() {
        return steps.stream().mapToInt(s -> s instanceof Say say ? say.bytes().length : 0).sum();
    }

    /** All that is said, for mutation. */
    public byte[] bytes() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (Step step : steps) {
            if (step instanceof Say say) {
                all.writeBytes(say.bytes());
            }
        }
        return all.toByteArray();
    }

    /** The same conversation with other bytes, as many. */
    public Talk withBytes(byte[] all) {
        Talk other = new Talk();
        int at = 0;
        for (Step step : steps) {
            if (step instanceof Say say) {
                byte[] part = Arrays.copyOfRange(all, at, at + say.bytes().length);
                other.say(say.side(), part);
                at += part.length;
            } else {
                other.steps.add(step);
            }
        }
        return other;
    }

    /** Runs it whole. */
    public <M> Run whole(Supplier<? extends SessionParser<M>> parsers) {
        return run(parsers, left -> left);
    }

    /**
     * Runs it in pieces.
     *
     * @param piece how long the next piece is, given how much of a step is left
     */
    public <M> Run run(Supplier<? extends SessionParser<M>> parsers, IntUnaryOperator piece) {
        List<Heard> heard = new ArrayList<>();
        MessageSink<M> sink = (side, nanos, message) -> heard.add(new Heard(side, nanos, message));
        SessionParser<M> parser = parsers.get();
        ParserStatus status = ParserStatus.CONTINUE;
        long held = 0;
        long now = 1_000_000_000L;
        for (Step step : steps) {
            if (status != ParserStatus.CONTINUE) {
                break;
            }
            now += 1_000_000;
            status =
                    switch (step) {
                        case Say say -> say(parser, say, now, piece, sink);
                        case Gap gap -> parser.onGap(gap.side(), gap.length(), now, sink);
                        case End end -> parser.onEnd(end.side(), now, sink);
                    };
            held = Math.max(held, parser.heldBytes());
        }
        for (Side side : Side.values()) {
            if (status == ParserStatus.CONTINUE && !steps.contains(new End(side))) {
                status = parser.onEnd(side, now, sink);
            }
        }
        String failure = parser.failure();
        parser.close();
        return new Run(heard, status, failure, held);
    }

    private static <M> ParserStatus say(
            SessionParser<M> parser,
            Say say,
            long now,
            IntUnaryOperator piece,
            MessageSink<M> sink) {
        int at = 0;
        ParserStatus status = ParserStatus.CONTINUE;
        while (at < say.bytes().length && status == ParserStatus.CONTINUE) {
            int left = say.bytes().length - at;
            int length = Math.max(1, Math.min(left, piece.applyAsInt(left)));
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment memory = arena.allocate(length);
                MemorySegment.copy(say.bytes(), at, memory, ValueLayout.JAVA_BYTE, 0, length);
                status = parser.onBytes(say.side(), memory, 0, length, now, sink);
            }
            at += length;
        }
        return status;
    }
}
