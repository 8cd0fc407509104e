package io.flowscope.tracker.session.http;

import org.jspecify.annotations.Nullable;

/**
 * A request with its final response; at least one of them is there.
 *
 * @param request null if it was not seen
 * @param response null if none came
 */
public record HttpExchange(@Nullable HttpRequest request, @Nullable HttpResponse response)
        implements HttpMessage {

    /** From the request's last byte to the response's first; −1 if one is missing. */
    public long latencyNanos() {
        return request == null || response == null
                ? -1
                : Math.max(0, response.head().startedNanos() - request.endedNanos());
    }
}
