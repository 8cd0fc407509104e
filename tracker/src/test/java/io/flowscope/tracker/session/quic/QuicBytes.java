package io.flowscope.tracker.session.quic;

import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.util.Arrays;

import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;

/** Seals Initial packets as an endpoint does. */
final class QuicBytes {
    private QuicBytes() {}

    static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    /** A number that takes two bytes. */
    static byte[] number(int value) {
        return new byte[] {(byte) (0x40 | value >> 8), (byte) value};
    }

    static byte[] crypto(int offset, byte[] bytes, int from, int to) {
        return join(
                new byte[] {6},
                number(offset),
                number(to - from),
                Arrays.copyOfRange(bytes, from, to));
    }

    static byte[] int32(int value) {
        return new byte[] {
            (byte) (value >> 24), (byte) (value >> 16), (byte) (value >> 8), (byte) value
        };
    }

    static byte[] id(byte[] id) {
        return join(new byte[] {(byte) id.length}, id);
    }

    /** A header up to and with the source id. */
    static byte[] header(int first, int version, byte[] destination, byte[] source) {
        return join(new byte[] {(byte) first}, int32(version), id(destination), id(source));
    }

    /**
     * A sealed Initial.
     *
     * @param keyId the destination id from which the keys follow
     */
    static byte[] initial(
            int version,
            boolean client,
            byte[] keyId,
            byte[] destination,
            byte[] source,
            int packetNumber,
            byte[] frames)
            throws GeneralSecurityException {
        QuicVersion known = QuicVersion.of(version);
        if (known == null) {
            throw new AssertionError("version");
        }
        InitialKeys keys = InitialKeys.derive(known, keyId, client);
        int type = known == QuicVersion.V2 ? 1 : 0;
        byte[] header =
                join(
                        header(0xc1 | type << 4, version, destination, source),
                        new byte[] {0},
                        number(2 + frames.length + 16),
                        new byte[] {(byte) (packetNumber >> 8), (byte) packetNumber});
        Cipher gcm = Cipher.getInstance("AES/GCM/NoPadding");
        gcm.init(
                Cipher.ENCRYPT_MODE,
                keys.key(),
                new GCMParameterSpec(128, keys.nonce(packetNumber)));
        gcm.updateAAD(header);
        byte[] packet = join(header, gcm.doFinal(frames));
        int numberAt = header.length - 2;
        byte[] mask =
                keys.headerMask(Cipher.getInstance("AES/ECB/NoPadding"), packet, numberAt + 4);
        packet[0] ^= (byte) (mask[0] & 15);
        packet[numberAt] ^= mask[1];
        packet[numberAt + 1] ^= mask[2];
        return packet;
    }

    static byte[] padded(byte[] frames) {
        return Arrays.copyOf(frames, Math.max(frames.length, 1180));
    }
}
