package io.flowscope.tracker.session.tls;

import io.flowscope.tracker.session.ByteText;

/** Object identifiers as numbers with dots. */
final class ObjectIds {
    private static final int MAX_BYTES = 64;

    private ObjectIds() {}

    /** Seven bits per byte, the top bit set in all but a number's last. */
    static String text(ByteText bytes) {
        StringBuilder text = new StringBuilder();
        long value = 0;
        for (int i = 0; i < Math.min(MAX_BYTES, bytes.length()); i++) {
            value = (value << 7) | (bytes.at(i) & 0x7f);
            if (value > 1L << 48) {
                return "0x" + bytes.toHex();
            }
            if (bytes.at(i) < 0x80) {
                if (text.isEmpty()) {
                    long first = Math.min(2, value / 40);
                    text.append(first).append('.').append(value - 40 * first);
                } else {
                    text.append('.').append(value);
                }
                value = 0;
            }
        }
        return text.toString();
    }
}
