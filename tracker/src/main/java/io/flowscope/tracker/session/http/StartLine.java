package io.flowscope.tracker.session.http;

import io.flowscope.tracker.session.ByteText;

import org.jspecify.annotations.Nullable;

/** Request lines and status lines. */
final class StartLine {
    private static final String TOKEN_MARKS = "!#$%&'*+-.^_`|~";

    private StartLine() {}

    /** Whether a byte may begin a request or a response. */
    static boolean maybeFirst(int b) {
        return isToken(b) || b == '\r' || b == '\n';
    }

    /** Whether a line is a status line, or ends with a version as a request line does. */
    static boolean maybe(byte[] bytes, int lineBytes) {
        int end = lineBytes;
        while (end > 0
                && (bytes[end - 1] == '\n' || bytes[end - 1] == '\r' || bytes[end - 1] == ' ')) {
            end--;
        }
        return isStatus(bytes, lineBytes)
                || (end > 9
                        && bytes[end - 9] == ' '
                        && bytes[end - 8] == 'H'
                        && bytes[end - 4] == '/'
                        && bytes[end - 2] == '.');
    }

    static boolean isStatus(byte[] bytes, int length) {
        return length >= 5
                && bytes[0] == 'H'
                && bytes[1] == 'T'
                && bytes[2] == 'T'
                && bytes[3] == 'P'
                && bytes[4] == '/';
    }

    /** The line's length without its end. */
    private static int textLength(ByteText head, int lineBytes) {
        int length = lineBytes;
        if (length > 0 && head.at(length - 1) == '\n') {
            length--;
        }
        if (length > 0 && head.at(length - 1) == '\r') {
            length--;
        }
        while (length > 0 && head.at(length - 1) == ' ') {
            length--;
        }
        return length;
    }

    /** Null if the line is no request of HTTP/1.x. */
    static @Nullable HttpRequestHead request(HeadReader reader, ByteText head, long startedNanos) {
        int length = textLength(head, reader.startLineBytes());
        int methodEnd = 0;
        while (methodEnd < length && isToken(head.at(methodEnd))) {
            methodEnd++;
        }
        int versionStart = length;
        while (versionStart > 0 && head.at(versionStart - 1) != ' ') {
            versionStart--;
        }
        int targetStart = methodEnd;
        while (targetStart < versionStart && head.at(targetStart) == ' ') {
            targetStart++;
        }
        int targetEnd = versionStart;
        while (targetEnd > targetStart && head.at(targetEnd - 1) == ' ') {
            targetEnd--;
        }
        if (methodEnd == 0
                || methodEnd >= length
                || head.at(methodEnd) != ' '
                || targetEnd == targetStart
                || !isVersion(head, versionStart, length)) {
            return null;
        }
        return new HttpRequestHead(
                head.slice(0, methodEnd),
                head.slice(targetStart, targetEnd - targetStart),
                head.slice(versionStart, length - versionStart),
                reader.headers(head),
                reader.defects(),
                startedNanos);
    }

    /** Null if the line is no status line of HTTP/1.x. */
    static @Nullable HttpResponseHead response(
            HeadReader reader, ByteText head, long startedNanos) {
        int length = textLength(head, reader.startLineBytes());
        int versionEnd = 0;
        while (versionEnd < length && head.at(versionEnd) != ' ') {
            versionEnd++;
        }
        int at = versionEnd;
        while (at < length && head.at(at) == ' ') {
            at++;
        }
        int digitsStart = at;
        int status = 0;
        while (at < length && at < digitsStart + 3 && isDigit(head.at(at))) {
            status = status * 10 + head.at(at++) - '0';
        }
        if (!isVersion(head, 0, versionEnd)
                || at != digitsStart + 3
                || status < 100
                || (at < length && head.at(at) != ' ')) {
            return null;
        }
        int reasonStart = Math.min(length, at + 1);
        return new HttpResponseHead(
                head.slice(0, versionEnd),
                status,
                head.slice(reasonStart, length - reasonStart),
                reader.headers(head),
                reader.defects(),
                startedNanos);
    }

    /** {@code HTTP/1.} and a digit, or the {@code HTTP/2.0} of the preface of HTTP/2. */
    private static boolean isVersion(ByteText head, int from, int to) {
        if (to - from != 8 || !head.slice(from, 5).contentEquals("HTTP/")) {
            return false;
        }
        int major = head.at(from + 5);
        return (major == '1' || major == '2')
                && head.at(from + 6) == '.'
                && isDigit(head.at(from + 7));
    }

    private static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isToken(int c) {
        return (c >= 'A' && c <= 'Z')
                || (c >= 'a' && c <= 'z')
                || isDigit(c)
                || TOKEN_MARKS.indexOf(c) >= 0;
    }
}
