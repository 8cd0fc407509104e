package io.flowscope.tracker.session.dns;

/**
 * A query for which no response came within the time limit, or before its flow ended.
 *
 * @param query the query
 * @param askedNanos when it was first sent
 * @param waitedNanos how long it had been waiting
 */
public record DnsUnanswered(DnsQuery query, long askedNanos, long waitedNanos)
        implements DnsMessage {}
