package io.flowscope.bench;

import io.flowscope.bench.Arguments.Part;
import io.flowscope.bench.compare.CPrograms;
import io.flowscope.bench.compare.Comparison;
import io.flowscope.bench.compare.Contender;
import io.flowscope.bench.compare.Contenders;
import io.flowscope.bench.live.LiveComparison;
import io.flowscope.bench.load.Input;
import io.flowscope.bench.load.Workload;
import io.flowscope.bench.report.Environment;
import io.flowscope.bench.report.Measured;
import io.flowscope.bench.report.Report;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Runs everything, or a part of it, and writes what came out, again after each step: who is
 * interrupted keeps what there is. Started by {@code bench/run}.
 */
public final class Bench {
    private static final int LIVE_ROUNDS = 3;

    private final Arguments arguments;
    private final PrintStream progress = System.err;
    private final Path target;
    private final Path scratch;
    private final Environment environment;
    private final CPrograms programs;
    private final Path measure;
    private final Contenders contenders;
    private final List<Contender> chosen;
    private final Set<Part> unfinished;
    private Measured measured;

    private Bench(Arguments arguments) throws IOException, InterruptedException {
        this.arguments = arguments;
        target = arguments.root().resolve("bench/target");
        environment = new Environment(arguments.root());
        measured = earlier().onMachine(environment.isNoisy());
        unfinished = EnumSet.copyOf(arguments.parts());
        scratch = Files.createDirectories(target.resolve("scratch"));
        programs = new CPrograms(arguments.root().resolve("bench/src/main/c"), target.resolve("c"));
        measure = programs.compile("measure");
        contenders = new Contenders().addC(programs).addOurs().addOurParts(scratch);
        contenders.addCommand(arguments.root());
        contenders.addPcap4j(System.getProperty("flowscope.bench.pcap4j"));
        contenders.addTools(scratch);
        chosen = contenders.all().stream().filter(c -> arguments.wants(c.name())).toList();
    }

    private Measured earlier() throws IOException {
        String commit = environment.commit();
        return arguments.add()
                ? Measured.read(target.resolve("results"), commit)
                : Measured.nothing(commit, false);
    }

    /** See {@link Arguments#USAGE}. */
    public static void main(String[] words) throws IOException, InterruptedException {
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
        System.exit(new Bench(arguments).run() ? 0 : 1);
    }

    /** A step of a part; it may fail. */
    @FunctionalInterface
    private interface Step {
        void run() throws Exception;
    }

    /** Whether all parts came to their end. */
    private boolean run() throws IOException, InterruptedException {
        if (environment.isNoisy()) {
            progress.println("Something else runs on this machine: the report will say so.");
        }
        part(Part.PROGRAMS, this::compare);
        part(Part.STAGES, this::stages);
        part(Part.SCALING, this::scaling);
        part(Part.LIVE, this::live);
        Path results = target.resolve("results");
        progress.println("written: " + results.resolve("RESULTS.md"));
        if (arguments.update()) {
            Path folder = arguments.root().resolve("bench");
            report().write(folder);
            progress.println("written: " + folder.resolve("RESULTS.md"));
        }
        return unfinished.isEmpty();
    }

    /** A part's steps put what they lack into the map. */
    @FunctionalInterface
    private interface Steps {
        void run(Map<String, String> missing) throws IOException, InterruptedException;
    }

    private void part(Part part, Steps steps) throws IOException, InterruptedException {
        if (!arguments.has(part)) {
            return;
        }
        String name = part.name().toLowerCase(Locale.ROOT);
        progress.println("bench: " + name);
        Instant start = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        double load = Environment.load();
        Map<String, String> missing = new LinkedHashMap<>();
        try {
            steps.run(missing);
            unfinished.remove(part);
        } catch (IOException | RuntimeException e) {
            missing.put("all", e.toString());
            progress.println("bench: " + name + " failed: " + e);
        }
        measured =
                measured.withMissing(name, missing)
                        .withPart(
                                name,
                                "%s, from %s on for %d s, load before %.2f"
                                        .formatted(
                                                arguments.full() ? "full" : "quick",
                                                start,
                                                Duration.between(start, Instant.now()).toSeconds(),
                                                load));
        write();
    }

    /** One step that fails is named; the others go on. */
    private void step(String name, Map<String, String> missing, Step step)
            throws IOException, InterruptedException {
        try {
            step.run();
            write();
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            missing.put(name, e.toString());
            progress.println("bench: " + name + " failed: " + e);
        }
    }

    private void compare(Map<String, String> missing) throws IOException, InterruptedException {
        missing.putAll(contenders.missing());
        Comparison comparison =
                new Comparison(measure, arguments.cpu(), arguments.rounds(), progress);
        for (Workload workload : arguments.workloads()) {
            progress.println(workload.name() + ": " + workload.about());
            step(
                    workload.name(),
                    missing,
                    () -> {
                        Input input = Input.of(workload, target.resolve("workloads"));
                        measured =
                                measured.withSamples(
                                        workload.name(), comparison.run(input, chosen));
                    });
        }
        missing.putAll(comparison.failures());
    }

    private void stages(Map<String, String> missing) throws IOException, InterruptedException {
        Stages stages = new Stages();
        for (StagePlan plan : arguments.stages()) {
            String name = String.join(", ", plan.patterns()) + plan.suffix();
            step(name, missing, () -> measured = measured.withStages(stages.run(plan)));
        }
    }

    private void scaling(Map<String, String> missing) throws IOException, InterruptedException {
        Scaling scaling = new Scaling(measure, target.resolve("workloads"), arguments);
        step("flows", missing, () -> measured = measured.withFlowCosts(scaling.flows()));
        step("workers", missing, () -> measured = measured.withWorkers(scaling.workers()));
    }

    private void live(Map<String, String> missing) throws IOException, InterruptedException {
        Optional<String> obstacle = LiveComparison.obstacle();
        if (obstacle.isPresent()) {
            missing.put("all", obstacle.get());
            return;
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
        int rounds = Math.min(LIVE_ROUNDS, arguments.rounds());
        step(live, "full speed", missing, () -> live.fullSpeed(rounds, full ? 2_000_000 : 500_000));
        step(live, "at a rate", missing, () -> live.atRate(1, 200_000, 100_000));
        for (String profile : List.of("THROUGHPUT", "LOW_LATENCY")) {
            for (long perSecond : List.of(1_000L, 100_000L)) {
                String name = "latency, " + profile + " at " + perSecond + "/s";
                step(live, name, missing, () -> live.latency(profile, perSecond));
            }
        }
        if (full) {
            step(live, "loss-free rates", missing, live::findLossFreeRates);
        }
        missing.putAll(live.missing());
    }

    private void step(LiveComparison live, String name, Map<String, String> missing, Step step)
            throws IOException, InterruptedException {
        step(
                name,
                missing,
                () -> {
                    try {
                        step.run();
                    } finally {
                        measured = measured.withLive(live.results());
                    }
                });
    }

    private void write() throws IOException {
        report().write(target.resolve("results"));
    }

    private Report report() {
        return new Report(
                arguments.full() ? "Full run" : "Quick run",
                arguments.rounds(),
                environment,
                arguments.workloads(),
                chosen,
                unfinished.stream().map(p -> p.name().toLowerCase(Locale.ROOT)).toList(),
                measured);
    }
}
