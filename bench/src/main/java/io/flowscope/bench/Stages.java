package io.flowscope.bench;

import io.flowscope.bench.compare.Jvm;
import io.flowscope.bench.report.StageResult;
import io.flowscope.bench.spread.Spread;

import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Runs the benchmarks of single stages under JMH, allocation counted. Their JVMs may use every CPU:
 * time is the clock's on the wall here, and a compiler that shares the CPU would be in it.
 */
final class Stages {
    private static final int WARM_MILLIS = 500;
    private static final int MEASURE_MILLIS = 200;

    /** Those of a plan. */
    List<StageResult> run(StagePlan plan) throws IOException, RunnerException {
        List<String> jvm = new ArrayList<>(Jvm.OPTIONS);
        jvm.addAll(plan.options());
        ChainedOptionsBuilder options =
                new OptionsBuilder()
                        .jvm(Jvm.java().toString())
                        .jvmArgs(jvm.toArray(String[]::new))
                        .addProfiler(GCProfiler.class)
                        .forks(plan.forks())
                        .warmupIterations(plan.warmSeconds() * 1_000 / WARM_MILLIS)
                        .warmupTime(TimeValue.milliseconds(WARM_MILLIS))
                        .measurementIterations(plan.seconds() * 1_000 / MEASURE_MILLIS)
                        .measurementTime(TimeValue.milliseconds(MEASURE_MILLIS));
        plan.patterns().forEach(options::include);
        plan.parameters().forEach(options::param);
        Collection<RunResult> results = new Runner(options.build()).run();
        if (results.isEmpty()) {
            throw new IOException("no benchmark ran of " + plan.patterns());
        }
        List<StageResult> stages = new ArrayList<>();
        for (RunResult result : results) {
            stages.add(result(result, plan.suffix()));
        }
        return stages;
    }

    @SuppressWarnings("rawtypes") // JMH's own signatures
    private static StageResult result(RunResult result, String suffix) {
        double[] nanos =
                result.getBenchmarkResults().stream()
                        .flatMap(fork -> fork.getIterationResults().stream())
                        .map(IterationResult::getPrimaryResult)
                        .mapToDouble(Result::getScore)
                        .toArray();
        // The middle one: the last iteration also has what JMH itself allocates at the end.
        double[] allocated =
                result.getBenchmarkResults().stream()
                        .flatMap(fork -> fork.getIterationResults().stream())
                        .flatMap(iteration -> iteration.getSecondaryResults().entrySet().stream())
                        .filter(e -> e.getKey().endsWith("gc.alloc.rate.norm"))
                        .mapToDouble(e -> e.getValue().getScore())
                        .toArray();
        return new StageResult(
                name(result) + suffix, Spread.of(nanos), Spread.of(allocated).median());
    }

    /** Class.method and parameters, as the goals name them. */
    private static String name(RunResult result) {
        String full = result.getParams().getBenchmark();
        int method = full.lastIndexOf('.');
        int type = full.lastIndexOf('.', method - 1);
        StringBuilder name = new StringBuilder(full.substring(type + 1));
        for (String key : result.getParams().getParamsKeys()) {
            name.append(' ').append(key).append('=').append(result.getParams().getParam(key));
        }
        return name.toString();
    }
}
