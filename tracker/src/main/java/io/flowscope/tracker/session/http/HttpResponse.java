package io.flowscope.tracker.session.http;

import org.jspecify.annotations.Nullable;

/**
 * A response, final or interim.
 *
 * @param head its line and headers
 * @param body what follows them
 * @param request the head of the request that it answers; null if that was not seen
 * @param endedNanos time of the packet with the last byte
 */
public record HttpResponse(
        HttpResponseHead head, HttpBody body, @Nullable HttpRequestHead request, long endedNanos)
        implements HttpMessage {}
