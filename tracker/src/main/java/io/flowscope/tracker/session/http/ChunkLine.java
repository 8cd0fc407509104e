package io.flowscope.tracker.session.http;

/** The line before a chunk: its length in hexadecimal, then perhaps extensions. */
final class ChunkLine {
    private static final int MAX_DIGITS = 15;

    private ChunkLine() {}

    /** The length; −1 if there is none or it is beyond reason. */
    static long size(byte[] bytes, int length) {
        int at = 0;
        while (at < length && HeadReader.isBlank(bytes[at])) {
            at++;
        }
        long size = 0;
        int digits = 0;
        while (at < length) {
            int digit = Character.digit(bytes[at], 16);
            if (digit < 0) {
                break;
            }
            size = (size << 4) | digit;
            // Leading zeros do not count towards the limit.
            digits += size == 0 ? 0 : 1;
            if (digits > MAX_DIGITS) {
                return -1;
            }
            at++;
        }
        boolean any = at > 0 && Character.digit(bytes[at - 1], 16) >= 0;
        boolean delimited =
                at < length
                        && (bytes[at] == ';'
                                || bytes[at] == '\r'
                                || bytes[at] == '\n'
                                || HeadReader.isBlank(bytes[at]));
        return any && delimited ? size : -1;
    }
}
