package io.flowscope.tracker.session.quic;

import io.flowscope.tracker.session.SessionMessage;

/**
 * What QUIC itself says. The hellos inside come as {@link
 * io.flowscope.tracker.session.tls.TlsMessage}.
 */
public sealed interface QuicMessage extends SessionMessage
        permits QuicInitial, QuicRetry, QuicVersionNegotiation {}
