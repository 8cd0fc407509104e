package io.flowscope.tracker.session.dns;

/**
 * A message with the response bit clear: a query, a notification, an update.
 *
 * @param content what it says
 */
public record DnsQuery(DnsContent content) implements DnsMessage {}
