package io.flowscope.tracker.session.dns;

import io.flowscope.tracker.Side;
import io.flowscope.tracker.session.MessageSink;
import io.flowscope.tracker.session.ParserStatus;
import io.flowscope.tracker.session.Ports;
import io.flowscope.tracker.session.SessionParser;
import io.flowscope.tracker.session.buffer.GrowingBytes;

import java.lang.foreign.MemorySegment;

/** DNS in TCP: each message after its length in two bytes. */
final class DnsStreamParser implements SessionParser<DnsMessage> {
    private static final int PREFIX_BYTES = 2;

    private final DnsFactory factory;
    private final DnsConversation conversation;
    private final GrowingBytes[] held = {
        new GrowingBytes(PREFIX_BYTES + 0xffff), new GrowingBytes(PREFIX_BYTES + 0xffff)
    };
    private String failure = "";

    /** A bit per side. */
    private int ended;

    DnsStreamParser(DnsFactory factory, Ports ports) {
        this.factory = factory;
        this.conversation = new DnsConversation(factory, ports);
    }

    @Override
    public ParserStatus onBytes(
            Side side,
            MemorySegment memory,
            long offset,
            int length,
            long timestampNanos,
            MessageSink<? super DnsMessage> sink) {
        GrowingBytes part = held[index(side)];
        long at = offset;
        long end = offset + length;
        while (at < end) {
            int wanted = wanted(part);
            int taken = (int) Math.min(wanted - part.length(), end - at);
            part.append(memory, at, taken);
            at += taken;
            if (part.length() == wanted && wanted > PREFIX_BYTES) {
                if (!message(side, part, timestampNanos, sink)) {
                    return ParserStatus.FAILED;
                }
                part.clear();
            } else if (part.length() == PREFIX_BYTES
                    && wanted(part) < PREFIX_BYTES + DnsReader.HEADER_BYTES) {
                failure = "not DNS: length shorter than a header";
                return ParserStatus.FAILED;
            }
        }
        return ParserStatus.CONTINUE;
    }

    private static int index(Side side) {
        return side == Side.INITIATOR ? 0 : 1;
    }

    /** How many bytes the prefix, or with it the message, takes. */
    private static int wanted(GrowingBytes part) {
        if (part.length() < PREFIX_BYTES) {
            return PREFIX_BYTES;
        }
        byte[] bytes = part.bytes();
        return PREFIX_BYTES + (((bytes[0] & 0xff) << 8) | (bytes[1] & 0xff));
    }

    private boolean message(
            Side side, GrowingBytes part, long nanos, MessageSink<? super DnsMessage> sink) {
        int length = part.length() - PREFIX_BYTES;
        byte[] scratch = factory.scratch();
        System.arraycopy(part.bytes(), PREFIX_BYTES, scratch, 0, length);
        if (conversation.message(side, scratch, length, nanos, sink)) {
            return true;
        }
        failure = "not DNS: " + factory.reader().refusal();
        return false;
    }

    @Override
    public ParserStatus onGap(
            Side side,
            long lengthBytes,
            long timestampNanos,
            MessageSink<? super DnsMessage> sink) {
        conversation.end(timestampNanos, sink);
        return ParserStatus.DONE;
    }

    @Override
    public ParserStatus onEnd(
            Side side, long timestampNanos, MessageSink<? super DnsMessage> sink) {
        ended |= 1 << index(side);
        if (ended == 3) {
            conversation.end(timestampNanos, sink);
            return ParserStatus.DONE;
        }
        return ParserStatus.CONTINUE;
    }

    @Override
    public ParserStatus onTime(long nowNanos, MessageSink<? super DnsMessage> sink) {
        conversation.expire(nowNanos, sink);
        return ParserStatus.CONTINUE;
    }

    @Override
    public long wakeNanos() {
        return conversation.wakeNanos();
    }

    @Override
    public long heldBytes() {
        return (long) held[0].heldBytes() + held[1].heldBytes();
    }

    @Override
    public String failure() {
        return failure;
    }

    @Override
    public void close() {
        conversation.close();
        held[0].release();
        held[1].release();
    }
}
