/** Packets to flows, streams and messages. */
module io.flowscope.tracker {
    requires static org.jspecify;

    uses io.flowscope.tracker.FlowHookProvider;

    exports io.flowscope.tracker;
    exports io.flowscope.tracker.dedup;
    exports io.flowscope.tracker.key;
    exports io.flowscope.tracker.packet;
    exports io.flowscope.tracker.session;
    exports io.flowscope.tracker.session.dns;
    exports io.flowscope.tracker.session.http;
    exports io.flowscope.tracker.session.quic;
    exports io.flowscope.tracker.session.tls;
    exports io.flowscope.tracker.stream;

    uses io.flowscope.tracker.session.SessionProtocol;

    provides io.flowscope.tracker.session.SessionProtocol with
            io.flowscope.tracker.session.dns.DnsProtocol,
            io.flowscope.tracker.session.http.HttpProtocol,
            io.flowscope.tracker.session.tls.TlsProtocol,
            io.flowscope.tracker.session.quic.QuicProtocol;
}
