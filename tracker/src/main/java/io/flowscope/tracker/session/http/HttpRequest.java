package io.flowscope.tracker.session.http;

/**
 * A request.
 *
 * @param head its line and headers
 * @param body what follows them
 * @param endedNanos time of the packet with the last byte
 */
public record HttpRequest(HttpRequestHead head, HttpBody body, long endedNanos)
        implements HttpMessage {}
