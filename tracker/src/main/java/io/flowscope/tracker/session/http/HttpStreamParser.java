package io.flowscope.tracker.session.http;

import io.flowscope.tracker.Side;
import io.flowscope.tracker.session.ByteText;
import io.flowscope.tracker.session.MessageSink;
import io.flowscope.tracker.session.ParserStatus;
import io.flowscope.tracker.session.SessionParser;
import io.flowscope.tracker.session.http.HttpSide.State;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * Reads both sides of a connection. Bytes go through a scratch array that all parsers of a tracker
 * share, except those of bodies whose bytes nobody wants: they are only counted. This class walks
 * through the bytes; {@link HttpConversation} decides what a complete head or body means.
 */
final class HttpStreamParser implements SessionParser<HttpMessage> {
    private final byte[] scratch;
    private final HttpConversation conversation;
    private final HttpSide[] sides;

    /** How much of its bytes the last {@link #consume} has read. */
    private int consumed;

    /** What followed the answer that opened a tunnel, in the same call. */
    private ByteText rest = ByteText.EMPTY;

    HttpStreamParser(HttpFactory factory) {
        this.scratch = factory.scratch();
        this.sides =
                new HttpSide[] {
                    new HttpSide(factory.options(), factory.decodeScratch()),
                    new HttpSide(factory.options(), factory.decodeScratch())
                };
        this.conversation = new HttpConversation(factory, sides);
    }

