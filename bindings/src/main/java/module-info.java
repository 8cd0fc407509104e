/**
 * Native bindings for Linux packet sockets, libpcap and zstd; the only module that needs native
 * access.
 */
module io.flowscope.bindings {
    requires static org.jspecify;

    exports io.flowscope.bindings to
            io.flowscope.capture;
    exports io.flowscope.bindings.linux to
            io.flowscope.capture,
            io.flowscope.cli;
    exports io.flowscope.bindings.pcap to
            io.flowscope.capture,
            io.flowscope.bench;
    exports io.flowscope.bindings.zstd to
            io.flowscope.capture;
}
