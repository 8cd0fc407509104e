package io.flowscope.tracker.session.quic;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;

import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** One side's keys for Initial packets (RFC 9001, 5.2), from the client's first destination id. */
final class InitialKeys {
    private static final int HASH_BYTES = 32;

    final byte[] destinationId;
    private final QuicVersion version;
    private final SecretKeySpec key;
    private final SecretKeySpec headerKey;
    private final byte[] iv;

    private InitialKeys(QuicVersion version, byte[] destinationId, byte[] secret, Mac mac)
            throws GeneralSecurityException {
        this.version = version;
        this.destinationId = destinationId;
        this.key = new SecretKeySpec(expand(mac, secret, version.keyLabel(), 16), "AES");
        this.iv = expand(mac, secret, version.ivLabel(), 12);
        this.headerKey = new SecretKeySpec(expand(mac, secret, version.headerLabel(), 16), "AES");
    }

    static InitialKeys derive(QuicVersion version, byte[] destinationId, boolean client)
            throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(version.salt(), "HmacSHA256"));
        byte[] initial = mac.doFinal(destinationId);
        byte[] secret = expand(mac, initial, client ? "client in" : "server in", HASH_BYTES);
        return new InitialKeys(version, destinationId, secret, mac);
    }

    /**
     * HKDF-Expand-Label of RFC 8446, 7.1, for outputs of at most one hash.
     *
     * <pre>
     *   length 2 | label's length 1 | "tls13 " label | 0 | 1, the counter of HKDF
     * </pre>
     */
    private static byte[] expand(Mac mac, byte[] secret, String label, int length)
            throws GeneralSecurityException {
        byte[] name = ("tls13 " + label).getBytes(StandardCharsets.US_ASCII);
        byte[] info = new byte[3 + name.length + 2];
        info[1] = (byte) length;
        info[2] = (byte) name.length;
        System.arraycopy(name, 0, info, 3, name.length);
        info[info.length - 1] = 1;
        mac.init(new SecretKeySpec(secret, "HmacSHA256"));
        return Arrays.copyOf(mac.doFinal(info), length);
    }

    boolean isFor(QuicVersion otherVersion, byte[] otherId) {
        return version == otherVersion && MessageDigest.isEqual(destinationId, otherId);
    }

    /** The five bytes that hide the first byte's low bits and the packet number. */
    byte[] headerMask(Cipher ecb, byte[] packet, int sampleAt) throws GeneralSecurityException {
        ecb.init(Cipher.ENCRYPT_MODE, headerKey);
        return ecb.doFinal(packet, sampleAt, 16);
    }

    SecretKeySpec key() {
        return key;
    }

    byte[] nonce(long packetNumber) {
        byte[] nonce = iv.clone();
        for (int i = 0; i < 8; i++) {
            nonce[nonce.length - 1 - i] ^= (byte) (packetNumber >>> (8 * i));
        }
        return nonce;
    }
}
