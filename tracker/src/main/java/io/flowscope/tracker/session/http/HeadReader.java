package io.flowscope.tracker.session.http;

import io.flowscope.tracker.session.ByteText;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

/**
 * Splits a complete head into lines and fields; one reader serves all parsers of a tracker. Works
 * in the caller's array and overwrites the line ends of folded headers there with spaces, then
 * takes the one copy that all fields share.
 */
final class HeadReader {
    private static final byte[] CONTENT_LENGTH = ascii("content-length");
    private static final byte[] TRANSFER_ENCODING = ascii("transfer-encoding");
    private static final byte[] CONTENT_ENCODING = ascii("content-encoding");
    private static final byte[] UPGRADE = ascii("upgrade");

    private final int maxHeaders;
    private final int[] spans;
    private final EnumSet<HttpDefect> defects = EnumSet.noneOf(HttpDefect.class);
    private final Framing framing = new Framing();
    private byte[] bytes = new byte[0];
    private int end;
    private int position;
    private int count;
    private int startLineEnd;

    /** The last header seen, kept or not: what a folded line continues. */
    private int nameStart;

    private int nameLength;
    private int valueStart;
    private int valueEnd;

    HeadReader(int maxHeaders) {
        this.maxHeaders = maxHeaders;
        this.spans = new int[maxHeaders * 4];
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Reads a head that ends with its blank line; without a start line it is a trailer. */
    void read(byte[] head, int length, boolean startLine) {
        bytes = head;
        end = length;
        position = 0;
        count = 0;
        startLineEnd = 0;
        nameLength = -1;
        defects.clear();
        framing.clear();
        if (startLine) {
            int next = nextLine(0);
            startLineEnd = lineEnd(0, next);
            position = next;
        }
        while (position < end) {
            int start = position;
            int next = nextLine(start);
            int stop = lineEnd(start, next);
            position = next;
            if (stop == start) {
                break;
            }
            line(start, stop);
        }
        finishHeader();
    }

    /** Where the line after this one begins. */
    private int nextLine(int from) {
        int i = from;
        while (i < end && bytes[i] != '\n') {
            i++;
        }
        return Math.min(end, i + 1);
    }

    /** Where this line's text ends, its line end left out. */
    private int lineEnd(int start, int next) {
        int stop = next;
        if (stop > start && bytes[stop - 1] == '\n') {
            stop--;
            if (stop > start && bytes[stop - 1] == '\r') {
                stop--;
            } else {
                defects.add(HttpDefect.BARE_LINE_FEED);
            }
        }
        return stop;
    }

    private void line(int start, int stop) {
        if (isBlank(bytes[start])) {
            fold(start, stop);
            return;
        }
        finishHeader();
        int colon = start;
        while (colon < stop && bytes[colon] != ':') {
            colon++;
        }
        int nameEnd = colon;
        while (nameEnd > start && isBlank(bytes[nameEnd - 1])) {
            nameEnd--;
        }
        if (colon == stop || nameEnd == start) {
            defects.add(HttpDefect.MALFORMED_LINE);
            return;
        }
        if (nameEnd != colon) {
            defects.add(HttpDefect.MALFORMED_LINE);
        }
        nameStart = start;
        nameLength = nameEnd - start;
        valueStart = colon + 1;
        valueEnd = stop;
    }

    private void fold(int start, int stop) {
        if (nameLength < 0) {
            defects.add(HttpDefect.MALFORMED_LINE);
            return;
        }
        defects.add(HttpDefect.FOLDED_HEADER);
        Arrays.fill(bytes, valueEnd, start, (byte) ' ');
        valueEnd = stop;
    }

    private void finishHeader() {
        if (nameLength < 0) {
            return;
        }
        while (valueStart < valueEnd && isBlank(bytes[valueStart])) {
            valueStart++;
        }
        while (valueEnd > valueStart && isBlank(bytes[valueEnd - 1])) {
            valueEnd--;
        }
        frame();
        if (count < maxHeaders) {
            spans[4 * count] = nameStart;
            spans[4 * count + 1] = nameLength;
            spans[4 * count + 2] = valueStart;
            spans[4 * count + 3] = valueEnd - valueStart;
            count++;
        } else {
            defects.add(HttpDefect.TOO_MANY_HEADERS);
        }
        nameLength = -1;
    }

    private void frame() {
        if (isName(CONTENT_LENGTH)) {
            framing.contentLength(bytes, valueStart, valueEnd, defects);
        } else if (isName(TRANSFER_ENCODING)) {
            framing.transferEncoding(bytes, valueStart, valueEnd);
        } else if (isName(CONTENT_ENCODING)) {
            framing.contentEncoding(bytes, valueStart, valueEnd);
        } else if (isName(UPGRADE)) {
            framing.upgrade();
        }
    }

    private boolean isName(byte[] lowerCase) {
        if (nameLength != lowerCase.length) {
            return false;
        }
        for (int i = 0; i < nameLength; i++) {
            int c = bytes[nameStart + i];
            if ((c >= 'A' && c <= 'Z' ? c + 32 : c) != lowerCase[i]) {
                return false;
            }
        }
        return true;
    }

    static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }

    /** How long the first line is. */
    int startLineBytes() {
        return startLineEnd;
    }

    Framing framing() {
        return framing;
    }

    /** The copy that headers and start line share. */
    ByteText copy() {
        return ByteText.copyOf(bytes, 0, end);
    }

    HttpHeaders headers(ByteText copy) {
        return count == 0
                ? HttpHeaders.NONE
                : new HttpHeaders(copy, Arrays.copyOf(spans, 4 * count));
    }

    Set<HttpDefect> defects() {
        return defects.isEmpty() ? Set.of() : Set.copyOf(defects);
    }

    void add(HttpDefect defect) {
        defects.add(defect);
    }
}
