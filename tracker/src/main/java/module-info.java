/** Packets to flows, streams and messages. */
module io.flowscope.tracker {
    requires static org.jspecify;

    exports io.flowscope.tracker;
    exports io.flowscope.tracker.session;

    uses io.flowscope.tracker.session.SessionProtocol;
    exports io.flowscope.tracker.session.dns;
    exports io.flowscope.tracker.session.http;
}
