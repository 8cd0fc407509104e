package io.flowscope.tracker.session.tls;

import io.flowscope.tracker.session.ByteText;
import io.flowscope.tracker.session.buffer.GrowingBytes;

/**
 * Puts one side's handshake messages together from pieces of any size. Only hellos and certificates
 * are gathered; all others are passed over without being held.
 *
 * <pre>
 *   type 1 | length 3 | body …
 * </pre>
 */
final class HandshakeAssembler {
    static final int CLIENT_HELLO = 1;
    static final int SERVER_HELLO = 2;
    static final int CERTIFICATE = 11;
    private static final int HEADER_BYTES = 4;

    /** Takes complete messages; what it answers with false ends the work on the side. */
    interface Receiver {
        /** Whether a message of this type can be one, not the first byte of what is encrypted. */
        boolean isReadable(int type);

        boolean message(int type, ByteText body);
    }

    /** What became of a piece. */
    enum Outcome {
        /** All taken. */
        TAKEN,
        /** The receiver wants no more. */
        STOPPED,
        /** No such message type: most likely encrypted. */
        UNKNOWN_TYPE,
        /** A hello longer than the limit. */
        TOO_LONG
    }

    private final GrowingBytes body;
    private final boolean certificates;
    private int headerBytes;
    private int header;
    private int skipped;

    HandshakeAssembler(TlsOptions options) {
        this.body = new GrowingBytes(options.maxHandshakeBytes());
        this.certificates = options.certificates();
    }

    private int type() {
        return header >>> 24;
    }

    private int length() {
        return header & 0xffffff;
    }

    private boolean gathered() {
        return switch (type()) {
            case CLIENT_HELLO, SERVER_HELLO -> true;
            case CERTIFICATE -> certificates && length() <= body.room() + body.length();
            default -> false;
        };
    }

    Outcome take(byte[] bytes, int from, int to, Receiver receiver) {
        int at = from;
        while (at < to) {
            if (headerBytes < HEADER_BYTES) {
                int next = bytes[at++] & 0xff;
                header = (header << 8) | next;
                if (++headerBytes == 1) {
                    if (!receiver.isReadable(next)) {
                        return Outcome.STOPPED;
                    }
                    if (!isKnown(next)) {
                        return Outcome.UNKNOWN_TYPE;
                    }
                }
                if (headerBytes < HEADER_BYTES) {
                    continue;
                }
            }
            boolean gathered = gathered();
            int done = gathered ? body.length() : skipped;
            int count = Math.min(length() - done, to - at);
            if (gathered) {
                if (!body.append(bytes, at, count)) {
                    return Outcome.TOO_LONG;
                }
            } else {
                skipped += count;
            }
            at += count;
            if (done + count == length() && !complete(gathered, receiver)) {
                return Outcome.STOPPED;
            }
        }
        return Outcome.TAKEN;
    }

    private boolean complete(boolean gathered, Receiver receiver) {
        int type = type();
        ByteText text = gathered ? ByteText.copyOf(body.bytes(), 0, body.length()) : ByteText.EMPTY;
        headerBytes = 0;
        skipped = 0;
        body.clear();
        return !gathered || receiver.message(type, text);
    }

    private static boolean isKnown(int type) {
        return type <= 5
                || type == 8
                || (type >= 11 && type <= 16)
                || (type >= 20 && type <= 25)
                || type == 67
                || type == 254;
    }

    int heldBytes() {
        return body.heldBytes();
    }

    void release() {
        body.release();
    }
}
