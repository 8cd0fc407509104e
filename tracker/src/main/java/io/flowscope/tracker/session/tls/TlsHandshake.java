package io.flowscope.tracker.session.tls;

import org.jspecify.annotations.Nullable;

/**
 * All that was visible of a handshake, given once: when both sides are encrypted, or the flow ended
 * before. At least one hello is there.
 *
 * @param clientHello the first one; null if it was not seen
 * @param serverHello the one that chose, not a retry request; null if none was seen
 * @param certificates the server's; null if hidden or absent
 */
public record TlsHandshake(
        @Nullable ClientHello clientHello,
        @Nullable ServerHello serverHello,
        @Nullable TlsCertificates certificates)
        implements TlsMessage {

    /** Whether an earlier session was taken up again, as far as the hellos tell. */
    public boolean resumed() {
        if (serverHello == null || clientHello == null) {
            return false;
        }
        if (serverHello.version() >= TlsNames.TLS13) {
            return serverHello.preSharedKey();
        }
        return !serverHello.sessionId().isEmpty()
                && serverHello.sessionId().equals(clientHello.sessionId());
    }
}
