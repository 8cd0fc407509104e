package io.flowscope.obs;

import java.util.List;
import java.util.function.Supplier;

/**
 * A histogram of latencies and the gauge of the latest one, by type and process.
 *
 * @param histogram the histogram's name
 * @param latest the gauge's name
 * @param description what is measured
 * @param series what there is at the moment
 */
record LatencyFamily(
        String histogram,
        String latest,
        String description,
        Supplier<? extends List<LatencySeries>> series) {
    String latestDescription() {
        return description + ": the latest; vanishes after 5 minutes without another";
    }
}
