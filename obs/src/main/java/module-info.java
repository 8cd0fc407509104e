/** Metrics, tracing and the scrape endpoint. */
// Micrometer's types are in the API; that it is an automatic module changes nothing for its
// readers.
@SuppressWarnings("requires-transitive-automatic")
module io.flowscope.obs {
    requires static org.jspecify;
    requires transitive io.flowscope.tracker;
    requires transitive micrometer.core;
    requires org.apache.logging.log4j;
    requires jdk.jfr;
    requires java.net.http;

    // Only where somebody scrapes; automatic modules on the path are there together with
    // Micrometer.
    requires static micrometer.registry.prometheus;
    requires static io.prometheus.metrics.model;

    exports io.flowscope.obs;
    exports io.flowscope.obs.jfr;
    exports io.flowscope.obs.process;
    exports io.flowscope.obs.resources;
    exports io.flowscope.obs.server;
    exports io.flowscope.obs.teams;
    exports io.flowscope.obs.trace;

    provides io.flowscope.tracker.FlowHookProvider with
            io.flowscope.obs.Hooks;
}
