package io.flowscope.obs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.config.NamingConvention;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

import org.junit.jupiter.api.Test;

class FlowscopeNamingTest {
    @Test
    void oursStayAsTheyAreAndOthersKeepTheirConvention() {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        FlowscopeNaming.install(registry, "podtrace_");
        Counter.builder("flowscope_flows_created_total").register(registry).increment();
        Counter.builder("podtrace_things_total").register(registry).increment();
        Counter.builder("http.requests").tag("a.b", "c").register(registry).increment();
        String page = registry.scrape();
        assertTrue(page.contains("flowscope_flows_created_total 1.0\n"), page);
        assertTrue(page.contains("podtrace_things_total 1.0\n"), page);
        assertTrue(page.contains("http_requests_total{a_b=\"c\"} 1.0\n"), page);
    }

    @Test
    void onceIsEnough() {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        FlowscopeNaming.install(registry, "x_");
        NamingConvention first = registry.config().namingConvention();
        FlowscopeNaming.install(registry, "x_");
        assertSame(first, registry.config().namingConvention());
        FlowscopeNaming.install(registry, "y_");
        assertEquals(
                "x_a_total",
                registry.config()
                        .namingConvention()
                        .name("x_a_total", io.micrometer.core.instrument.Meter.Type.COUNTER, null));
    }
}
