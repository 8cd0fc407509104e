package io.flowscope.bench.report;

import io.flowscope.bench.compare.Sample;
import io.flowscope.bench.live.LiveResults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
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
        return new Draft(commit, noisy).finished();
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
        return changed(draft -> draft.noisy |= isNoisy);
    }

    /** With a line about a part, in place of what it said before. */
    public Measured withPart(String part, String line) {
        return changed(draft -> draft.parts = with(parts, part, line));
    }

    /** With what could not be run of a part; what it lacked in an earlier run is forgotten. */
    public Measured withMissing(String part, Map<String, String> reasons) {
        Map<String, String> all = new LinkedHashMap<>(missing);
        all.keySet().removeIf(name -> name.startsWith(part + ": "));
        reasons.forEach((name, why) -> all.put(part + ": " + name, why));
        return changed(draft -> draft.missing = all);
    }

    /** With the runs on one workload, in place of all earlier ones on it. */
    public Measured withSamples(String workload, List<Sample> more) {
        return changed(
                draft -> draft.samples = joined(samples, s -> s.workload().equals(workload), more));
    }

    /** With benchmarks of stages, in place of those of the same names. */
    public Measured withStages(List<StageResult> more) {
        List<String> names = more.stream().map(StageResult::name).toList();
        return changed(draft -> draft.stages = joined(stages, s -> names.contains(s.name()), more));
    }

    /** With the costs of flows. */
    public Measured withFlowCosts(List<FlowCost> costs) {
        return changed(draft -> draft.flowCosts = costs);
    }

    /** With the ratios of two workers to one. */
    public Measured withWorkers(List<Double> ratios) {
        return changed(draft -> draft.twoWorkersToOne = ratios);
    }

    /** With what came from a wire. */
    public Measured withLive(LiveResults results) {
        return changed(draft -> draft.live = results);
    }

    private Measured changed(Consumer<Draft> change) {
        Draft draft = new Draft(commit, noisy);
        draft.parts = parts;
        draft.missing = missing;
        draft.samples = samples;
        draft.stages = stages;
        draft.flowCosts = flowCosts;
        draft.twoWorkersToOne = twoWorkersToOne;
        draft.live = live;
        change.accept(draft);
        return draft.finished();
    }

    private static Map<String, String> with(Map<String, String> map, String key, String value) {
        Map<String, String> all = new LinkedHashMap<>(map);
        all.put(key, value);
        return all;
    }

    private static <T> List<T> joined(List<T> earlier, Predicate<T> replaced, List<T> more) {
        return Stream.concat(earlier.stream().filter(replaced.negate()), more.stream()).toList();
    }

    /** The same, while one thing of it is exchanged. */
    private static final class Draft {
        private final String commit;
        private boolean noisy;
        private Map<String, String> parts = Map.of();
        private Map<String, String> missing = Map.of();
        private List<Sample> samples = List.of();
        private List<StageResult> stages = List.of();
        private List<FlowCost> flowCosts = List.of();
        private List<Double> twoWorkersToOne = List.of();
        private LiveResults live = LiveResults.NONE;

        Draft(String commit, boolean noisy) {
            this.commit = commit;
            this.noisy = noisy;
        }

        Measured finished() {
            return new Measured(
                    commit,
                    noisy,
                    parts,
                    missing,
                    samples,
                    stages,
                    flowCosts,
                    twoWorkersToOne,
                    live);
        }
    }
}
