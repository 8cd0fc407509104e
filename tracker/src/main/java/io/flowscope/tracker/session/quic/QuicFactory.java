package io.flowscope.tracker.session.quic;

import io.flowscope.tracker.session.DatagramParser;
import io.flowscope.tracker.session.ParserFactory;
import io.flowscope.tracker.session.Ports;
import io.flowscope.tracker.session.Probe;
import io.flowscope.tracker.session.SessionMessage;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.security.GeneralSecurityException;

/** Makes the QUIC parsers of one tracker; they share ciphers and a scratch array. */
final class QuicFactory implements ParserFactory<SessionMessage> {
    private static final int MAX_DATAGRAM_BYTES = 65_535;

    /** A client's first datagram is at least so long (RFC 9000, 14.1). */
    private static final int MIN_FIRST_BYTES = 1200;

    private final byte[] scratch = new byte[MAX_DATAGRAM_BYTES];
    private final PacketOpener opener = new PacketOpener();

    byte[] scratch() {
        return scratch;
    }

    PacketOpener opener() {
        return opener;
    }

    InitialKeys keys(QuicVersion version, byte[] destinationId, boolean client) {
        try {
            return InitialKeys.derive(version, destinationId, client);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256 and AES", e);
        }
    }

    @Override
    public Probe probeDatagram(MemorySegment memory, long offset, int length) {
        if (length < MIN_FIRST_BYTES
                || (memory.get(ValueLayout.JAVA_BYTE, offset) & 0xc0) != 0xc0) {
            return Probe.NO;
        }
        int number = 0;
        for (int i = 1; i <= 4; i++) {
            number = (number << 8) | (memory.get(ValueLayout.JAVA_BYTE, offset + i) & 0xff);
        }
        return QuicVersion.of(number) == null ? Probe.NO : Probe.YES;
    }

    @Override
    public DatagramParser<SessionMessage> newDatagramParser(Ports ports) {
        return new QuicDatagramParser(this);
    }
}
