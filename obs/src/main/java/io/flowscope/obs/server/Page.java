package io.flowscope.obs.server;

import java.nio.charset.StandardCharsets;

/**
 * An answer's body and type.
 *
 * @param status HTTP status, 200 for most
 * @param contentType with its character set
 * @param body owned by the page
 */
@SuppressWarnings("ArrayRecordComponent") // bytes on their way to a socket, not a value to compare
public record Page(int status, String contentType, byte[] body) {
    /** A page of plain text. */
    public static Page text(int status, String text) {
        return new Page(status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
    }
}
