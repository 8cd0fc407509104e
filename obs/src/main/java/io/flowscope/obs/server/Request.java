package io.flowscope.obs.server;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * One request's head, read strictly: anything unusual is refused rather than guessed at, because
 * the only honest clients are scrapers and browsers.
 *
 * @param method as sent
 * @param path the target's path, without a query
 * @param headers by lower-case name; of a repeated header the last
 * @param keepAlive whether the client will send another request
 */
record Request(String method, String path, Map<String, String> headers, boolean keepAlive) {
    /** What methods and names of headers are made of (RFC 9110). */
    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";

    /** Bytes of a request's head; more is answered with 431. */
    static final int MAX_HEAD_BYTES = 8192;

    /** Bytes of a body; more is answered with 413. A body is read and thrown away. */
    static final int MAX_BODY_BYTES = 1 << 20;

    /** Null if there is none. */
    @Nullable String header(String lowerCaseName) {
        return headers.get(lowerCaseName);
    }

    /** A request that gets an error instead of a page; the connection ends with it. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;
        final int status;

        Refused(int status) {
            super(Integer.toString(status), null, false, false);
            this.status = status;
        }
    }

    /** The next request of a connection, or null at its end. */
    static @Nullable Request read(InputStream in) throws IOException, Refused {
        byte[] head = new byte[MAX_HEAD_BYTES];
        int length = readHead(in, head);
        if (length < 0) {
            return null;
        }
        String[] lines = new String(head, 0, length, StandardCharsets.ISO_8859_1).split("\r\n", -1);
        String[] start = lines[0].split(" ", -1);
        if (start.length != 3
                || !start[0].matches(TOKEN)
                || !(start[1].startsWith("/") || isOfTheWholeServer(start))) {
            throw new Refused(400);
        }
        boolean http11 = start[2].equals("HTTP/1.1");
        if (!http11 && !start[2].equals("HTTP/1.0")) {
            throw new Refused(505);
        }
        Map<String, String> headers = new HashMap<>();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            if (colon <= 0 || !lines[i].substring(0, colon).matches(TOKEN)) {
                throw new Refused(400);
            }
            String name = lines[i].substring(0, colon).toLowerCase(Locale.ROOT);
            String value = lines[i].substring(colon + 1).strip();
            String before = headers.put(name, value);
            if (name.equals("content-length") && before != null && !before.equals(value)) {
                throw new Refused(400);
            }
        }
        if (http11 && !headers.containsKey("host")) {
            throw new Refused(400);
        }
        String connection = headers.getOrDefault("connection", "").toLowerCase(Locale.ROOT);
        boolean keepAlive =
                http11 ? !connection.contains("close") : connection.contains("keep-alive");
        int query = start[1].indexOf('?');
        String path = query < 0 ? start[1] : start[1].substring(0, query);
        skipBody(in, headers);
        return new Request(start[0], path, Map.copyOf(headers), keepAlive);
    }

    /** OPTIONS and methods of other protocols may ask so, for nothing that there is here. */
    private static boolean isOfTheWholeServer(String[] start) {
        return start[1].equals("*") && !start[0].equals("GET") && !start[0].equals("HEAD");
    }

    /**
     * Reads up to and without the empty line; empty lines before a request are skipped (RFC 9112).
     */
    private static int readHead(InputStream in, byte[] head) throws IOException, Refused {
        int length = 0;
        int skipped = 0;
        while (length < head.length) {
            int b = in.read();
            if (b < 0) {
                if (length == 0) {
                    return -1;
                }
                throw new Refused(400);
            }
            if (length == 0 && (b == '\r' || b == '\n')) {
                if (++skipped > 4) {
                    throw new Refused(400);
                }
                continue;
            }
            head[length++] = (byte) b;
            if (b == '\n' && length >= 4 && endsWithEmptyLine(head, length)) {
                return length - 4;
            }
        }
        throw new Refused(431);
    }

    private static boolean endsWithEmptyLine(byte[] head, int length) {
        return head[length - 2] == '\r' && head[length - 3] == '\n' && head[length - 4] == '\r';
    }

    private static void skipBody(InputStream in, Map<String, String> headers)
            throws IOException, Refused {
        if (headers.containsKey("transfer-encoding")) {
            throw new Refused(411);
        }
        String text = headers.get("content-length");
        if (text == null) {
            return;
        }
        if (!text.matches("[0-9]{1,18}")) {
            throw new Refused(400);
        }
        long length = Long.parseLong(text);
        if (length > MAX_BODY_BYTES) {
            throw new Refused(413);
        }
        in.skipNBytes(length);
    }
}
