/** Native bindings for packet sockets and libpcap; the only module that needs native access. */
module io.flowscope.bindings {
    requires static org.jspecify;

    exports io.flowscope.bindings to
            io.flowscope.capture,
            io.flowscope.bench;
}
