package io.flowscope.tracker.session.quic;

import java.security.GeneralSecurityException;
import java.util.Arrays;

import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;

/** Removes the protection of Initial packets; one serves all parsers of a tracker. */
final class PacketOpener {
    private static final int TAG_BITS = 128;
    private static final int TAG_BYTES = 16;
    private static final int SAMPLE_AFTER = 4;

    private final Cipher headerCipher;
    private final Cipher bodyCipher;

    PacketOpener() {
        try {
            headerCipher = Cipher.getInstance("AES/ECB/NoPadding");
            bodyCipher = Cipher.getInstance("AES/GCM/NoPadding");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has AES", e);
        }
    }

    /**
     * The frames of a packet that lies in an array from {@code start} to {@code end}; empty if the
     * keys are not the right ones or the packet is damaged. Packet numbers of Initials are small,
     * so the bytes sent are the whole number.
     */
    byte[] open(InitialKeys keys, byte[] packet, int start, int numberAt, int end) {
        if (end - numberAt < SAMPLE_AFTER + TAG_BYTES) {
            return new byte[0];
        }
        try {
            byte[] mask = keys.headerMask(headerCipher, packet, numberAt + SAMPLE_AFTER);
            int first = packet[start] ^ (mask[0] & 0x0f);
            int numberBytes = 1 + (first & 3);
            byte[] header = Arrays.copyOfRange(packet, start, numberAt + numberBytes);
            header[0] = (byte) first;
            long number = 0;
            for (int i = 0; i < numberBytes; i++) {
                int at = numberAt - start + i;
                header[at] ^= mask[1 + i];
                number = (number << 8) | (header[at] & 0xff);
            }
            bodyCipher.init(
                    Cipher.DECRYPT_MODE,
                    keys.key(),
                    new GCMParameterSpec(TAG_BITS, keys.nonce(number)));
            bodyCipher.updateAAD(header);
            int bodyAt = numberAt + numberBytes;
            return bodyCipher.doFinal(packet, bodyAt, end - bodyAt);
        } catch (GeneralSecurityException e) {
            return new byte[0];
        }
    }
}
