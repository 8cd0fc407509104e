package io.flowscope.bench.report;

import io.flowscope.bench.compare.Contender;
import io.flowscope.bench.load.Workload;
import io.flowscope.bench.spread.Spread;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One run, to be written.
 *
 * @param title what was run
 * @param rounds in how many turns the programs ran
 * @param environment on what
 * @param workloads the inputs
 * @param contenders who was compared
 * @param unfinished parts that are still to come or were interrupted
 * @param measured what came of it so far
 */
public record Report(
        String title,
        int rounds,
        Environment environment,
        List<Workload> workloads,
        List<Contender> contenders,
        List<String> unfinished,
        Measured measured) {

    /** Writes {@code results.json}, {@code RESULTS.md} and charts into a folder. */
    public void write(Path folder) throws IOException {
        Path charts = Files.createDirectories(folder.resolve("charts"));
        Figures figures = new Figures(measured.samples(), measured.stages());
        for (Workload workload : workloads) {
            BarChart chart = chart(figures, workload);
            if (!chart.isEmpty()) {
                double limit =
                        figures.limit(workload.name())
                                .flatMap(l -> figures.nanos(workload.name(), l))
                                .map(Spread::median)
                                .orElse(100.0);
                Files.writeString(charts.resolve(workload.name() + ".svg"), chart.draw(limit * 12));
            }
        }
        replace(folder.resolve("RESULTS.md"), new Markdown(this, figures).text());
        replace(folder.resolve("results.json"), Json.of(json()) + "\n");
    }

    /** In one step: who is interrupted here leaves what was there. */
    private static void replace(Path file, String text) throws IOException {
        Path unfinished = file.resolveSibling(file.getFileName() + ".writing");
        Files.writeString(unfinished, text);
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private BarChart chart(Figures figures, Workload workload) {
        BarChart chart =
                new BarChart(String.format(Locale.ROOT, "%s: CPU ns per packet", workload.about()));
        for (Contender contender : contenders) {
            figures.nanos(workload.name(), contender.name())
                    .ifPresent(s -> chart.bar(contender.name(), s, color(contender.side())));
        }
        return chart;
    }

    private static String color(Contender.Side side) {
        return switch (side) {
            case LIMIT -> "#555555";
            case REFERENCE -> "#999999";
            case OURS -> "#1f77b4";
            case LIBRARY -> "#d62728";
            case TOOL -> "#c7a76c";
        };
    }

    private Map<String, Object> json() {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("title", title);
        all.put("environment", environment.facts());
        all.put("workloads", workloads);
        all.put("unfinished", unfinished);
        all.put("measured", measured);
        return all;
    }
}
