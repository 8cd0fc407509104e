package io.flowscope.tracker.session.dns;

import io.flowscope.tracker.Side;
import io.flowscope.tracker.session.MessageSink;
import io.flowscope.tracker.session.Ports;

/**
 * What the stream and the datagram parser of a flow have in common: messages and their matching.
 */
final class DnsConversation {
    private static final int MULTICAST_DNS = 5353;
    private static final int LINK_LOCAL_RESOLUTION = 5355;

    private final DnsFactory factory;
    private final PendingQueries pending;

    /** Multicast queries are answered by others, from other ports: there is nothing to wait for. */
    private final boolean matched;

    private boolean understood;

    DnsConversation(DnsFactory factory, Ports ports) {
        this.factory = factory;
        this.pending = new PendingQueries(factory.ages());
        this.matched = !ports.either(MULTICAST_DNS) && !ports.either(LINK_LOCAL_RESOLUTION);
    }

    /**
     * One message. False if it cannot be read and none before it could; later unreadable ones are
     * counted and passed over, so that one forged packet does not end the reading of a flow.
     */
    boolean message(
            Side side, byte[] bytes, int length, long nanos, MessageSink<? super DnsMessage> sink) {
        expire(nanos, sink);
        DnsContent content = factory.reader().read(bytes, length);
        if (content == null) {
            factory.countMalformed();
            return understood;
        }
        understood = true;
        if (content.response()) {
            response(side, content, nanos, sink);
        } else {
            DnsQuery query = new DnsQuery(content);
            if (matched) {
                pending.asked(side, query, nanos);
            }
            sink.onMessage(side, nanos, query);
        }
        return true;
    }

    private void response(
            Side side, DnsContent content, long nanos, MessageSink<? super DnsMessage> sink) {
        PendingQueries.Entry entry = matched ? pending.answered(side, content) : null;
        sink.onMessage(
                side,
                nanos,
                entry == null
                        ? new DnsResponse(content, null, -1)
                        : new DnsResponse(
                                content, entry.query, Math.max(0, nanos - entry.askedNanos)));
    }

    /** Reports the queries that have waited too long, at the time when that was so. */
    void expire(long nanos, MessageSink<? super DnsMessage> sink) {
        long timeout = factory.timeoutNanos();
        PendingQueries.Entry entry = pending.oldest();
        while (entry != null && nanos - entry.askedNanos >= timeout) {
            unanswered(entry, entry.askedNanos + timeout, sink);
            entry = pending.oldest();
        }
    }

    /** Reports all queries that wait: the flow has ended. */
    void end(long nanos, MessageSink<? super DnsMessage> sink) {
        PendingQueries.Entry entry = pending.oldest();
        while (entry != null) {
            unanswered(entry, nanos, sink);
            entry = pending.oldest();
        }
    }

    private void unanswered(
            PendingQueries.Entry entry, long nanos, MessageSink<? super DnsMessage> sink) {
        pending.remove(entry);
        sink.onMessage(
                entry.key.asker(),
                nanos,
                new DnsUnanswered(
                        entry.query, entry.askedNanos, Math.max(0, nanos - entry.askedNanos)));
    }

    long wakeNanos() {
        PendingQueries.Entry entry = pending.oldest();
        return entry == null ? Long.MAX_VALUE : entry.askedNanos + factory.timeoutNanos();
    }

    void close() {
        PendingQueries.Entry entry = pending.oldest();
        while (entry != null) {
            pending.remove(entry);
            entry = pending.oldest();
        }
    }
}
