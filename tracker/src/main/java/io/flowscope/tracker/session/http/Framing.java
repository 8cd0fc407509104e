package io.flowscope.tracker.session.http;

import java.util.Set;

/** What a head says about the length and the coding of its body. */
final class Framing {
    /** No Content-Length. */
    static final long ABSENT = -1;

    /** Content-Length is not a number, or is given twice with different values. */
    static final long INVALID = -2;

    /** Content codings that can be removed. */
    enum Coding {
        IDENTITY,
        GZIP,
        DEFLATE,
        OTHER
    }

    private static final int MAX_DIGITS = 18;

    private long contentLength;
    private boolean transferEncoded;
    private boolean chunked;
    private boolean upgrade;
    private Coding coding = Coding.IDENTITY;

    void clear() {
        contentLength = ABSENT;
        transferEncoded = false;
        chunked = false;
        upgrade = false;
        coding = Coding.IDENTITY;
    }

    long contentLength() {
        return contentLength;
    }

    boolean transferEncoded() {
        return transferEncoded;
    }

    /** Whether chunked is the last transfer coding. */
    boolean chunked() {
        return chunked;
    }

    boolean wantsUpgrade() {
        return upgrade;
    }

    Coding coding() {
        return coding;
    }

    void upgrade() {
        upgrade = true;
    }

    /** One or several values, all of which must be one number. */
    void contentLength(byte[] bytes, int from, int to, Set<HttpDefect> defects) {
        int start = from;
        while (start <= to) {
            int stop = start;
            while (stop < to && bytes[stop] != ',') {
                stop++;
            }
            long value = number(bytes, start, stop);
            if (contentLength == ABSENT) {
                contentLength = value;
            } else if (value != contentLength) {
                contentLength = INVALID;
            } else {
                defects.add(HttpDefect.REPEATED_LENGTH);
            }
            start = stop + 1;
        }
    }

    private static long number(byte[] bytes, int from, int to) {
        int start = from;
        int stop = to;
        while (start < stop && HeadReader.isBlank(bytes[start])) {
            start++;
        }
        while (stop > start && HeadReader.isBlank(bytes[stop - 1])) {
            stop--;
        }
        while (start < stop - 1 && bytes[start] == '0') {
            start++; // zeros in front do not count towards the limit
        }
        if (start == stop || stop - start > MAX_DIGITS) {
            return INVALID;
        }
        long value = 0;
        for (int i = start; i < stop; i++) {
            int digit = bytes[i] - '0';
            if (digit < 0 || digit > 9) {
                return INVALID;
            }
            value = value * 10 + digit;
        }
        return value;
    }

    /** "identity" alone, as old servers send it, is no coding. */
    void transferEncoding(byte[] bytes, int from, int to) {
        if (!transferEncoded && isWord(bytes, from, to, "identity")) {
            return;
        }
        transferEncoded = true;
        chunked = isWord(bytes, lastItem(bytes, from, to), to, "chunked");
    }

    void contentEncoding(byte[] bytes, int from, int to) {
        Coding named;
        if (isWord(bytes, from, to, "gzip") || isWord(bytes, from, to, "x-gzip")) {
            named = Coding.GZIP;
        } else if (isWord(bytes, from, to, "deflate")) {
            named = Coding.DEFLATE;
        } else if (from == to || isWord(bytes, from, to, "identity")) {
            return;
        } else {
            named = Coding.OTHER;
        }
        coding = coding == Coding.IDENTITY ? named : Coding.OTHER;
    }

    private static int lastItem(byte[] bytes, int from, int to) {
        int start = to;
        while (start > from && bytes[start - 1] != ',') {
            start--;
        }
        while (start < to && HeadReader.isBlank(bytes[start])) {
            start++;
        }
        return start;
    }

    private static boolean isWord(byte[] bytes, int from, int to, String lowerCase) {
        if (to - from != lowerCase.length()) {
            return false;
        }
        for (int i = 0; i < lowerCase.length(); i++) {
            int c = bytes[from + i];
            if ((c >= 'A' && c <= 'Z' ? c + 32 : c) != lowerCase.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
