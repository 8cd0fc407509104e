package io.flowscope.tracker.session.tls;

import io.flowscope.tracker.Side;
import io.flowscope.tracker.session.MessageSink;
import io.flowscope.tracker.session.ParserStatus;
import io.flowscope.tracker.session.SessionParser;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Walks through the records of both sides.
 *
 * <pre>
 *   type 1 | version 2 | length 2 | payload …
 * </pre>
 *
 * <p>The bytes of a side that has become encrypted are not looked at.
 */
final class TlsStreamParser implements SessionParser<TlsMessage> {
    private final byte[] scratch;
    private final TlsConversation conversation;
    private final RecordReader[] readers;
    private int ended;

    TlsStreamParser(TlsFactory factory) {
        this.scratch = factory.scratch();
        this.conversation = new TlsConversation();
        this.readers =
                new RecordReader[] {
                    new RecordReader(conversation, Side.INITIATOR, factory.options()),
                    new RecordReader(conversation, Side.RESPONDER, factory.options())
                };
    }

    private RecordReader reader(Side side) {
        return readers[side == Side.INITIATOR ? 0 : 1];
    }

    @Override
    public ParserStatus onBytes(
            Side side,
            MemorySegment memory,
            long offset,
            int length,
            long timestampNanos,
            MessageSink<? super TlsMessage> sink) {
        RecordReader reader = reader(side);
        conversation.begin(timestampNanos, sink);
        long at = offset;
        long end = offset + length;
        ParserStatus status = ParserStatus.CONTINUE;
        while (at < end && status == ParserStatus.CONTINUE && !reader.encrypted()) {
            int skipped = reader.skip(end - at);
            if (skipped > 0) {
                at += skipped;
            } else {
                int count = (int) Math.min(scratch.length, end - at);
                MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, at, scratch, 0, count);
                at += count;
                status = reader.read(scratch, count);
            }
        }
        if (status == ParserStatus.CONTINUE && bothEncrypted()) {
            status = ParserStatus.DONE;
        }
        return conversation.settle(status);
    }

    private boolean bothEncrypted() {
        return readers[0].encrypted() && readers[1].encrypted();
    }

    @Override
    public ParserStatus onGap(
            Side side,
            long lengthBytes,
            long timestampNanos,
            MessageSink<? super TlsMessage> sink) {
        if (reader(side).encrypted()) {
            return ParserStatus.CONTINUE;
        }
        conversation.begin(timestampNanos, sink);
        return conversation.settle(ParserStatus.DONE);
    }

    @Override
    public ParserStatus onEnd(
            Side side, long timestampNanos, MessageSink<? super TlsMessage> sink) {
        ended |= side == Side.INITIATOR ? 1 : 2;
        if (ended != 3) {
            return ParserStatus.CONTINUE;
        }
        conversation.begin(timestampNanos, sink);
        return conversation.settle(ParserStatus.DONE);
    }

    @Override
    public long heldBytes() {
        return (long) readers[0].heldBytes() + readers[1].heldBytes();
    }

    @Override
    public String failure() {
        return conversation.failure();
    }

    @Override
    public void close() {
        readers[0].release();
        readers[1].release();
    }
}
