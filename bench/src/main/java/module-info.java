/** Benchmarks. */
module io.flowscope.bench {
    requires static org.jspecify;
    requires java.management;
    requires jdk.management;
    requires io.flowscope.bindings;
    requires io.flowscope.capture;
    requires io.flowscope.tracker;
    requires io.flowscope.obs;
    requires java.compiler;
    requires micrometer.core;
    requires micrometer.registry.prometheus;
    requires jmh.core;
}
