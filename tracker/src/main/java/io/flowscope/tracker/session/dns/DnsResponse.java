package io.flowscope.tracker.session.dns;

import org.jspecify.annotations.Nullable;

/**
 * A message with the response bit set.
 *
 * @param content what it says
 * @param query the query it answers; null if none was seen, it came too late, or the protocol is
 *     multicast, where nothing is matched
 * @param latencyNanos from the query's first copy to this response; −1 without a query
 */
public record DnsResponse(DnsContent content, @Nullable DnsQuery query, long latencyNanos)
        implements DnsMessage {}
