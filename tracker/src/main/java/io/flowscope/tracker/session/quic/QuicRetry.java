package io.flowscope.tracker.session.quic;

import io.flowscope.tracker.session.ByteText;

/**
 * A server asks the client to begin again with a token.
 *
 * @param version of QUIC
 * @param destinationId the client's connection id
 * @param sourceId the connection id that the client is to use, and from which new keys follow
 */
public record QuicRetry(int version, ByteText destinationId, ByteText sourceId)
        implements QuicMessage {}
