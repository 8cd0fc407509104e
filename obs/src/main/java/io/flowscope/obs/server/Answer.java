package io.flowscope.obs.server;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/** Writes answers. The security headers go out with every one, errors too. */
final class Answer {
    private static final int GZIP_FROM_BYTES = 1024;

    private static final String ALWAYS =
            "X-Content-Type-Options: nosniff\r\n"
                    + "X-Frame-Options: DENY\r\n"
                    + "X-XSS-Protection: 1; mode=block\r\n"
                    + "Content-Security-Policy: default-src 'self'\r\n"
                    + "Cache-Control: no-store\r\n";

    private static final Map<Integer, String> REASONS =
            Map.ofEntries(
                    Map.entry(200, "OK"),
                    Map.entry(400, "Bad Request"),
                    Map.entry(401, "Unauthorized"),
                    Map.entry(404, "Not Found"),
                    Map.entry(405, "Method Not Allowed"),
                    Map.entry(408, "Request Timeout"),
                    Map.entry(411, "Length Required"),
                    Map.entry(413, "Content Too Large"),
                    Map.entry(421, "Misdirected Request"),
                    Map.entry(429, "Too Many Requests"),
                    Map.entry(431, "Request Header Fields Too Large"),
                    Map.entry(500, "Internal Server Error"),
                    Map.entry(503, "Service Unavailable"),
                    Map.entry(505, "HTTP Version Not Supported"));

    private Answer() {}

    static String reason(int status) {
        return REASONS.getOrDefault(status, "Status");
    }

    /**
     * One answer, in one write.
     *
     * @param extra further header lines, each with its line end
     */
    static void write(
            OutputStream out,
            Page page,
            String extra,
            boolean gzip,
            boolean head,
            boolean keepAlive)
            throws IOException {
        byte[] body = page.body();
        String encoding = "";
        if (gzip && body.length >= GZIP_FROM_BYTES) {
            body = gzip(body);
            encoding = "Content-Encoding: gzip\r\n";
        }
        String lines =
                "HTTP/1.1 "
                        + page.status()
                        + " "
                        + reason(page.status())
                        + "\r\nContent-Type: "
                        + page.contentType()
                        + "\r\nContent-Length: "
                        + body.length
                        + "\r\nVary: Accept, Accept-Encoding\r\n"
                        + encoding
                        + ALWAYS
                        + extra
                        + (keepAlive ? "" : "Connection: close\r\n")
                        + "\r\n";
        ByteArrayOutputStream whole = new ByteArrayOutputStream(lines.length() + body.length);
        whole.write(lines.getBytes(StandardCharsets.ISO_8859_1));
        if (!head) {
            whole.write(body);
        }
        whole.writeTo(out);
        out.flush();
    }

    /** An error's page is its own name. */
    static Page error(int status) {
        return Page.text(status, status + " " + reason(status) + "\n");
    }

    private static byte[] gzip(byte[] body) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(body.length / 4);
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
