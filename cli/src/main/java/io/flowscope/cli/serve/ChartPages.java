package io.flowscope.cli.serve;

import io.flowscope.cli.watch.Observation;
import io.flowscope.obs.server.Page;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * The page with live charts, and all that it asks for, by path. Nothing is fetched from anywhere
 * else, and nothing is written into the HTML: it works under {@code default-src 'self'}.
 */
public final class ChartPages {
    private ChartPages() {}

    /** Pages for {@link io.flowscope.obs.server.MetricsServer}. */
    public static Map<String, Function<String, Page>> of(Observation observation) {
        Map<String, Function<String, Page>> pages = new HashMap<>();
        add(pages, "/", "page.html", "text/html; charset=utf-8");
        add(pages, "/page.js", "page.js", "text/javascript; charset=utf-8");
        add(pages, "/page.css", "page.css", "text/css; charset=utf-8");
        add(pages, "/icon.svg", "icon.svg", "image/svg+xml");
        pages.put(
                "/page.json",
                accept ->
                        new Page(200, "application/json; charset=utf-8", PageData.of(observation)));
        return Map.copyOf(pages);
    }

    private static void add(
            Map<String, Function<String, Page>> pages, String path, String file, String type) {
        Page page = new Page(200, type, resource(file));
        pages.put(path, accept -> page);
    }

    private static byte[] resource(String name) {
        try (InputStream in = ChartPages.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("not in this build: " + name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
