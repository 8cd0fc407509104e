package io.flowscope.tracker.session.tls;

import io.flowscope.tracker.session.ParserFactory;
import io.flowscope.tracker.session.SessionProtocol;

import java.util.Set;

/** TLS on the usual TCP ports, and wherever a stream begins with a hello. */
public final class TlsProtocol implements SessionProtocol<TlsMessage> {
    private final TlsOptions options;

    /** With the default options. */
    public TlsProtocol() {
        this(TlsOptions.DEFAULT);
    }

    /** With options. */
    public TlsProtocol(TlsOptions options) {
        this.options = options;
    }

    @Override
    public String name() {
        return "tls";
    }

    @Override
    public Set<Integer> tcpPorts() {
        return Set.of(443, 465, 563, 636, 853, 989, 990, 992, 993, 994, 995, 5061, 8443);
    }

    @Override
    public ParserFactory<TlsMessage> newFactory() {
        return new TlsFactory(options);
    }
}
