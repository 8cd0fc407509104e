package io.flowscope.tracker.session.quic;

import io.flowscope.tracker.session.ByteText;

/**
 * A side's first Initial packet that could be opened.
 *
 * @param version 1, or 0x6b3343cf for version 2, or 0xff00001d and above for drafts
 * @param destinationId the connection id of the receiver
 * @param sourceId the connection id of the sender
 * @param tokenBytes how long the token is; 0 without one
 */
public record QuicInitial(int version, ByteText destinationId, ByteText sourceId, int tokenBytes)
        implements QuicMessage {}
