package io.flowscope.bench;

import io.flowscope.bench.compare.CPrograms;
import io.flowscope.bench.compare.Comparison;
import io.flowscope.bench.compare.Contender;
import io.flowscope.bench.compare.Contenders;
import io.flowscope.bench.live.LiveComparison;
import io.flowscope.bench.live.LiveResults;
import io.flowscope.bench.load.Input;
import io.flowscope.bench.load.Workload;
import io.flowscope.bench.report.Environment;
import io.flowscope.bench.report.FlowCost;
import io.flowscope.bench.report.Report;
import io.flowscope.bench.report.StageResult;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Runs everything, or a part of it, and writes what came out. Started by {@code bench/run}. */
public final class Bench {
    private static final int LIVE_ROUNDS = 3;

    private final Arguments arguments;
    private final PrintStream progress = System.err;
    private final Path target;
    private final Map<String, String> missing = new LinkedHashMap<>();

    private Bench(Arguments arguments) {
        this.arguments = arguments;
        this.target = arguments.root().resolve("bench/target");
    }

    /** See {@link Arguments#USAGE}. */
    public static void main(String[] words) throws Exception {
        if (List.of(words).contains("--help")) {
            System.out.print(Arguments.USAGE);
            return;
        }
        Arguments arguments;
        try {
            arguments = Arguments.parse(words);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.err.print(Arguments.USAGE);
            System.exit(2);
            return;
        }
        new Bench(arguments).run();
    }

    private void run() throws Exception {
        Environment environment = new Environment(arguments.root());
        if (environment.isNoisy()) {
            progress.println("Something else runs on this machine: the report will say so.");
        }
        CPrograms programs =
                new CPrograms(arguments.root().resolve("bench/src/main/c"), target.resolve("c"));
        Path measure = programs.compile("measure");
        Path scratch = Files.createDirectories(target.resolve("scratch"));
        Contenders contenders = contenders(programs, scratch);
        List<Contender> chosen =
                contenders.all().stream().filter(c -> arguments.wants(c.name())).toList();

        Comparison comparison =
                new Comparison(measure, arguments.cpu(), arguments.rounds(), progress);
        List<Workload> workloads = arguments.workloads();
        if (arguments.has(Arguments.Part.PROGRAMS)) {
            for (Workload workload : workloads) {
                progress.println(workload.name() + ": " + workload.about());
                comparison.run(Input.of(workload, target.resolve("workloads")), chosen);
            }
        }
        List<StageResult> stages =
                arguments.has(Arguments.Part.STAGES)
                        ? new Stages(scratch, arguments.cpu(), arguments.full())
                                .run(arguments.stages())
                        : List.of();
        Scaling scaling = new Scaling(measure, target.resolve("workloads"), arguments);
        List<FlowCost> costs = arguments.has(Arguments.Part.SCALING) ? scaling.flows() : List.of();
        Optional<Double> workers =
                arguments.has(Arguments.Part.SCALING) ? scaling.workers() : Optional.empty();

        LiveResults live = arguments.has(Arguments.Part.LIVE) ? live(programs) : LiveResults.NONE;
        missing.putAll(contenders.missing());
        missing.putAll(comparison.failures());
        Report report =
                new Report(
                        arguments.full() ? "Full run" : "Quick run",
                        arguments.rounds(),
                        environment,
                        workloads,
                        chosen,
                        missing,
                        comparison.samples(),
                        stages,
                        costs,
                        workers,
                        live);
        write(report);
    }

    private LiveResults live(CPrograms programs) throws IOException, InterruptedException {
        Optional<String> obstacle = LiveComparison.obstacle();
        if (obstacle.isPresent()) {
            missing.put("live", obstacle.get());
            return LiveResults.NONE;
        }
        var live =
                new LiveComparison(
                        programs,
                        target.resolve("workloads"),
                        arguments.cpu(),
                        LiveComparison.WARMING,
                        System.getProperty("flowscope.bench.pcap4j"),
                        progress);
        boolean full = arguments.full();
        live.fullSpeed(Math.min(LIVE_ROUNDS, arguments.rounds()), full ? 2_000_000 : 500_000);
        live.atRate(full ? 2 : 1, 200_000, 100_000);
        if (full) {
            live.findLossFreeRates();
        }
        for (String profile : List.of("THROUGHPUT", "LOW_LATENCY")) {
            for (long perSecond : List.of(1_000L, 100_000L)) {
                live.latency(profile, perSecond);
            }
        }
        missing.putAll(live.missing());
        return live.results();
    }

    private Contenders contenders(CPrograms programs, Path scratch)
            throws IOException, InterruptedException {
        Contenders contenders = new Contenders().addC(programs).addOurs();
        contenders.addCommand(arguments.root());
        contenders.addPcap4j(System.getProperty("flowscope.bench.pcap4j"));
        return contenders.addTools(scratch);
    }

    private void write(Report report) throws IOException {
        List<Path> folders = new ArrayList<>();
        folders.add(target.resolve("results"));
        if (arguments.update()) {
            folders.add(arguments.root().resolve("bench"));
        }
        for (Path folder : folders) {
            report.write(folder);
            progress.println("written: " + folder.resolve("RESULTS.md"));
        }
    }
}
