package io.flowscope.bench;

import io.flowscope.bench.compare.CPrograms;
import io.flowscope.bench.compare.Comparison;
import io.flowscope.bench.compare.Contender;
import io.flowscope.bench.compare.Contender.Side;
import io.flowscope.bench.compare.Jvm;
import io.flowscope.bench.compare.Sample;
import io.flowscope.bench.load.Input;
import io.flowscope.bench.load.Workload;
import io.flowscope.bench.spread.Spread;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Compares two checkouts with the same program, in turns, and says no if the second is slower or
 * allocates. Started by {@code bench/gate}.
 *
 * <pre>
 *   Gate CLASSPATH_OF_BASE CLASSPATH_OF_HEAD ROUNDS CPU
 * </pre>
 */
public final class Gate {
    /** A ratio is a regression if it is above this with 97.5 % confidence. */
    private static final double MOST = 1.05;

    private static final int PASSES = 12;
    private static final String PROGRAM = "io.flowscope.bench.pass.FilePasses";

    private Gate() {}

    /** See the class; the exit code is 1 for a regression. */
    public static void main(String[] arguments) throws Exception {
        Path bench = Path.of(System.getProperty("flowscope.root", "")).resolve("bench");
        Path target = bench.resolve("target");
        Path measure =
                new CPrograms(bench.resolve("src/main/c"), target.resolve("c")).compile("measure");
        int rounds = Integer.parseInt(arguments[2]);
        int cpu = Integer.parseInt(arguments[3]);
        List<Contender> both =
                List.of(contender("base", arguments[0]), contender("head", arguments[1]));
        boolean good = true;
        for (Workload workload :
                List.of(
                        Workload.tenThousand(750_000),
                        Workload.million(2_000_000),
                        Workload.mix(450_000))) {
            Comparison comparison = new Comparison(measure, cpu, rounds, System.err);
            List<Sample> samples =
                    comparison.run(Input.of(workload, target.resolve("workloads")), both);
            if (!comparison.failures().isEmpty()) {
                throw new IllegalStateException(comparison.failures().toString());
            }
            good &= judge(workload, samples);
        }
        System.exit(good ? 0 : 1);
    }

    private static Contender contender(String name, String classPath) {
        return new Contender(
                name,
                name,
                Side.OURS,
                PASSES,
                Contender.EVERY_ROUND,
                Set.of(),
                (input, passes) ->
                        Jvm.command(
                                classPath,
                                PROGRAM,
                                input.file(),
                                passes,
                                "read",
                                input.workload().maxFlows()));
    }

    private static boolean judge(Workload workload, List<Sample> samples) {
        double[] base = of(samples, "base").mapToDouble(Sample::nanos).toArray();
        double[] head = of(samples, "head").mapToDouble(Sample::nanos).toArray();
        double[] ratios = new double[base.length];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = head[i] / base[i];
        }
        Spread ratio = Spread.confidence(ratios);
        long allocated = of(samples, "head").mapToLong(Sample::allocatedBytes).min().orElseThrow();
        boolean slower = ratio.low() > MOST;
        boolean allocates = allocated > 0;
        System.out.printf(
                Locale.ROOT,
                "%-4s %6.1f → %6.1f ns/packet, × %.3f (95 %%: %.3f–%.3f)%s%s%n",
                workload.name(),
                Spread.of(base).median(),
                Spread.of(head).median(),
                ratio.median(),
                ratio.low(),
                ratio.high(),
                slower ? "  SLOWER" : "",
                allocates ? "  ALLOCATES " + allocated + " bytes" : "");
        return !slower && !allocates;
    }

    private static Stream<Sample> of(List<Sample> samples, String name) {
        return samples.stream()
                .filter(s -> s.contender().equals(name))
                .sorted(Comparator.comparingInt(Sample::round));
    }
}
