package io.flowscope.tracker.session.quic;

import io.flowscope.tracker.Side;
import io.flowscope.tracker.session.Datagrams;
import io.flowscope.tracker.session.ParserStatus;
import io.flowscope.tracker.session.Ports;
import io.flowscope.tracker.session.SessionMessage;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.List;

/**
 * QUIC. A fuzzer cannot seal packets, so the target does: bit 1 of the first byte makes the bytes
 * the frames of a sealed packet, otherwise they are a datagram; bit 0 is the side.
 */
public final class QuicTarget {
    private static final QuicFactory FACTORY = new QuicFactory();
    private static final byte[] ID = {1, 2, 3, 4, 5, 6, 7, 8};

    private QuicTarget() {}

    /** One input: several datagrams, each behind a control byte and two bytes of length. */
    public static void fuzzerTestOneInput(byte[] data) {
        QuicDatagramParser parser =
                (QuicDatagramParser) FACTORY.newDatagramParser(new Ports(40000, 443));
        Datagrams<SessionMessage> flow = new Datagrams<>(parser);
        ParserStatus status = ParserStatus.CONTINUE;
        int at = 0;
        while (at + 3 <= data.length && status == ParserStatus.CONTINUE) {
            int control = data[at];
            int length = ((data[at + 1] & 0xff) << 8) | (data[at + 2] & 0xff);
            int end = Math.min(data.length, at + 3 + length);
            byte[] bytes = Arrays.copyOfRange(data, at + 3, end);
            at = end;
            Side side = (control & 1) == 0 ? Side.INITIATOR : Side.RESPONDER;
            status = flow.say(side, 1, (control & 2) == 0 ? bytes : sealed(side, bytes));
            if (parser.heldBytes() > 2 * CryptoStream.MAX_BYTES) {
                throw new AssertionError("held " + parser.heldBytes());
            }
        }
        flow.end(2);
        List<Object> messages = flow.take();
        if (messages.toString().isEmpty()) {
            throw new AssertionError("no text");
        }
        parser.close();
    }

    private static byte[] sealed(Side side, byte[] frames) {
        try {
            boolean client = side == Side.INITIATOR;
            byte[] to = client ? ID : new byte[0];
            byte[] padded = Arrays.copyOf(frames, Math.max(frames.length, 4));
            byte[] fitting = padded.length > 1200 ? Arrays.copyOf(padded, 1200) : padded;
            return QuicBytes.initial(1, client, ID, to, new byte[0], 0, fitting);
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }
}
