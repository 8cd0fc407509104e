package io.flowscope.tracker.session.http;

import io.flowscope.tracker.session.ByteText;

import java.util.Set;

/**
 * A status line and its headers.
 *
 * @param version such as {@code HTTP/1.1}
 * @param status 100 to 999
 * @param reason the words after the status
 * @param headers in the order sent
 * @param defects what was unusual
 * @param startedNanos time of the packet with the first byte
 */
public record HttpResponseHead(
        ByteText version,
        int status,
        ByteText reason,
        HttpHeaders headers,
        Set<HttpDefect> defects,
        long startedNanos) {

    /** Whether another response to the same request follows: 100 to 199, but not 101. */
    public boolean interim() {
        return status < 200 && status != 101;
    }
}
