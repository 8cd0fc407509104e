package io.flowscope.bench.report;

import io.flowscope.bench.compare.Contender;
import io.flowscope.bench.compare.Sample;
import io.flowscope.bench.live.LiveResults;
import io.flowscope.bench.load.Workload;
import io.flowscope.bench.spread.Spread;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One run, to be written.
 *
 * @param title what was run
 * @param rounds in how many turns the programs ran
 * @param environment on what
 * @param workloads the inputs
 * @param contenders who was compared
 * @param missing what could not be run, and why
 * @param samples every single run of a program
 * @param stages the benchmarks of stages
 * @param costs what flows take and cost, by how many there are
 * @param workers CPU per packet of two workers to that of one; empty if not measured
 * @param live what came of receivers on a wire
 */
public record Report(
        String title,
        int rounds,
        Environment environment,
        List<Workload> workloads,
        List<Contender> contenders,
        Map<String, String> missing,
        List<Sample> samples,
        List<StageResult> stages,
        List<FlowCost> costs,
        Optional<Double> workers,
        LiveResults live) {

    /** Writes {@code results.json}, {@code RESULTS.md} and charts into a folder. */
    public void write(Path folder) throws IOException {
        Path charts = Files.createDirectories(folder.resolve("charts"));
        Figures figures = new Figures(samples, stages);
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
        Files.writeString(folder.resolve("RESULTS.md"), new Markdown(this, figures).text());
        Files.writeString(folder.resolve("results.json"), Json.of(json()) + "\n");
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
        all.put("missing", missing);
        all.put("samples", samples);
        all.put("stages", stages);
        all.put("flowCosts", costs);
        all.put("live", live);
        workers.ifPresent(w -> all.put("twoWorkersToOne", w));
        return all;
    }
}
