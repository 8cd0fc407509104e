package io.flowscope.tracker.session.tls;

import io.flowscope.tracker.Side;
import io.flowscope.tracker.session.ByteText;
import io.flowscope.tracker.session.ParserStatus;
import io.flowscope.tracker.session.buffer.GrowingBytes;

/** One side's records, up to the point where they are encrypted. */
final class RecordReader implements HandshakeAssembler.Receiver {
    private static final int CHANGE_CIPHER_SPEC = 20;
    private static final int ALERT = 21;
    private static final int HANDSHAKE = 22;
    private static final int APPLICATION_DATA = 23;
    private static final int HEARTBEAT = 24;
    private static final int HEADER_BYTES = 5;

    /** 2^14 and the 2048 that encryption and compression may add. */
    private static final int MAX_RECORD_BYTES = 16384 + 2048;

    private static final int MAX_SSLV2_BYTES = 4096;

    private final TlsConversation conversation;
    private final Side side;
    private final HandshakeAssembler handshake;

    /** A record's header, or a whole hello in the form of SSL 2, or an alert. */
    private final GrowingBytes gathered = new GrowingBytes(2 + MAX_SSLV2_BYTES);

    private int type = -1;
    private int remaining;
    private int alertBytes;
    private int alertLevel;
    private boolean alertVisible;
    private boolean anyRecord;
    private boolean cipherChanged;
    private boolean encrypted;

    RecordReader(TlsConversation conversation, Side side, TlsOptions options) {
        this.conversation = conversation;
        this.side = side;
        this.handshake = new HandshakeAssembler(options);
    }

    boolean encrypted() {
        return encrypted;
    }

    /** Passes over bytes of the present record that nobody needs, and says how many. */
    int skip(long available) {
        boolean needed = type == HANDSHAKE || type == ALERT;
        return type < 0 || needed ? 0 : pass((int) Math.min(available, remaining));
    }

    /** Goes on within a record. */
    private int pass(int count) {
        remaining -= count;
        if (remaining == 0) {
            type = -1;
        }
        return count;
    }

    ParserStatus read(byte[] bytes, int to) {
        int at = 0;
        ParserStatus status = ParserStatus.CONTINUE;
        while (at < to && status == ParserStatus.CONTINUE && !encrypted) {
            if (type < 0) {
                gathered.append(bytes, at++, 1);
                status = header();
            } else {
                int count = Math.min(remaining, to - at);
                status = payload(bytes, at, at + count);
                at += pass(count);
            }
        }
        return status;
    }

    private ParserStatus header() {
        byte[] header = gathered.bytes();
        int first = header[0] & 0xff;
        if (!anyRecord && first >= 0x80) {
            return sslV2(header, first);
        }
        if (first < CHANGE_CIPHER_SPEC || first > HEARTBEAT) {
            return conversation.fail("a record of no known type");
        }
        if (gathered.length() >= 2 && header[1] != 3) {
            return conversation.fail("a record of no known version");
        }
        if (gathered.length() < HEADER_BYTES) {
            return ParserStatus.CONTINUE;
        }
        int length = ((header[3] & 0xff) << 8) | (header[4] & 0xff);
        gathered.clear();
        if (length > MAX_RECORD_BYTES) {
            return conversation.fail("a record longer than 18432 bytes");
        }
        anyRecord = true;
        record(first, length);
        return ParserStatus.CONTINUE;
    }

    private void record(int recordType, int length) {
        switch (recordType) {
            case CHANGE_CIPHER_SPEC -> {
                cipherChanged = true;
                encrypted = conversation.encryptedAfterCipherChange();
            }
            case APPLICATION_DATA -> encrypted = !conversation.earlyDataFrom(side);
            case ALERT -> {
                alertBytes = 0;
                alertVisible = length == 2;
            }
            default -> {}
        }
        type = length == 0 ? -1 : recordType;
        remaining = length;
    }

    private ParserStatus payload(byte[] bytes, int from, int to) {
        if (type == ALERT) {
            alert(bytes, from, to);
            return ParserStatus.CONTINUE;
        }
        if (type != HANDSHAKE) {
            return ParserStatus.CONTINUE;
        }
        return switch (handshake.take(bytes, from, to, this)) {
            case TAKEN -> ParserStatus.CONTINUE;
            case STOPPED -> {
                encrypted = true;
                yield conversation.failure().isEmpty()
                        ? ParserStatus.CONTINUE
                        : ParserStatus.FAILED;
            }
            case UNKNOWN_TYPE -> {
                encrypted = true;
                yield conversation.anyHello()
                        ? ParserStatus.CONTINUE
                        : conversation.fail("a handshake message of no known type");
            }
            case TOO_LONG -> conversation.fail("a hello longer than the limit");
        };
    }

    /**
     * After ChangeCipherSpec: if the other side's hello was not seen, neither was the version that
     * says whether all is encrypted from here on.
     */
    @Override
    public boolean isReadable(int messageType) {
        return !cipherChanged || conversation.readableAfterCipherChange(messageType);
    }

    @Override
    public boolean message(int messageType, ByteText body) {
        return conversation.message(side, messageType, body);
    }

    private void alert(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            int b = bytes[i] & 0xff;
            if (alertBytes++ == 0) {
                alertLevel = b;
            } else if (alertVisible && alertLevel >= 1 && alertLevel <= 2) {
                conversation.alert(side, alertLevel, b);
            }
        }
    }

    /**
     * The hello of SSL 2: its length with the top bit set, then type 1. Anything else in that form
     * is the old protocol itself, of which nothing more is read.
     */
    private ParserStatus sslV2(byte[] bytes, int first) {
        if (gathered.length() < 3) {
            return ParserStatus.CONTINUE;
        }
        int length = ((first & 0x7f) << 8) | (bytes[1] & 0xff);
        int message = bytes[2] & 0xff;
        if (length < 9 || length > MAX_SSLV2_BYTES || (message != 1 && message != 4)) {
            return conversation.fail("a record of no known type");
        }
        if (message == 4) {
            if (!conversation.anyHello()) {
                return conversation.fail("a record of no known type");
            }
            return ParserStatus.DONE;
        }
        if (gathered.length() < 2 + length) {
            return ParserStatus.CONTINUE;
        }
        ClientHello hello = SslV2Hello.read(ByteText.copyOf(bytes, 2, length));
        gathered.clear();
        if (hello == null) {
            return conversation.fail("a hello of SSL 2 without its form");
        }
        anyRecord = true;
        conversation.clientHello(side, hello);
        return ParserStatus.CONTINUE;
    }

    int heldBytes() {
        return gathered.heldBytes() + handshake.heldBytes();
    }

    void release() {
        gathered.release();
        handshake.release();
    }
}
