package io.flowscope.bench.live;

import java.util.List;
import java.util.Map;

/**
 * What came of a live comparison.
 *
 * @param receivers who took part, with a phrase about each, in the order of the report
 * @param runs every single run
 * @param lossFree packets per second up to which a receiver that lost some at the sender's full
 *     speed lost none
 * @param latencies of ours
 */
public record LiveResults(
        Map<String, String> receivers,
        List<LiveRun> runs,
        Map<String, Long> lossFree,
        List<Latency> latencies) {
    /** Where none was made. */
    public static final LiveResults NONE =
            new LiveResults(Map.of(), List.of(), Map.of(), List.of());

    /** C that walks the ring. */
    public static final String C_WALK = "C ring, walk";

    /** C that walks the ring and counts in a bare table. */
    public static final String C_TABLE = "C ring, table";

    /** We walk the ring. */
    public static final String OUR_WALK = "flowscope ring, walk";

    /** We track. */
    public static final String OUR_TRACK = "flowscope ring";

    /** Runs of a receiver at a rate that was asked for. */
    public List<LiveRun> of(String receiver, long asked) {
        return runs.stream()
                .filter(r -> r.receiver().equals(receiver) && r.asked() == asked)
                .toList();
    }

    /** Rates that were asked for, in order. */
    public List<Long> rates() {
        return runs.stream().map(LiveRun::asked).distinct().sorted().toList();
    }
}
