package io.flowscope.tracker.session.tls;

import io.flowscope.tracker.session.ByteText;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * A client's offer.
 *
 * <pre>
 *   version 2 | random 32 | session id 1+n | cipher suites 2+n | compression 1+n | extensions 2+n
 * </pre>
 *
 * @param quic whether it came in QUIC, not TCP
 * @param sslV2 whether it had the form of SSL 2, which old clients used to offer more as well
 * @param legacyVersion the version field; TLS 1.3 is offered in {@code supportedVersions} only
 * @param random 32 bytes
 * @param sessionId of the session to take up again, or filler in TLS 1.3
 * @param cipherSuites in order of preference, GREASE values included, as in the lists that follow
 * @param compressionMethods in order of preference
 * @param extensions their types, in the order sent
 * @param serverName the host asked for (SNI); null if there is none
 * @param alpn application protocols, in order of preference
 * @param groups for the key exchange
 * @param pointFormats of elliptic curves
 * @param signatureAlgorithms that the client can verify
 * @param supportedVersions from the extension; empty before TLS 1.3
 * @param keyShareGroups groups for which a key is sent along
 * @param sessionTicket whether a ticket of an earlier session is offered
 * @param preSharedKey whether an earlier session is offered in the way of TLS 1.3
 * @param earlyData whether data follows before the server has answered
 * @param encryptedClientHello whether the true hello is inside, encrypted (ECH), or a client wants
 *     it to look so
 * @param malformed whether an extension's inside did not have its form; what could be read is here
 */
public record ClientHello(
        boolean quic,
        boolean sslV2,
        int legacyVersion,
        ByteText random,
        ByteText sessionId,
        CodeList cipherSuites,
        CodeList compressionMethods,
        CodeList extensions,
        @Nullable ByteText serverName,
        List<ByteText> alpn,
        CodeList groups,
        CodeList pointFormats,
        CodeList signatureAlgorithms,
        CodeList supportedVersions,
        CodeList keyShareGroups,
        boolean sessionTicket,
        boolean preSharedKey,
        boolean earlyData,
        boolean encryptedClientHello,
        boolean malformed)
        implements TlsMessage {

    /**
     * Reads the body of a ClientHello message, its four bytes of type and length left out. Null if
     * it does not have the form of one.
     */
    public static @Nullable ClientHello read(ByteText body, boolean quic) {
        return HelloReader.client(body, quic);
    }

    /** The names of the versions offered, highest first. */
    public List<String> versionNames() {
        if (supportedVersions.isEmpty()) {
            return List.of(TlsNames.version(legacyVersion));
        }
        return supportedVersions.withoutGrease().stream()
                .boxed()
                .sorted((a, b) -> b - a)
                .map(TlsNames::version)
                .toList();
    }

    /** JA3: the MD5, in hexadecimal, of {@link #ja3Text()}. */
    public String ja3() {
        return Fingerprints.md5(ja3Text());
    }

    /**
     * What JA3 hashes: version, suites, extensions, groups and point formats as decimal numbers.
     */
    public String ja3Text() {
        return Fingerprints.ja3(this);
    }

    /** JA4, such as {@code t13d1516h2_8daaf6152771_e5627efa2ab1}. */
    public String ja4() {
        return Fingerprints.ja4(this);
    }

    /** JA4 with the lists in place of their hashes. */
    public String ja4Raw() {
        return Fingerprints.ja4Raw(this);
    }
}
