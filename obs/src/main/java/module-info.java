/** Metrics, tracing and the scrape endpoint. */
module io.flowscope.obs {
    requires static org.jspecify;
    requires io.flowscope.tracker;
    requires micrometer.core;
    requires org.apache.logging.log4j;
}
