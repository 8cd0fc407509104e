package io.flowscope.bench.report;

import io.flowscope.bench.compare.Contenders;
import io.flowscope.bench.compare.Sample;
import io.flowscope.bench.spread.Spread;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/** Questions to all that was measured. */
final class Figures {
    private final List<Sample> samples;
    private final List<StageResult> stages;

    Figures(List<Sample> samples, List<StageResult> stages) {
        this.samples = samples;
        this.stages = stages;
    }

    /** CPU nanoseconds per packet over all rounds. */
    Optional<Spread> nanos(String workload, String contender) {
        return spread(workload, contender, Sample::nanos);
    }

    /** The same of first passes. */
    Optional<Spread> firstPass(String workload, String contender) {
        return spread(workload, contender, Sample::firstPassNanos);
    }

    Optional<Spread> spread(String workload, String contender, ToDoubleFunction<Sample> of) {
        double[] values = of(workload, contender).stream().mapToDouble(of).toArray();
        return values.length == 0 ? Optional.empty() : Optional.of(Spread.of(values));
    }

    List<Sample> of(String workload, String contender) {
        Predicate<Sample> wanted =
                s -> s.workload().equals(workload) && s.contender().equals(contender);
        return samples.stream().filter(wanted).toList();
    }

    /** The name of the better of the two programs that are the limit. */
    Optional<String> limit(String workload) {
        return Contenders.LIMITS.stream()
                .filter(l -> nanos(workload, l).isPresent())
                .min(Comparator.comparingDouble(l -> nanos(workload, l).orElseThrow().median()));
    }

    /**
     * How many times one costs the other, round by round, so that what disturbed a round disturbed
     * both; with its 95 % confidence interval.
     */
    Optional<Spread> ratio(String workload, String contender, String to) {
        double[] ratios =
                of(workload, contender).stream()
                        .flatMapToDouble(
                                s ->
                                        of(workload, to).stream()
                                                .filter(t -> t.round() == s.round())
                                                .mapToDouble(t -> s.nanos() / t.nanos()))
                        .toArray();
        return ratios.length == 0 ? Optional.empty() : Optional.of(Spread.confidence(ratios));
    }

    /** The same to the limit. */
    Optional<Spread> toLimit(String workload, String contender) {
        return limit(workload).flatMap(l -> ratio(workload, contender, l));
    }

    /** A stage by its name and parameters as they are written in the table. */
    Optional<StageResult> stage(String name) {
        return stages.stream().filter(s -> s.name().equals(name)).findFirst();
    }

    List<StageResult> stages() {
        return stages;
    }

    List<Sample> samples() {
        return samples;
    }
}
