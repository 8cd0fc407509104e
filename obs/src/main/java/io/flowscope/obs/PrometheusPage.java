package io.flowscope.obs;

import io.flowscope.obs.server.Page;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.function.Function;

/**
 * The scrape page of a Prometheus registry, for {@link io.flowscope.obs.server.MetricsServer}: in
 * OpenMetrics for those who prefer it, else in Prometheus' own text format. Our metrics are brought
 * up to date before.
 */
public final class PrometheusPage implements Function<String, Page> {
    private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";
    private static final String OPEN_METRICS =
            "application/openmetrics-text; version=1.0.0; charset=utf-8";

    private final PrometheusMeterRegistry registry;
    private final FlowMetrics metrics;

    /** A page. */
    public PrometheusPage(PrometheusMeterRegistry registry, FlowMetrics metrics) {
        this.registry = registry;
        this.metrics = metrics;
    }

    @Override
    public Page apply(String accept) {
        metrics.refresh();
        String type = prefersOpenMetrics(accept) ? OPEN_METRICS : TEXT;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(1 << 16);
        try {
            registry.scrape(bytes, type);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Page(200, type, bytes.toByteArray());
    }

    /** Whether an Accept header ranks OpenMetrics at least as high as text. */
    static boolean prefersOpenMetrics(String accept) {
        double open = 0;
        double text = 0;
        for (String part : accept.toLowerCase(Locale.ROOT).split(",", -1)) {
            String type = part.strip();
            if (type.startsWith("application/openmetrics-text")) {
                open = Math.max(open, quality(type));
            } else if (type.startsWith("text/plain") || type.startsWith("text/*")) {
                text = Math.max(text, quality(type));
            }
        }
        return open > 0 && open >= text;
    }

    private static double quality(String type) {
        for (String parameter : type.split(";", -1)) {
            String text = parameter.strip();
            if (text.matches("q=[01](\\.[0-9]{0,3})?")) {
                return Double.parseDouble(text.substring(2));
            }
        }
        return 1;
    }
}
