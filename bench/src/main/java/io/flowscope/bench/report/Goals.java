package io.flowscope.bench.report;

import io.flowscope.bench.compare.Contenders;
import io.flowscope.bench.compare.Sample;
import io.flowscope.bench.live.LiveComparison;
import io.flowscope.bench.live.LiveResults;
import io.flowscope.bench.live.LiveRun;
import io.flowscope.bench.spread.Spread;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/** All that is to be reached, each with what a run measured of it. */
final class Goals {
    private static final String OURS = Contenders.OURS;
    private static final String TIMES = " ×";
    private static final String NANOS = " ns";

    private final Measured measured;
    private final Figures figures;
    private final List<Goal> goals = new ArrayList<>();

    Goals(Measured measured, Figures figures) {
        this.measured = measured;
        this.figures = figures;
    }

    /** In the order of the table. */
    List<Goal> all() {
        files();
        others();
        stages();
        flows();
        allocated();
        live();
        return goals;
    }

    private void files() {
        toLimit("`flows` of a file, 10k flows, to the limit", 1.5, "10k");
        times(
                "the same to C libpcap with a bare table",
                1,
                figures.ratio("10k", OURS, "C libpcap"));
        toLimit("the same, 1M flows, to the limit", 1.1, "1M");
        toLimit("the same, mix", 1.5, "mix");
        toLimit("the same, one flow", 1.5, "1");
        toLimit("the same, bulk", 1.5, "bulk");
        Optional<Double> cold =
                figures.firstPass("mix", OURS)
                        .flatMap(c -> figures.nanos("mix", OURS).map(w -> c.median() / w.median()));
        goals.add(Goal.most("first pass in a fresh JVM to a warm one, mix", 2.5, TIMES, cold));
        times(
                "read and decoded, no table, to C that parses, 10k",
                1.5,
                figures.ratio("10k", Contenders.OUR_DECODE, Contenders.C_PARSE));
    }

    private void others() {
        more("pcap4j raw to us, mix", 10, figures.ratio("mix", "pcap4j raw", OURS));
        more("pcap4j packets to us, mix", 20, figures.ratio("mix", "pcap4j packets", OURS));
        goals.add(new Goal("gopacket to us", "≥ 4 ×", "not measured: gopacket is not run by this"));
        more(
                "pcap writing: `tcpdump -w` to us, to nowhere, 10k",
                0.9,
                figures.ratio("10k", Contenders.TCPDUMP, Contenders.OUR_WRITE));
        more(
                "file to file with a filter: `tcpdump` to us, 10k",
                0.9,
                figures.ratio("10k", Contenders.TCPDUMP_FILTER, Contenders.OUR_FILTER));
        Optional<Double> workers =
                measured.twoWorkersToOne().isEmpty()
                        ? Optional.empty()
                        : Optional.of(median(measured.twoWorkersToOne()));
        goals.add(Goal.most("two workers to one, CPU per packet", 1.1, TIMES, workers));
    }

    private static double median(List<Double> values) {
        return Spread.of(values.stream().mapToDouble(Double::doubleValue).toArray()).median();
    }

    private void stages() {
        String track = "TrackBenchmark.batch flows=";
        nanos("extract: from bytes to a key", 20, stage("KeyBenchmark.decodeAndExtract"));
        nanos("track, 1 flow", 50, stage(track + "1 order=UNIFORM"));
        nanos("track, 10k flows", 60, stage(track + "10000 order=UNIFORM"));
        nanos("duplicates, frames of 118 B", 60, stage("DuplicateBenchmark.filter copies=1"));
        nanos(
                "session pass-through",
                120,
                stage("SessionBenchmark.batch flows=10000 reading=PASSING"));
        String streams = "ReassemblyBenchmark.batch flows=1 segments=";
        Optional<Double> tracked = stage(streams + "OFF");
        nanos(
                "1460 B in order to a consumer, over tracking the same",
                10,
                difference(stage(streams + "IN_ORDER"), tracked));
        goals.add(
                Goal.most(
                        "reassembled and hashed, to hashing the same bytes",
                        1.3,
                        TIMES,
                        stage(streams + "HASHED")
                                .flatMap(h -> stage("HashingBenchmark.hash").map(b -> h / b))));
        goals.add(
                new Goal(
                        "metrics off",
                        "0: the same machine code",
                        "compared by the test `HookIsFreeTest`, not by this run"));
        nanos("metrics on, per packet", 2, metrics("packet"));
        nanos("metrics on, per flow", 150, metrics("life"));
    }

    private Optional<Double> metrics(String work) {
        String name = "HookBenchmark." + work + " metrics=";
        return difference(stage(name + "on"), stage(name + "off"));
    }

