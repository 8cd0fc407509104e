package io.flowscope.tracker.session.tls;

import io.flowscope.tracker.session.SessionMessage;

/** What the visible part of a TLS connection says. */
public sealed interface TlsMessage extends SessionMessage
        permits ClientHello, ServerHello, TlsCertificates, TlsAlert, TlsHandshake {}
