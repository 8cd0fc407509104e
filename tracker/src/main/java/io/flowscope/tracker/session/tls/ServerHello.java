package io.flowscope.tracker.session.tls;

import io.flowscope.tracker.session.ByteText;

import org.jspecify.annotations.Nullable;

/**
 * A server's choice.
 *
 * <pre>
 *   version 2 | random 32 | session id 1+n | cipher suite 2 | compression 1 | extensions 2+n
 * </pre>
 *
 * @param quic whether it came in QUIC, not TCP
 * @param legacyVersion the version field
 * @param random 32 bytes
 * @param sessionId of the session, or the client's filler in TLS 1.3
 * @param cipherSuite the one chosen
 * @param compressionMethod the one chosen
 * @param extensions their types, in the order sent
 * @param selectedVersion from the extension of TLS 1.3; 0 without it
 * @param keyShareGroup the group of the key sent along; −1 without one
 * @param alpn the application protocol chosen; null if none, or hidden as in TLS 1.3
 * @param preSharedKey whether an earlier session is taken up again in the way of TLS 1.3
 * @param helloRetryRequest whether the client is asked for another hello
 * @param malformed whether an extension's inside did not have its form
 */
public record ServerHello(
        boolean quic,
        int legacyVersion,
        ByteText random,
        ByteText sessionId,
        int cipherSuite,
        int compressionMethod,
        CodeList extensions,
        int selectedVersion,
        int keyShareGroup,
        @Nullable ByteText alpn,
        boolean preSharedKey,
        boolean helloRetryRequest,
        boolean malformed)
        implements TlsMessage {

    /**
     * Reads the body of a ServerHello message, its four bytes of type and length left out. Null if
     * it does not have the form of one.
     */
    public static @Nullable ServerHello read(ByteText body, boolean quic) {
        return HelloReader.server(body, quic);
    }

    /** The version chosen. */
    public int version() {
        return selectedVersion != 0 ? selectedVersion : legacyVersion;
    }

    /** The name of the version chosen, such as {@code TLS 1.3}. */
    public String versionName() {
        return TlsNames.version(version());
    }

    /** The registered name of the suite chosen, or its number in hexadecimal. */
    public String cipherSuiteName() {
        return TlsNames.cipherSuite(cipherSuite);
    }

    /** JA3S: the MD5, in hexadecimal, of version, suite and extensions as decimal numbers. */
    public String ja3s() {
        return Fingerprints.md5(legacyVersion + "," + cipherSuite + "," + extensions.decimal("-"));
    }
}
