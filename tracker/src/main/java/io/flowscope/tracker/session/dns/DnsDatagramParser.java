package io.flowscope.tracker.session.dns;

import io.flowscope.tracker.Side;
import io.flowscope.tracker.session.DatagramParser;
import io.flowscope.tracker.session.MessageSink;
import io.flowscope.tracker.session.ParserStatus;
import io.flowscope.tracker.session.Ports;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * DNS in UDP: one message per datagram. What is none is passed over; only a flow that begins with
 * several such datagrams is no DNS at all, so that one of them in front hides nothing.
 */
final class DnsDatagramParser implements DatagramParser<DnsMessage> {
    private static final int STRANGE_AT_FIRST = 3;

    private final DnsFactory factory;
    private final DnsConversation conversation;
    private int strange;
    private String failure = "";

    DnsDatagramParser(DnsFactory factory, Ports ports) {
        this.factory = factory;
        this.conversation = new DnsConversation(factory, ports);
    }

    @Override
    public ParserStatus onDatagram(
            Side side,
            MemorySegment memory,
            long offset,
            int length,
            long timestampNanos,
            MessageSink<? super DnsMessage> sink) {
        byte[] scratch = factory.scratch();
        int copied = Math.min(length, scratch.length);
        MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, offset, scratch, 0, copied);
        if (conversation.message(side, scratch, copied, timestampNanos, sink)
                || ++strange < STRANGE_AT_FIRST) {
            return ParserStatus.CONTINUE;
        }
        failure = "not DNS: " + factory.reader().refusal();
        return ParserStatus.FAILED;
    }

    @Override
    public void onEnd(long timestampNanos, MessageSink<? super DnsMessage> sink) {
        conversation.end(timestampNanos, sink);
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
    public String failure() {
        return failure;
    }

    @Override
    public void close() {
        conversation.close();
    }
}
