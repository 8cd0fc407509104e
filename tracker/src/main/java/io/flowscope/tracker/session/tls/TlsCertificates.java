package io.flowscope.tracker.session.tls;

import java.util.List;

/**
 * A Certificate message; visible up to TLS 1.2.
 *
 * @param chain the sender's own certificate first
 */
public record TlsCertificates(List<TlsCertificate> chain) implements TlsMessage {}
