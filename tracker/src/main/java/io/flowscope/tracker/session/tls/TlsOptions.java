package io.flowscope.tracker.session.tls;

/**
 * How TLS is read.
 *
 * @param maxHandshakeBytes longest handshake message that is gathered; a longer hello fails the
 *     parser, a longer certificate message is passed over. Default 128 KiB
 * @param certificates whether certificates are given out; default true
 */
public record TlsOptions(int maxHandshakeBytes, boolean certificates) {
    /** The defaults. */
    public static final TlsOptions DEFAULT = new TlsOptions(128 * 1024, true);

    /** Checks the values. */
    public TlsOptions {
        if (maxHandshakeBytes < 1024 || maxHandshakeBytes > 1 << 24) {
            throw new IllegalArgumentException(
                    "maxHandshakeBytes: 1024 to 16777216, was " + maxHandshakeBytes);
        }
    }
}
