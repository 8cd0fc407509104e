package io.flowscope.tracker.session.dns;

import io.flowscope.tracker.session.SessionMessage;

/** What DNS flows say. */
public sealed interface DnsMessage extends SessionMessage
        permits DnsQuery, DnsResponse, DnsUnanswered {}
