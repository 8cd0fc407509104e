package io.flowscope.obs;

import io.flowscope.obs.process.ProcessAttribution;

/** What became of the flows whose process was looked for; raced ones are among the found. */
record LookupMeters(String prefix, ProcessAttribution attribution) implements Section {
    @Override
    public void refresh(Leaf leaf) {
        for (ProcessAttribution.Outcome outcome : ProcessAttribution.Outcome.values()) {
            leaf.counterOnce(
                    prefix + MetricNames.PROCESS_LOOKUPS,
                    "Flows whose process was looked for: found or unknown; raced are those of the"
                            + " found that had ended before",
                    () -> attribution.count(outcome),
                    MetricNames.OUTCOME,
                    switch (outcome) {
                        case FOUND -> "found";
                        case UNKNOWN -> "unknown";
                        case RACED -> "raced";
                    });
        }
    }
}
