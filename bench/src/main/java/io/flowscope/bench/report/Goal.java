package io.flowscope.bench.report;

import io.flowscope.bench.compare.Contenders;
import io.flowscope.bench.compare.Sample;
import io.flowscope.bench.live.LiveComparison;
import io.flowscope.bench.live.LiveResults;
import io.flowscope.bench.live.LiveRun;
import io.flowscope.bench.spread.Spread;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.DoubleBinaryOperator;
import java.util.function.Function;

/**
 * Something to be reached, and where we are.
 *
 * @param text what
 * @param bound how much
 * @param isMost whether the bound is the most, else the least
 * @param unit of the bound and the figure
 * @param measured the figure; empty if this run did not measure it
 */
record Goal(String text, double bound, boolean isMost, String unit, Optional<Double> measured) {
    private static final String OURS = Contenders.OURS;

    boolean isReached() {
        return measured.isPresent() && (isMost ? measured.get() <= bound : measured.get() >= bound);
    }

    String boundText() {
        return (isMost ? "≤ " : "≥ ") + number(bound) + unit;
    }

    String measuredText() {
        return measured.map(m -> number(m) + unit + (isReached() ? " ✓" : " ✗")).orElse("–");
    }

    private static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e6
                ? Long.toString((long) value)
                : String.format(Locale.ROOT, value < 10 ? "%.2f" : "%.1f", value);
    }

    /** All goals that can be checked by a run of this program. */
    static List<Goal> all(
            Figures figures, List<FlowCost> costs, Optional<Double> workers, LiveResults live) {
        List<Goal> goals = new ArrayList<>();
        most(goals, "flows of a file, 10k flows, to the limit", 1.5, figures.toLimit("10k", OURS));
        most(goals, "the same to C libpcap", 1, figures.ratio("10k", OURS, "C libpcap"));
        most(goals, "flows of a file, 1M flows, to the limit", 1.1, figures.toLimit("1M", OURS));
        most(goals, "the same, mix", 1.5, figures.toLimit("mix", OURS));
        most(goals, "the same, one flow", 1.5, figures.toLimit("1", OURS));
        most(goals, "the same, bulk", 1.5, figures.toLimit("bulk", OURS));
        goals.add(
                new Goal(
                        "first pass in a fresh JVM to a warm one, mix",
                        2.5,
                        true,
                        " ×",
                        cold(figures)));
        least(goals, "pcap4j raw to us, mix", 10, figures.ratio("mix", "pcap4j raw", OURS));
        least(goals, "pcap4j packets to us, mix", 20, figures.ratio("mix", "pcap4j packets", OURS));
        stages(goals, figures);
        goals.add(new Goal("allocated in steady state", 0, true, " B/packet", allocated(figures)));
        goals.add(
                new Goal(
                        "memory per live flow, all in",
                        256,
                        true,
                        " B",
                        most(costs, FlowCost::bytesPerFlow)));
        goals.add(
                new Goal(
                        "new flow, event included, up to 1M flows",
                        150,
                        true,
                        " ns",
                        most(costs, FlowCost::start)));
        goals.add(
                new Goal(
                        "ended flow, event included, up to 1M flows",
                        150,
                        true,
                        " ns",
                        most(costs, FlowCost::end)));
        goals.add(new Goal("two workers to one, CPU per packet", 1.1, true, " ×", workers));
        live(goals, live);
        return goals;
    }

    private static void live(List<Goal> goals, LiveResults live) {
        String walk = "live ring walked, to C";
        most(goals, walk, 1.5, ratio(live, LiveResults.OUR_WALK, LiveResults.C_WALK));
        String track = "live ring tracked, to C with a bare table";
        most(goals, track, 1.5, ratio(live, LiveResults.OUR_TRACK, LiveResults.C_TABLE));
        List<LiveRun> runs = live.of(LiveResults.OUR_TRACK, LiveComparison.FULL_SPEED);
        goals.add(
                new Goal(
                        "packets lost at the sender's full speed, all rounds",
                        0,
                        true,
                        "",
                        runs.isEmpty()
                                ? Optional.empty()
                                : Optional.of(
                                        (double) runs.stream().mapToLong(LiveRun::lost).sum())));
    }

    /** Round by round, at full speed. */
    private static Optional<Spread> ratio(LiveResults live, String ours, String other) {
        double[] ratios =
                live.of(ours, LiveComparison.FULL_SPEED).stream()
                        .flatMapToDouble(
                                r ->
                                        live.of(other, LiveComparison.FULL_SPEED).stream()
                                                .filter(o -> o.round() == r.round())
                                                .mapToDouble(o -> r.nanos() / o.nanos()))
                        .toArray();
        return ratios.length == 0 ? Optional.empty() : Optional.of(Spread.confidence(ratios));
    }

    /** The most of the tables of a million flows and fewer that are not tiny. */
    private static Optional<Double> most(List<FlowCost> costs, Function<FlowCost, Double> of) {
        return costs.stream()
                .filter(c -> c.flows() >= 100_000 && c.flows() < 2_000_000)
                .map(of)
                .max(Double::compare);
    }

    private static void stages(List<Goal> goals, Figures figures) {
        stage(goals, figures, "extract", 20, "KeyBenchmark.decodeAndExtract");
        stage(goals, figures, "track, 1 flow", 50, "TrackBenchmark.batch flows=1 order=UNIFORM");
        stage(
                goals,
                figures,
                "track, 10k flows",
                60,
                "TrackBenchmark.batch flows=10000 order=UNIFORM");
        stage(
                goals,
                figures,
                "session pass-through",
                120,
                "SessionBenchmark.batch flows=10000 reading=PASSING");
        String streams = "ReassemblyBenchmark.batch flows=1 segments=";
        goals.add(
                new Goal(
                        "1460 B in order to a consumer, over tracking",
                        10,
                        true,
                        " ns",
                        over(figures, streams + "IN_ORDER", streams + "OFF", Goal::difference)));
        goals.add(
                new Goal(
                        "reassembled and hashed, to hashing the same bytes",
                        1.3,
                        true,
                        " ×",
                        over(
                                figures,
                                streams + "HASHED",
                                "HashingBenchmark.hash",
                                Goal::quotient)));
    }

    private static Optional<Double> over(
            Figures figures, String name, String base, DoubleBinaryOperator compared) {
        return figures.stage(name)
                .flatMap(
                        stage ->
                                figures.stage(base)
                                        .map(
                                                b ->
                                                        compared.applyAsDouble(
                                                                stage.nanos().median(),
                                                                b.nanos().median())));
    }

    private static double difference(double a, double b) {
        return a - b;
    }

    private static double quotient(double a, double b) {
        return a / b;
    }

    private static void most(List<Goal> goals, String text, double bound, Optional<Spread> ratio) {
        goals.add(new Goal(text, bound, true, " ×", ratio.map(Spread::median)));
    }

    private static void least(List<Goal> goals, String text, double bound, Optional<Spread> ratio) {
        goals.add(new Goal(text, bound, false, " ×", ratio.map(Spread::median)));
    }

    private static void stage(
            List<Goal> goals, Figures figures, String text, double bound, String name) {
        goals.add(
                new Goal(
                        text,
                        bound,
                        true,
                        " ns",
                        figures.stage(name).map(s -> s.nanos().median())));
    }

    private static Optional<Double> cold(Figures figures) {
        return figures.firstPass("mix", OURS)
                .flatMap(c -> figures.nanos("mix", OURS).map(w -> c.median() / w.median()));
    }

    /** The most of any run, so that one bad run shows. */
    private static Optional<Double> allocated(Figures figures) {
        return figures.samples().stream()
                .filter(s -> s.allocatedBytes() >= 0)
                .map(Goal::perPacket)
                .max(Double::compare);
    }

    private static double perPacket(Sample sample) {
        return (double) sample.allocatedBytes() / sample.packets();
    }
}
