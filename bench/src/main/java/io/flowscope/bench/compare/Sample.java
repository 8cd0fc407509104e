package io.flowscope.bench.compare;

import io.flowscope.bench.load.Input;
import io.flowscope.bench.spread.Spread;

import java.util.Arrays;
import java.util.Map;

/**
 * What one run of one contender on one workload showed. Times are CPU nanoseconds per packet.
 *
 * @param workload its name
 * @param contender its name
 * @param round in which turn it was
 * @param nanos the figure that is compared: the median of its warm passes, or the whole process
 * @param firstPassNanos its first pass, cold; of a whole process the same as {@code nanos}
 * @param packets how many packets it says it saw; -1 if it does not say
 * @param bytes how many bytes, likewise
 * @param flows how many flows, likewise
 * @param residentBytes the most memory it had
 * @param allocatedBytes what was allocated on the packets' way; -1 if it does not say
 */
public record Sample(
        String workload,
        String contender,
        int round,
        double nanos,
        double firstPassNanos,
        long packets,
        long bytes,
        long flows,
        long residentBytes,
        long allocatedBytes) {

    static Sample of(Input input, String contender, int round, ProcessRun run) {
        double[] passes = {(double) run.cpuNanos() / input.packets()};
        Map<String, Long> said = Map.of();
        if (!run.passes().isEmpty()) {
            passes =
                    run.passes().stream()
                            .mapToDouble(
                                    p -> p.getOrDefault("cpu_ns", 0L) / (double) input.packets())
                            .toArray();
            said = run.passes().getLast();
        }
        // The second half is warm: what compiles has compiled, what grows has grown.
        double[] warm = Arrays.copyOfRange(passes, passes.length / 2, passes.length);
        return new Sample(
                input.workload().name(),
                contender,
                round,
                Spread.of(warm).median(),
                passes[0],
                said.getOrDefault("packets", -1L),
                said.getOrDefault("bytes", -1L),
                said.getOrDefault("flows", -1L),
                run.mostResidentBytes(),
                run.allocatedBytes());
    }
}
