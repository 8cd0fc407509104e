/** Packet sources, writers and injection. */
module io.flowscope.capture {
    requires static org.jspecify;
    requires io.flowscope.bindings;

    exports io.flowscope.capture;
    exports io.flowscope.capture.generate;
}
