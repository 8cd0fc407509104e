package io.flowscope.tracker.session.tls;

import io.flowscope.tracker.session.ByteText;

import org.jspecify.annotations.Nullable;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;

/**
 * An X.509 certificate as it was sent. It is read when asked for, by a small reader of its own;
 * nothing about it is verified.
 *
 * @param der the bytes
 */
public record TlsCertificate(ByteText der) {
    /**
     * What a certificate says. A field that cannot be read is empty or null.
     *
     * @param subject in the form of RFC 2253, such as {@code CN=example.org,O=Example,C=AT}
     * @param issuer in the same form
     * @param serialHex the serial number, hexadecimal
     * @param notBefore begin of validity
     * @param notAfter end of validity
     * @param alternativeNames such as {@code DNS:example.org} and {@code IP:192.0.2.1}
     * @param wellFormed whether the structure was right as far as it was read
     */
    public record Details(
            String subject,
            String issuer,
            String serialHex,
            @Nullable Instant notBefore,
            @Nullable Instant notAfter,
            List<String> alternativeNames,
            boolean wellFormed) {}

    /** Reads the certificate. */
    public Details details() {
        return CertificateReader.read(der);
    }

    /** The fingerprint that tools show. */
    public String sha256Hex() {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(der.toArray()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
