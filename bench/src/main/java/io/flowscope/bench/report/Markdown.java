package io.flowscope.bench.report;

import io.flowscope.bench.compare.Contender;
import io.flowscope.bench.compare.Contenders;
import io.flowscope.bench.compare.Sample;
import io.flowscope.bench.live.Latency;
import io.flowscope.bench.live.LiveComparison;
import io.flowscope.bench.live.LiveResults;
import io.flowscope.bench.live.LiveRun;
import io.flowscope.bench.load.Workload;
import io.flowscope.bench.spread.Spread;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/** A report as tables. */
final class Markdown {
    private final Report report;
    private final Measured measured;
    private final Figures figures;
    private final StringBuilder text = new StringBuilder();

    Markdown(Report report, Figures figures) {
        this.report = report;
        this.measured = report.measured();
        this.figures = figures;
    }

    String text() {
        line("# " + report.title());
        line("");
        if (!report.unfinished().isEmpty()) {
            line("**Not finished: " + String.join(", ", report.unfinished()) + ".**");
            line("");
        }
        if (measured.noisy()) {
            line("**Noisy: something else ran on the machine. Not to be published.**");
            line("");
        }
        method();
        goals();
        programs();
        stages();
        flows();
        live();
        missing();
        environment();
        return text.toString();
    }

    private void method() {
        line(
                "CPU nanoseconds per packet, user and system time of all threads, measured on one"
                        + " CPU. Every program ran once per round, "
                        + report.rounds()
                        + " rounds, in another order each time. A figure is the median over the"
                        + " rounds; (low–high) are the quartiles. Programs that go over the file"
                        + " several times count with the median of the second half of their passes;"
                        + " those marked as whole process with all they used from start to end."
                        + " “× limit” is the median of the ratios within each round to the better"
                        + " of the two C programs that do nothing but count in a bare table, with"
                        + " its 95 % confidence interval.");
        line("");
    }

    private void goals() {
        line("## Goals");
        line("");
        line("| Goal | Bound | Measured |");
        line("| --- | --- | --- |");
        for (Goal goal : new Goals(measured, figures).all()) {
            line("| " + goal.text() + " | " + goal.bound() + " | " + goal.measured() + " |");
        }
        line("");
    }

    private void programs() {
        for (Workload workload : report.workloads()) {
            if (figures.samples().stream().noneMatch(s -> s.workload().equals(workload.name()))) {
                continue;
            }
            line("## " + workload.name() + ": " + workload.about());
            line("");
            line("![](charts/" + workload.name() + ".svg)");
            line("");
            line("| Program | What | ns/packet | × limit | first pass | flows | RSS, MB |");
            line("| --- | --- | ---: | ---: | ---: | ---: | ---: |");
            for (Contender contender : report.contenders()) {
                figures.nanos(workload.name(), contender.name())
                        .ifPresent(nanos -> row(workload.name(), contender, nanos));
            }
            line("");
        }
    }

    private void missing() {
        if (measured.missing().isEmpty()) {
            return;
        }
        line("## Not run");
        line("");
        measured.missing().forEach((name, why) -> line("- " + name + ": " + oneLine(why)));
        line("");
    }

    private static String oneLine(String text) {
        return text.replaceAll("\\s+", " ").strip();
    }

    private void row(String workload, Contender contender, Spread nanos) {
        Optional<Spread> ratio = figures.toLimit(workload, contender.name());
        Optional<Spread> first = figures.firstPass(workload, contender.name());
        List<Sample> runs = figures.of(workload, contender.name());
        OptionalLong flows = runs.stream().mapToLong(Sample::flows).max();
        double resident =
                figures.spread(workload, contender.name(), Sample::residentBytes)
                        .map(Spread::median)
                        .orElse(0.0);
        line(
                String.format(
                        Locale.ROOT,
                        "| %s | %s | %.1f (%.1f–%.1f) | %s | %s | %s | %.0f |",
                        contender.name().equals(Contenders.OURS)
                                ? "**" + contender.name() + "**"
                                : contender.name(),
                        contender.about(),
                        nanos.median(),
                        nanos.low(),
                        nanos.high(),
                        ratio.map(Markdown::interval).orElse("–"),
                        contender.isSteady() ? first.map(f -> whole(f.median())).orElse("–") : "–",
                        flows.isPresent() && flows.getAsLong() >= 0
                                ? Long.toString(flows.getAsLong())
                                : "–",
                        resident / 1e6));
    }

    private static String interval(Spread ratio) {
        return String.format(
                Locale.ROOT, "%.2f (%.2f–%.2f)", ratio.median(), ratio.low(), ratio.high());
    }

    private static String whole(double value) {
        return String.format(Locale.ROOT, "%.0f", value);
    }

    private void stages() {
        if (figures.stages().isEmpty()) {
            return;
        }
        line("## Stages");
        line("");
        line("JMH, wall-clock nanoseconds per operation, median and quartiles of all iterations.");
        line("");
        line("| Benchmark | ns | bytes allocated |");
        line("| --- | ---: | ---: |");
        for (StageResult stage : figures.stages()) {
            Spread nanos = stage.nanos();
            line(
                    String.format(
                            Locale.ROOT,
                            "| %s | %.1f (%.1f–%.1f) | %.2f |",
                            stage.name(),
                            nanos.median(),
                            nanos.low(),
                            nanos.high(),
                            stage.allocatedBytes()));
        }
        line("");
    }

