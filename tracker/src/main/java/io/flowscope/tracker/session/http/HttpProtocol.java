package io.flowscope.tracker.session.http;

import io.flowscope.tracker.session.ParserFactory;
import io.flowscope.tracker.session.SessionProtocol;

import java.util.Set;

/** HTTP/1.x on the usual TCP ports, and wherever a stream begins like it. */
public final class HttpProtocol implements SessionProtocol<HttpMessage> {
    private final HttpOptions options;

    /** With the default options. */
    public HttpProtocol() {
        this(HttpOptions.DEFAULT);
    }

    /** With options. */
    public HttpProtocol(HttpOptions options) {
        this.options = options;
    }

    @Override
    public String name() {
        return "http";
    }

    @Override
    public Set<Integer> tcpPorts() {
        return Set.of(80, 3128, 8000, 8008, 8080, 8081, 8888);
    }

    @Override
    public ParserFactory<HttpMessage> newFactory() {
        return new HttpFactory(options);
    }
}
