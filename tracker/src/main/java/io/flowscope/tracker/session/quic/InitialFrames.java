package io.flowscope.tracker.session.quic;

/** Finds the CRYPTO frames among the frames that an Initial packet may have. */
final class InitialFrames {
    private static final int PADDING = 0;
    private static final int PING = 1;
    private static final int ACK = 2;
    private static final int ACK_ECN = 3;
    private static final int CRYPTO = 6;

    private final byte[] bytes;
    private final int end;
    private int position;
    private boolean broken;

    InitialFrames(byte[] bytes) {
        this.bytes = bytes;
        this.end = bytes.length;
    }

    /** Adds the handshake bytes to a stream; stops at a frame that does not belong here. */
    void copyTo(CryptoStream stream) {
        while (position < end && !broken) {
            switch (bytes[position++]) {
                case PADDING, PING -> {}
                case ACK -> acknowledgement(false);
                case ACK_ECN -> acknowledgement(true);
                case CRYPTO -> {
                    long offset = number();
                    long length = number();
                    if (broken || length > end - position) {
                        return;
                    }
                    if (!stream.add(offset, bytes, position, (int) length)) {
                        return;
                    }
                    position += (int) length;
                }
                default -> {
                    return;
                }
            }
        }
    }

    private void acknowledgement(boolean congestionCounts) {
        number();
        number();
        long ranges = number();
        number();
        for (long i = 0; i < ranges && !broken; i++) {
            number();
            number();
        }
        for (int i = 0; congestionCounts && i < 3; i++) {
            number();
        }
    }

    /** A number of 1, 2, 4 or 8 bytes, the two top bits telling which. */
    private long number() {
        if (broken || position >= end) {
            broken = true;
            return 0;
        }
        int length = 1 << ((bytes[position] & 0xff) >> 6);
        if (length > end - position) {
            broken = true;
            return 0;
        }
        long value = bytes[position++] & 0x3f;
        for (int i = 1; i < length; i++) {
            value = (value << 8) | (bytes[position++] & 0xff);
        }
        return value;
    }
}