    private void flows() {
        if (measured.flowCosts().isEmpty()) {
            return;
        }
        line("## Flows");
        line("");
        line(
                "What it takes to have so many live flows: resident memory of each, and CPU"
                        + " nanoseconds for the first packet of a flow, a further packet of any of"
                        + " them in random order, the sweep's look at one that stays, the first"
                        + " packet of a flow for which another must be ended, and the end of an"
                        + " idle one. Packets come from memory, not from a file.");
        line("");
        line("| Live flows | bytes | new | packet | sweep | new for old | ended |");
        line("| ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        for (FlowCost cost : measured.flowCosts()) {
            line(
                    String.format(
                            Locale.ROOT,
                            "| %d%s | %.0f | %.0f | %.0f | %.1f | %.0f | %.0f |",
                            cost.flows(),
                            cost.roundTrips() ? "" : ", round trips off",
                            cost.bytesPerFlow(),
                            cost.start(),
                            cost.packet(),
                            cost.sweep(),
                            cost.replace(),
                            cost.end()));
        }
        line("");
    }

    private void live() {
        LiveResults live = measured.live();
        if (live.runs().isEmpty()) {
            return;
        }
        line("## Live");
        line("");
        line(
                "Datagrams of 10 000 flows on a pair of virtual interfaces in a network namespace;"
                    + " sender and receiver have a processor each. CPU nanoseconds per packet"
                    + " received, of the whole process and of the thread that receives alone, after"
                    + " warming up; medians, (least–most) of the rounds; lost of all rounds, and"
                    + " how many of those the receiver knows of. What the kernel dropped before it"
                    + " reached any socket is not counted as sent.");
        line("");
        for (long rate : live.rates()) {
            double sent =
                    Spread.of(
                                    live.runs().stream()
                                            .filter(r -> r.asked() == rate)
                                            .mapToDouble(LiveRun::perSecond)
                                            .toArray())
                            .median();
            line(
                    String.format(
                            Locale.ROOT,
                            "### %s: %.0f packets/s",
                            rate == LiveComparison.FULL_SPEED ? "Full speed" : "Asked for",
                            sent));
            line("");
            line("| Receiver | What | ns/packet | thread | lost | says it lost |");
            line("| --- | --- | ---: | ---: | ---: | ---: |");
            live.receivers().forEach((name, about) -> row(live.of(name, rate), name, about));
            line("");
        }
        lossFree(live);
        latencies(live);
    }

    private void lossFree(LiveResults live) {
        if (live.lossFree().isEmpty()) {
            return;
        }
        line("### Up to which rate nothing was lost, packets/s");
        line("");
        line("| Receiver | Rate | Found by |");
        line("| --- | ---: | --- |");
        for (String name : live.receivers().keySet()) {
            Long rate = live.lossFree().get(name);
            if (rate != null) {
                boolean lost =
                        live.of(name, LiveComparison.FULL_SPEED).stream()
                                .anyMatch(r -> r.lost() > 0);
                String how = lost ? "bisection" : "the sender cannot send faster";
                line("| " + name + " | " + rate + " | " + how + " |");
            }
        }
        line("");
    }

    private void row(List<LiveRun> runs, String name, String about) {
        double[] nanos = runs.stream().mapToDouble(LiveRun::nanos).sorted().toArray();
        double[] thread = runs.stream().mapToDouble(LiveRun::threadNanos).toArray();
        if (nanos.length == 0) {
            return;
        }
        long sent = runs.stream().mapToLong(LiveRun::sent).sum();
        line(
                String.format(
                        Locale.ROOT,
                        "| %s | %s | %.0f (%.0f–%.0f) | %.0f | %d of %d | %d |",
                        name.equals(LiveResults.OUR_TRACK) ? "**" + name + "**" : name,
                        about,
                        Spread.of(nanos).median(),
                        nanos[0],
                        nanos[nanos.length - 1],
                        Spread.of(thread).median(),
                        runs.stream().mapToLong(LiveRun::lost).sum(),
                        sent,
                        runs.stream().mapToLong(LiveRun::drops).sum()));
    }

    private void latencies(LiveResults live) {
        if (live.latencies().isEmpty()) {
            return;
        }
        line("### From the kernel's time stamp to the end of tracking, µs");
        line("");
        line("| Ring | packets/s | 50 % | 99 % | 99.9 % | most |");
        line("| --- | ---: | ---: | ---: | ---: | ---: |");
        for (Latency latency : live.latencies()) {
            line(
                    String.format(
                            Locale.ROOT,
                            "| %s | %d | %.0f | %.0f | %.0f | %.0f |",
                            latency.profile(),
                            latency.perSecond(),
                            latency.p50() / 1e3,
                            latency.p99() / 1e3,
                            latency.p999() / 1e3,
                            latency.most() / 1e3));
        }
        line("");
    }

    private void environment() {
        line("## Environment");
        line("");
        line("| | |");
        line("| --- | --- |");
        report.environment()
                .facts()
                .forEach((name, value) -> line("| " + name + " | " + value + " |"));
        measured.parts().forEach((part, when) -> line("| " + part + " | " + when + " |"));
    }

    private void line(String line) {
        text.append(line).append('\n');
    }
}
