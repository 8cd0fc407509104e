/** The flowscope command. */
module io.flowscope.cli {
    requires static org.jspecify;
    requires io.flowscope.bindings;
    requires io.flowscope.capture;
    requires io.flowscope.tracker;
    requires io.flowscope.obs;
    requires info.picocli;
    requires micrometer.registry.prometheus;

    opens io.flowscope.cli to
            info.picocli;
}
