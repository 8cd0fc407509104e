package io.flowscope.bench.report;

import io.flowscope.bench.compare.Sample;
import io.flowscope.bench.live.LiveResults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What has been measured so far, of one run or of several of the same commit. It is the content of
 * {@code results.json}, from which it can be read again.
 *
 * @param commit of what
 * @param noisy whether something else ran on the machine when one of the runs began
 * @param parts what was run, each part with when and how long
 * @param missing what could not be run, and why; the names begin with that of the part
 * @param samples every single run of a program
 * @param stages the benchmarks of stages
 * @param flowCosts what flows take and cost, by how many there are
 * @param twoWorkersToOne CPU per packet of two workers to that of one, of each round
 * @param live what came of receivers on a wire
 */
public record Measured(
        String commit,
        boolean noisy,
        Map<String, String> parts,
        Map<String, String> missing,
        List<Sample> samples,
        List<StageResult> stages,
        List<FlowCost> flowCosts,
        List<Double> twoWorkersToOne,
        LiveResults live) {

    /** Nothing yet. */
    public static Measured nothing(String commit, boolean noisy) {
        return new Measured(
                commit,
                noisy,
                Map.of(),
                Map.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                LiveResults.NONE);
    }

    /**
     * What an earlier run wrote.
     *
     * @throws IOException if there is none, or of another commit
     */
    public static Measured read(Path folder, String commit) throws IOException {
        Path file = folder.resolve("results.json");
        Map<?, ?> all = (Map<?, ?>) JsonReader.read(Files.readString(file));
        Measured earlier = JsonReader.record(Measured.class, all.get("measured"));
        if (!earlier.commit.equals(commit)) {
            throw new IOException(file + " is of " + earlier.commit + ", this is " + commit);
        }
        return earlier;
    }

    /** The same, begun on a machine with other work on it, or not. */
    public Measured onMachine(boolean isNoisy) {
        return new Measured(
                commit,
                noisy || isNoisy,
                parts,
                missing,
                samples,
                stages,
                flowCosts,
                twoWorkersToOne,
                live);
    }

    /** With a line about a part, in place of what it said before. */
    public Measured withPart(String part, String line) {
        return new Measured(
                commit,
                noisy,
                with(parts, part, line),
                missing,
                samples,
                stages,
                flowCosts,
                twoWorkersToOne,
                live);
    }

    /** With what could not be run of a part; what it lacked in an earlier run is forgotten. */
    public Measured withMissing(String part, Map<String, String> reasons) {
        Map<String, String> all = new LinkedHashMap<>(missing);
        all.keySet().removeIf(name -> name.startsWith(part + ": "));
        reasons.forEach((name, why) -> all.put(part + ": " + name, why));
        return new Measured(
                commit, noisy, parts, all, samples, stages, flowCosts, twoWorkersToOne, live);
    }

    /** With the runs on one workload, in place of all earlier ones on it. */
    public Measured withSamples(String workload, List<Sample> more) {
        return new Measured(
                commit,
                noisy,
                parts,
                missing,
                joined(samples, s -> s.workload().equals(workload), more),
                stages,
                flowCosts,
                twoWorkersToOne,
                live);
    }

    /** With benchmarks of stages, in place of those of the same names. */
    public Measured withStages(List<StageResult> more) {
        List<String> names = more.stream().map(StageResult::name).toList();
        return new Measured(
                commit,
                noisy,
                parts,
                missing,
                samples,
                joined(stages, s -> names.contains(s.name()), more),
                flowCosts,
                twoWorkersToOne,
                live);
    }

    /** With the costs of flows. */
    public Measured withFlowCosts(List<FlowCost> costs) {
        return new Measured(
                commit, noisy, parts, missing, samples, stages, costs, twoWorkersToOne, live);
    }

    /** With the ratios of two workers to one. */
    public Measured withWorkers(List<Double> ratios) {
        return new Measured(
                commit, noisy, parts, missing, samples, stages, flowCosts, ratios, live);
    }

    /** With what came from a wire. */
    public Measured withLive(LiveResults results) {
        return new Measured(
                commit,
                noisy,
                parts,
                missing,
                samples,
                stages,
                flowCosts,
                twoWorkersToOne,
                results);
    }

    private static Map<String, String> with(Map<String, String> map, String key, String value) {
        Map<String, String> all = new LinkedHashMap<>(map);
        all.put(key, value);
        return all;
    }

    private static <T> List<T> joined(List<T> earlier, Predicate<T> replaced, List<T> more) {
        return Stream.concat(earlier.stream().filter(replaced.negate()), more.stream()).toList();
    }
}