    private static Optional<Double> difference(Optional<Double> of, Optional<Double> to) {
        return of.flatMap(a -> to.map(b -> a - b));
    }

    private Optional<Double> stage(String name) {
        return figures.stage(name).map(s -> s.nanos().median());
    }

    private void flows() {
        Predicate<FlowCost> usual = FlowCost::roundTrips;
        most("memory per live flow, all in", 256, " B", usual, FlowCost::bytesPerFlow);
        most("the same, round trips off", 192, " B", usual.negate(), FlowCost::bytesPerFlow);
        most("new flow, event included, up to 1M flows", 150, NANOS, usual, FlowCost::start);
        most("ended flow, event included, up to 1M flows", 150, NANOS, usual, FlowCost::end);
    }

    /** The most of the tables of a million flows and fewer that are not tiny. */
    private void most(
            String text,
            double bound,
            String unit,
            Predicate<FlowCost> wanted,
            Function<FlowCost, Double> of) {
        Optional<Double> most =
                measured.flowCosts().stream()
                        .filter(wanted)
                        .filter(c -> c.flows() >= 100_000 && c.flows() < 2_000_000)
                        .map(of)
                        .max(Double::compare);
        goals.add(Goal.most(text, bound, unit, most));
    }

    /** The worst run, so that one bad run shows. */
    private void allocated() {
        Optional<Allocated> files =
                measured.samples().stream()
                        .filter(s -> s.allocatedBytes() >= 0)
                        .map(Goals::allocated)
                        .max(Comparator.comparingDouble(Allocated::perPacket));
        Optional<Allocated> ring =
                measured.live().runs().stream()
                        .filter(r -> r.receiver().equals(LiveResults.OUR_TRACK))
                        .map(r -> new Allocated(r.allocatedBytes(), Math.max(1, r.received())))
                        .max(Comparator.comparingDouble(Allocated::perPacket));
        String bound = "0; reached below 1 B per 1 000 packets";
        goals.add(
                Goal.words(
                        "allocated in steady state, file and tracker, worst run",
                        bound,
                        files.map(Allocated::judged)));
        goals.add(Goal.words("the same, ring and tracker", bound, ring.map(Allocated::judged)));
        goals.add(
                Goal.words(
                        "the same, reassembly in order, over tracking alone, by JMH",
                        "0; reached below 1 B per 100 packets, as JMH itself allocates",
                        difference(inStage("IN_ORDER"), inStage("OFF")).map(Goals::perPacket)));
    }

    private Optional<Double> inStage(String segments) {
        return figures.stage("ReassemblyBenchmark.batch flows=1 segments=" + segments)
                .map(StageResult::allocatedBytes);
    }

    private static String perPacket(double bytes) {
        return Goal.judged(String.format(Locale.ROOT, "%.4f B/packet", bytes), bytes < 0.01);
    }

    private static Allocated allocated(Sample sample) {
        return new Allocated(sample.allocatedBytes(), sample.packets());
    }

    private record Allocated(long bytes, long packets) {
        static final double ENOUGH = 0.001;

        double perPacket() {
            return (double) bytes / packets;
        }

        String judged() {
            return Goal.judged(bytes + " B in " + packets + " packets", perPacket() < ENOUGH);
        }
    }

    private void live() {
        times("live ring walked, to C", 1.5, live(LiveResults.OUR_WALK, LiveResults.C_WALK));
        times(
                "live ring tracked, to C with a bare table",
                1.5,
                live(LiveResults.OUR_TRACK, LiveResults.C_TABLE));
        List<LiveRun> runs = measured.live().of(LiveResults.OUR_TRACK, LiveComparison.FULL_SPEED);
        long lost = runs.stream().mapToLong(LiveRun::lost).sum();
        long sent = runs.stream().mapToLong(LiveRun::sent).sum();
        goals.add(
                Goal.words(
                        "lost at the sender's full speed, all rounds",
                        "0",
                        runs.isEmpty()
                                ? Optional.empty()
                                : Optional.of(Goal.judged(lost + " of " + sent, lost == 0))));
    }

    /** Round by round, at full speed. */
    private Optional<Spread> live(String ours, String other) {
        LiveResults live = measured.live();
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

    private void toLimit(String text, double bound, String workload) {
        times(text, bound, figures.toLimit(workload, OURS));
    }

    private void times(String text, double bound, Optional<Spread> ratio) {
        goals.add(Goal.most(text, bound, TIMES, ratio.map(Spread::median)));
    }

    private void more(String text, double bound, Optional<Spread> ratio) {
        goals.add(Goal.least(text, bound, TIMES, ratio.map(Spread::median)));
    }

    private void nanos(String text, double bound, Optional<Double> figure) {
        goals.add(Goal.most(text, bound, NANOS, figure));
    }
}
