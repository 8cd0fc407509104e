package io.flowscope.bench;

import io.flowscope.bench.compare.Jvm;
import io.flowscope.bench.compare.ProcessRun;
import io.flowscope.bench.load.Input;
import io.flowscope.bench.load.Workload;
import io.flowscope.bench.pass.FlowCosts;
import io.flowscope.bench.pass.WorkersPasses;
import io.flowscope.bench.report.FlowCost;
import io.flowscope.bench.spread.Spread;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** More flows, more workers. */
final class Scaling {
    private static final int PASSES = 10;
    private static final int FLOW_ROUNDS = 3;

    private final Path measure;
    private final Path cache;
    private final Arguments arguments;
    private final String classPath = System.getProperty("java.class.path");

    Scaling(Path measure, Path cache, Arguments arguments) {
        this.measure = measure;
        this.cache = cache;
        this.arguments = arguments;
    }

    /** Memory and cost of flows; a JVM per number of flows and round, the numbers in turns. */
    List<FlowCost> flows() throws IOException, InterruptedException {
        int most = arguments.full() ? 10_000_000 : 1_000_000;
        int rounds = arguments.full() ? FLOW_ROUNDS : 1;
        List<Table> tables = new ArrayList<>();
        for (int flows = 10_000; flows <= most; flows *= 10) {
            tables.add(new Table(flows, true));
        }
        tables.add(new Table(1_000_000, false));
        Map<Table, List<Map<String, Long>>> runs = new LinkedHashMap<>();
        for (int round = 0; round < rounds; round++) {
            for (Table table : tables) {
                List<String> command =
                        Jvm.command(
                                classPath,
                                FlowCosts.class.getName(),
                                table.flows,
                                table.roundTrips);
                runs.computeIfAbsent(table, t -> new ArrayList<>())
                        .add(ProcessRun.of(measure, arguments.cpu(), command).passes().getLast());
            }
        }
        return runs.entrySet().stream().map(e -> cost(e.getKey(), e.getValue())).toList();
    }

    /** A tracker's table: for how many flows, and whether with round trips, as by default. */
    private record Table(int flows, boolean roundTrips) {}

    private static FlowCost cost(Table table, List<Map<String, Long>> runs) {
        return new FlowCost(
                runs.getFirst().getOrDefault("flows", 0L),
                table.roundTrips,
                median(runs, "resident_bytes", "flows"),
                median(runs, "start_ns", "started"),
                median(runs, "packet_ns", "packets"),
                median(runs, "sweep_ns", "swept"),
                median(runs, "replace_ns", "replaced"),
                median(runs, "end_ns", "ended"));
    }

    private static double median(List<Map<String, Long>> runs, String of, String per) {
        return Spread.of(
                        runs.stream()
                                .mapToDouble(
                                        r ->
                                                (double) r.getOrDefault(of, 0L)
                                                        / r.getOrDefault(per, 1L))
                                .toArray())
                .median();
    }

    /** CPU per packet of two workers to that of one, alternately; each may use every CPU. */
    List<Double> workers() throws IOException, InterruptedException {
        if (Runtime.getRuntime().availableProcessors() < 2) {
            return List.of();
        }
        Input input = Input.of(Workload.tenThousand(arguments.full() ? 2_500_000 : 750_000), cache);
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < arguments.rounds(); i++) {
            ratios.add(workers(input, 2) / workers(input, 1));
        }
        return ratios;
    }

    private double workers(Input input, int workers) throws IOException, InterruptedException {
        List<String> command =
                Jvm.command(
                        classPath,
                        WorkersPasses.class.getName(),
                        input.file(),
                        PASSES,
                        input.workload().maxFlows(),
                        workers);
        List<Map<String, Long>> passes = ProcessRun.of(measure, -1, command).passes();
        return Spread.of(
                        passes.stream()
                                .filter(p -> p.getOrDefault("pass", 0L) > PASSES / 2)
                                .mapToDouble(p -> p.getOrDefault("cpu_ns", 0L))
                                .toArray())
                .median();
    }
}
