package io.flowscope.bench.stage;

import io.flowscope.bench.compare.Jvm;

import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Runs {@link HookBenchmark} without the hook in the source, with it and off, and on: in turns, so
 * that what the machine does meanwhile meets all. On twice: with a Prometheus registry, as {@code
 * flowscope serve} has it, and with a plain one, whose meters are told every flow. Arguments: the
 * root of the checkout, and how many rounds.
 */
public final class HookPair {
    private HookPair() {}

    /** Prints medians, and the ratios of each round. */
    public static void main(String[] arguments) throws IOException, RunnerException {
        Path root = Path.of(arguments[0]).toAbsolutePath();
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 5;
        Path bare = HookSource.compile(root, root.resolve("bench/target/without-hooks"));
        String open = "-Dflowscope.metrics=true";
        Map<String, List<String>> kinds = new LinkedHashMap<>();
        kinds.put("without", List.of("-Xbootclasspath/a:" + bare));
        kinds.put("off", List.of("-Dflowscope.metrics=false"));
        kinds.put("on", List.of(open));
        kinds.put("on, plain", List.of(open, "-D" + HookBenchmark.PLAIN + "=true"));
        Map<String, List<Double>> nanos = new TreeMap<>();
        Map<String, List<Double>> allocated = new TreeMap<>();
        for (int round = 0; round < rounds; round++) {
            for (Map.Entry<String, List<String>> kind : kinds.entrySet()) {
                run(kind.getKey(), kind.getValue(), nanos, allocated);
            }
        }
        nanos.forEach(
                (name, values) ->
                        System.out.printf(
                                Locale.ROOT,
                                "%-20s %7.2f ns  %6.3f B   %s%n",
                                name,
                                median(values),
                                median(allocated.getOrDefault(name, List.of(0.0))),
                                values));
        for (String work : List.of("packet", "life")) {
            ratio(nanos, work + " off", work + " without");
            ratio(nanos, work + " on", work + " off");
            ratio(nanos, work + " on, plain", work + " off");
        }
    }

    @SuppressWarnings("rawtypes") // JMH's own signatures
    private static void run(
            String kind,
            List<String> more,
            Map<String, List<Double>> nanos,
            Map<String, List<Double>> allocated)
            throws RunnerException {
        List<String> options = new ArrayList<>(Jvm.OPTIONS);
        options.addAll(more);
        var run =
                new OptionsBuilder()
                        .include(HookBenchmark.class.getName() + ".*")
                        .jvm(Jvm.java().toString())
                        .jvmArgs(options.toArray(String[]::new))
                        .addProfiler(GCProfiler.class)
                        .forks(1)
                        .warmupIterations(5)
                        .warmupTime(TimeValue.milliseconds(400))
                        .measurementIterations(7)
                        .measurementTime(TimeValue.milliseconds(150))
                        .verbosity(VerboseMode.SILENT)
                        .build();
        for (RunResult result : new Runner(run).run()) {
            String name = result.getPrimaryResult().getLabel() + " " + kind;
            double[] scores =
                    result.getAggregatedResult().getIterationResults().stream()
                            .mapToDouble(i -> i.getPrimaryResult().getScore())
                            .toArray();
            double[] bytes =
                    result.getAggregatedResult().getIterationResults().stream()
                            .flatMap(i -> i.getSecondaryResults().entrySet().stream())
                            .filter(e -> e.getKey().endsWith("gc.alloc.rate.norm"))
                            .mapToDouble(e -> e.getValue().getScore())
                            .toArray();
            nanos.computeIfAbsent(name, n -> new ArrayList<>()).add(median(scores));
            allocated.computeIfAbsent(name, n -> new ArrayList<>()).add(median(bytes));
        }
    }

    private static void ratio(Map<String, List<Double>> nanos, String of, String to) {
        List<Double> above = nanos.getOrDefault(of, List.of());
        List<Double> below = nanos.getOrDefault(to, List.of());
        double[] ratios = new double[above.size()];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = above.get(i) / below.get(i);
        }
        System.out.printf(Locale.ROOT, "%s / %s: %.3f%n", of, to, median(ratios));
    }

    private static double median(List<Double> values) {
        return median(values.stream().mapToDouble(v -> v).toArray());
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return Math.round(sorted[sorted.length / 2] * 1000) / 1000.0;
    }
}
