package io.flowscope.tracker.session.tls;

/**
 * An alert that was not encrypted.
 *
 * @param level 1 warning, 2 fatal
 * @param description the registered number
 */
public record TlsAlert(int level, int description) implements TlsMessage {
    /** The registered name, such as {@code handshake_failure}. */
    public String descriptionName() {
        return TlsNames.alert(description);
    }
}
