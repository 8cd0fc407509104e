package io.flowscope.bench;

import java.util.List;
import java.util.Map;

/**
 * Benchmarks of stages that are run alike.
 *
 * @param patterns of their names
 * @param parameters values in place of all that the benchmark knows
 * @param options of their JVMs
 * @param suffix what their names get, where the same benchmark runs with several options
 * @param warmSeconds what they need until everything is compiled for good
 * @param seconds for which they are measured
 * @param forks JVMs, one after the other
 */
record StagePlan(
        List<String> patterns,
        Map<String, String[]> parameters,
        List<String> options,
        String suffix,
        int warmSeconds,
        int seconds,
        int forks) {
    /** What has large methods compiles late: after five seconds on one CPU it has. */
    private static final int WARM_SECONDS = 5;

    /** Segments out of order go through five times as many methods. */
    private static final int LONG_WARM_SECONDS = 8;

    private static final int BRIEFLY_WARM_SECONDS = 2;
    private static final int SECONDS = 2;
    private static final int BRIEF_SECONDS = 1;

    private static StagePlan of(int forks, String pattern, Map<String, String[]> parameters) {
        return new StagePlan(
                List.of(pattern), parameters, List.of(), "", WARM_SECONDS, SECONDS, forks);
    }

    private static Map<String, String[]> flows(String... numbers) {
        return Map.of("flows", numbers);
    }

    private static StagePlan metrics(boolean on) {
        return new StagePlan(
                List.of("HookBenchmark"),
                Map.of(),
                List.of("-Dflowscope.metrics=" + on),
                " metrics=" + (on ? "on" : "off"),
                WARM_SECONDS,
                SECONDS,
                2);
    }

    /** Chosen by hand: as thoroughly as anything. */
    static List<StagePlan> chosen(List<String> patterns) {
        return List.of(new StagePlan(patterns, Map.of(), List.of(), "", WARM_SECONDS, SECONDS, 1));
    }

    /** What goals need, within two minutes. */
    static List<StagePlan> quick() {
        Map<String, String[]> uniform =
                Map.of("flows", new String[] {"1", "10000"}, "order", new String[] {"UNIFORM"});
        Map<String, String[]> passing =
                Map.of("flows", new String[] {"10000"}, "reading", new String[] {"PASSING"});
        Map<String, String[]> inOrder =
                Map.of("flows", new String[] {"1"}, "segments", new String[] {"OFF", "IN_ORDER"});
        return List.of(
                brief("KeyBenchmark.decodeAndExtract"),
                of(1, "TrackBenchmark.batch", uniform),
                of(1, "SessionBenchmark", passing),
                of(1, "ReassemblyBenchmark", inOrder));
    }

    /** Everything, within a quarter of an hour; what goals are about in two JVMs each. */
    static List<StagePlan> full() {
        String[] shapes = {"OFF", "IN_ORDER", "SWAPPED"};
        Map<String, String[]> many =
                Map.of("flows", new String[] {"10000", "100000"}, "segments", shapes);
        Map<String, String[]> single = Map.of("order", new String[] {"UNIFORM"});
        return List.of(
                new StagePlan(
                        List.of("ReassemblyBenchmark"),
                        flows("1"),
                        List.of(),
                        "",
                        LONG_WARM_SECONDS,
                        SECONDS,
                        2),
                brief("HashingBenchmark"),
                of(1, "ReassemblyBenchmark", many),
                of(2, "TrackBenchmark.batch", flows("1", "10000")),
                of(1, "TrackBenchmark.batch", flows("1000000")),
                of(1, "TrackBenchmark.single", single),
                of(1, "SessionBenchmark", flows("1")),
                of(2, "SessionBenchmark", flows("10000")),
                metrics(false),
                metrics(true),
                of(1, "LifeBenchmark", Map.of()),
                of(1, "ParserBenchmark", Map.of()),
                brief("KeyBenchmark"),
                brief("DuplicateBenchmark"),
                brief("ExtractorBenchmark"),
                brief("FileBenchmark"),
                brief("FilterBenchmark"),
                brief("DecodeBenchmark"));
    }

    private static StagePlan brief(String pattern) {
        return new StagePlan(
                List.of(pattern), Map.of(), List.of(), "", BRIEFLY_WARM_SECONDS, BRIEF_SECONDS, 1);
    }
}