    @Override
    public ParserStatus onBytes(
            Side side,
            MemorySegment memory,
            long offset,
            int length,
            long timestampNanos,
            MessageSink<? super HttpMessage> sink) {
        HttpSide in = side(side);
        conversation.now(timestampNanos, sink);
        long at = offset;
        long end = offset + length;
        ParserStatus status = ParserStatus.CONTINUE;
        while (at < end && status == ParserStatus.CONTINUE) {
            long skippable = skippable(in, end - at);
            if (skippable > 0) {
                at += skippable;
                in.body.skip(skippable);
                status = advance(in, skippable);
            } else {
                int count = (int) Math.min(scratch.length, end - at);
                MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, at, scratch, 0, count);
                at += count;
                status = consume(in, scratch, count);
                if (conversation.opensTunnel()) {
                    long behind = at - (count - consumed);
                    rest = copy(memory, behind, (int) (end - behind));
                }
            }
        }
        return conversation.settle(status);
    }

    private static ByteText copy(MemorySegment memory, long from, int length) {
        byte[] bytes = memory.asSlice(from, length).toArray(ValueLayout.JAVA_BYTE);
        return ByteText.copyOf(bytes, 0, length);
    }

    private HttpSide side(Side side) {
        return side == Side.INITIATOR ? sides[0] : sides[1];
    }

    private static long skippable(HttpSide in, long available) {
        if (in.state == State.STREAM_BODY && !in.body.wantsBytes()) {
            return available;
        }
        boolean counted = in.state == State.LENGTH_BODY || in.state == State.CHUNK;
        return counted && !in.body.wantsBytes() ? Math.min(available, in.remaining) : 0;
    }

    /** Goes on in a body by bytes that its collector has, or has counted. */
    private ParserStatus advance(HttpSide in, long count) {
        if (in.state == State.STREAM_BODY) {
            return ParserStatus.CONTINUE;
        }
        in.remaining -= count;
        if (in.remaining > 0) {
            return ParserStatus.CONTINUE;
        }
        if (in.state == State.CHUNK) {
            in.enter(State.CHUNK_END);
            return ParserStatus.CONTINUE;
        }
        return messageComplete(in, HttpHeaders.NONE);
    }

    private ParserStatus consume(HttpSide in, byte[] bytes, int to) {
        int at = 0;
        ParserStatus status = ParserStatus.CONTINUE;
        while (at < to && status == ParserStatus.CONTINUE) {
            switch (in.state) {
                case LENGTH_BODY, CHUNK, STREAM_BODY -> {
                    int count =
                            in.state == State.STREAM_BODY
                                    ? to - at
                                    : (int) Math.min(in.remaining, to - at);
                    in.body.bytes(bytes, at, at + count);
                    at += count;
                    status = advance(in, count);
                }
                case UNDECIDED -> {
                    boolean held = in.line.append(bytes, at, to - at);
                    at = to;
                    status = held ? ParserStatus.CONTINUE : ParserStatus.DONE;
                }
                case HEAD, CHUNK_LINE, CHUNK_END, TRAILER -> {
                    if (in.state == State.HEAD && in.line.length() == 0) {
                        if (!StartLine.maybeFirst(bytes[at])) {
                            return conversation.fail("neither a request nor a response");
                        }
                        in.startedNanos = conversation.nowNanos();
                    }
                    at = in.takeLine(bytes, at, to);
                    if (at < 0) {
                        return conversation.fail("a head longer than the limit");
                    }
                    if (in.lineComplete()) {
                        status = lineComplete(in);
                    }
                }
            }
        }
        consumed = at;
        return status;
    }

    private ParserStatus lineComplete(HttpSide in) {
        boolean blank = in.lineBlank();
        switch (in.state) {
            case HEAD -> {
                if (!blank) {
                    if (in.startLineStrange()) {
                        return conversation.fail("neither a request nor a response");
                    }
                    in.lineStart = in.line.length();
                } else if (in.lineStart == 0) {
                    in.line.clear();
                } else {
                    return headComplete(in);
                }
            }
            case CHUNK_LINE -> {
                return chunkLine(in);
            }
            case CHUNK_END -> {
                if (!blank) {
                    return conversation.fail("no line end after a chunk");
                }
                in.enter(State.CHUNK_LINE);
            }
            case TRAILER -> {
                in.lineStart = in.line.length();
                if (blank) {
                    return messageComplete(in, conversation.trailers(in));
                }
            }
            case LENGTH_BODY, STREAM_BODY, CHUNK, UNDECIDED -> {}
        }
        return ParserStatus.CONTINUE;
    }

    private ParserStatus chunkLine(HttpSide in) {
        long size = ChunkLine.size(in.line.bytes(), in.line.length());
        if (size < 0) {
            return conversation.fail("a chunk without a length");
        }
        in.remaining = size;
        in.enter(size == 0 ? State.TRAILER : State.CHUNK);
        return ParserStatus.CONTINUE;
    }

    private ParserStatus headComplete(HttpSide in) {
        return resumed(conversation.head(in));
    }

    private ParserStatus messageComplete(HttpSide in, HttpHeaders trailers) {
        return resumed(conversation.complete(in, true, trailers));
    }

    /** An answer may have decided that the bytes held on the other side are HTTP after all. */
    private ParserStatus resumed(ParserStatus status) {
        HttpSide waiting = conversation.takeResumed();
        if (waiting == null || status != ParserStatus.CONTINUE) {
            return status;
        }
        byte[] held = Arrays.copyOf(waiting.line.bytes(), waiting.line.length());
        waiting.enter(State.HEAD);
        return consume(waiting, held, held.length);
    }

    @Override
    public ParserStatus onGap(
            Side side,
            long lengthBytes,
            long timestampNanos,
            MessageSink<? super HttpMessage> sink) {
        HttpSide in = side(side);
        conversation.now(timestampNanos, sink);
        boolean within =
                in.state == State.STREAM_BODY
                        || ((in.state == State.LENGTH_BODY || in.state == State.CHUNK)
                                && lengthBytes <= in.remaining);
        if (!within) {
            return conversation.settle(ParserStatus.DONE);
        }
        in.body.gap(lengthBytes);
        return conversation.settle(advance(in, lengthBytes));
    }

    @Override
    public ParserStatus onEnd(
            Side side, long timestampNanos, MessageSink<? super HttpMessage> sink) {
        HttpSide in = side(side);
        conversation.now(timestampNanos, sink);
        if (in.ended) {
            return ParserStatus.CONTINUE;
        }
        in.ended = true;
        ParserStatus status = ParserStatus.CONTINUE;
        if (in.bodyOpen) {
            boolean complete = in.state == State.STREAM_BODY;
            status = resumed(conversation.complete(in, complete, HttpHeaders.NONE));
        }
        boolean over = sides[0].ended && sides[1].ended;
        return conversation.settle(over ? ParserStatus.DONE : status);
    }

    @Override
    public long heldBytes() {
        return sides[0].heldBytes() + sides[1].heldBytes();
    }

    @Override
    public String failure() {
        return conversation.failure();
    }

    @Override
    public boolean opensTunnel() {
        return conversation.opensTunnel();
    }

    /** The asker's are those that were held until it was decided whether they are HTTP. */
    @Override
    public ByteText tunnelled(Side side) {
        HttpSide of = side(side);
        return of.state == State.UNDECIDED
                ? ByteText.copyOf(of.line.bytes(), 0, of.line.length())
                : of.role == HttpSide.Role.RESPONSES ? rest : ByteText.EMPTY;
    }

    @Override
    public void close() {
        for (HttpSide side : sides) {
            side.body.close();
            side.line.release();
        }
    }
}
