package io.flowscope.bench;

import io.flowscope.bench.compare.Jvm;
import io.flowscope.bench.compare.ProcessRun;
import io.flowscope.bench.load.Input;
import io.flowscope.bench.load.Workload;
import io.flowscope.bench.pass.FlowMemoryRun;
import io.flowscope.bench.pass.WorkersPasses;
import io.flowscope.bench.report.FlowMemory;
import io.flowscope.bench.spread.Spread;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** More flows, more workers. */
final class Scaling {
    private static final int PASSES = 14;

    private final Path measure;
    private final Path cache;
    private final Arguments arguments;
    private final String classPath = System.getProperty("java.class.path");

    Scaling(Path measure, Path cache, Arguments arguments) {
        this.measure = measure;
        this.cache = cache;
        this.arguments = arguments;
    }

    /** Resident memory per flow, a JVM per number of flows. */
    List<FlowMemory> memory() throws IOException, InterruptedException {
        List<FlowMemory> all = new ArrayList<>();
        int most = arguments.full() ? 10_000_000 : 1_000_000;
        for (int flows = 10_000; flows <= most; flows *= 10) {
            ProcessRun run =
                    ProcessRun.of(
                            measure,
                            arguments.cpu(),
                            Jvm.command(classPath, FlowMemoryRun.class.getName(), flows));
            long added = run.passes().getLast().getOrDefault("resident_bytes", 0L);
            all.add(new FlowMemory(flows, (double) added / flows));
        }
        return all;
    }

    /** CPU per packet of two workers to that of one, alternately; each may use every CPU. */
    Optional<Double> workers() throws IOException, InterruptedException {
        if (Runtime.getRuntime().availableProcessors() < 2) {
            return Optional.empty();
        }
        Input input = Input.of(Workload.tenThousand(arguments.full() ? 2_500_000 : 750_000), cache);
        double[] ratios = new double[arguments.rounds()];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = workers(input, 2) / workers(input, 1);
        }
        return Optional.of(Spread.of(ratios).median());
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
