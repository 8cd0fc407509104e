package io.flowscope.bench;

import io.flowscope.bench.load.Workload;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What to run.
 *
 * @param root the checkout
 * @param full everything and long, else within five minutes
 * @param update whether to replace what is committed
 * @param add whether to keep what earlier runs of the same commit measured and this one does not
 * @param rounds how often each program runs
 * @param cpu the CPU that programs run on
 * @param parts which parts
 * @param only names of programs, empty for all that suit the length
 * @param on names of workloads, empty for all
 * @param patterns of benchmarks of stages, empty for all that suit the length
 */
record Arguments(
        Path root,
        boolean full,
        boolean update,
        boolean add,
        int rounds,
        int cpu,
        Set<Part> parts,
        List<String> only,
        List<String> on,
        List<String> patterns) {
    static final String USAGE =
            """
            usage: bench/run [quick|full] [options]
              --update            also write bench/RESULTS.md and bench/charts
              --add               keep what an earlier run of this commit measured and this
                                  one does not: --add --parts live adds that part
              --parts LIST        of programs, stages, scaling, live; all unless given,
                                  but live only in a full run
              --only LIST         programs, such as 'C read,flowscope,pcap4j raw'
              --on LIST           workloads: 1, 10k, 1M, 10M, mix, bulk
              --stages LIST       patterns of benchmarks, such as 'TrackBenchmark.*'
              --rounds N          how often each program runs; 3 or 5 unless given
              --cpu N             the CPU they run on; the last one unless given
            """;

    /** What a run consists of. */
    enum Part {
        PROGRAMS,
        STAGES,
        SCALING,
        LIVE
    }

    /** What five minutes suffice for. */
    private static final Set<String> QUICK =
            Set.of(
                    "C read",
                    "C map",
                    "C libpcap",
                    "flowscope",
                    "flowscope flows",
                    "pcap4j raw",
                    "tcpdump");

    private static final Set<String> QUICK_WORKLOADS = Set.of("10k", "mix");

    /** Ten million flows only if asked for: a file of two gigabytes. */
    private static final Set<String> FULL_WORKLOADS = Set.of("1", "10k", "1M", "mix", "bulk");

    private static final int QUICK_ROUNDS = 3;
    private static final int FULL_ROUNDS = 5;

    static Arguments parse(String[] words) {
        boolean full = false;
        boolean update = false;
        boolean add = false;
        int rounds = 0;
        int cpu = Runtime.getRuntime().availableProcessors() - 1;
        Set<Part> parts = EnumSet.noneOf(Part.class);
        List<String> only = List.of();
        List<String> on = List.of();
        List<String> patterns = List.of();
        for (int i = 0; i < words.length; i++) {
            switch (words[i]) {
                case "quick" -> full = false;
                case "full" -> full = true;
                case "--update" -> update = true;
                case "--add" -> add = true;
                case "--rounds" -> rounds = Integer.parseInt(value(words, ++i));
                case "--cpu" -> cpu = Integer.parseInt(value(words, ++i));
                case "--parts" -> parts = parts(value(words, ++i));
                case "--only" -> only = list(value(words, ++i));
                case "--on" -> on = list(value(words, ++i));
                case "--stages" -> patterns = list(value(words, ++i));
                default -> throw new IllegalArgumentException("what is " + words[i] + "?");
            }
        }
        if (parts.isEmpty()) {
            parts = EnumSet.allOf(Part.class);
            if (!full) {
                parts.remove(Part.LIVE);
            }
        }
        int turns = rounds > 0 ? rounds : full ? FULL_ROUNDS : QUICK_ROUNDS;
        Path root = Path.of(System.getProperty("flowscope.root", "")).toAbsolutePath().normalize();
        return new Arguments(root, full, update, add, turns, cpu, parts, only, on, patterns);
    }

    private static String value(String[] words, int at) {
        if (at == words.length) {
            throw new IllegalArgumentException(words[at - 1] + " needs a value");
        }
        return words[at];
    }

    private static List<String> list(String words) {
        return List.of(words.split(",", -1));
    }

    private static Set<Part> parts(String words) {
        Set<Part> parts = EnumSet.noneOf(Part.class);
        for (String word : list(words)) {
            parts.add(Part.valueOf(word.toUpperCase(java.util.Locale.ROOT)));
        }
        return parts;
    }

    boolean has(Part part) {
        return parts.contains(part);
    }

    boolean wants(String contender) {
        return only.isEmpty() ? full || QUICK.contains(contender) : only.contains(contender);
    }

    /** The inputs, in the order of the report. */
    List<Workload> workloads() {
        long k = full ? 1_000 : 400;
        List<Workload> all =
                List.of(
                        Workload.oneFlow(2_000 * k),
                        Workload.tenThousand(2_500 * k),
                        Workload.million(full ? 4_000_000 : 2_000_000),
                        Workload.tenMillion(full ? 20_000_000 : 10_000_000),
                        Workload.mix(1_500 * k),
                        Workload.bulk(700 * k));
        return all.stream().filter(this::wants).toList();
    }

    private boolean wants(Workload workload) {
        return on.isEmpty()
                ? (full ? FULL_WORKLOADS : QUICK_WORKLOADS).contains(workload.name())
                : on.contains(workload.name());
    }

    /** The benchmarks of stages. */
    List<StagePlan> stages() {
        if (!patterns.isEmpty()) {
            return StagePlan.chosen(patterns);
        }
        return full ? StagePlan.full() : StagePlan.quick();
    }
}
