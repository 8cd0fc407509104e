package io.flowscope.cli;

import io.flowscope.capture.CaptureStatistics;
import io.flowscope.cli.output.HumanText;
import io.flowscope.tracker.EndReason;
import io.flowscope.tracker.TrackerCounters;

/** What a run over packets came to: the last line on standard error. */
final class Summary {
    private final long beganNanos = System.nanoTime();
    private long packets;
    private long bytes;
    private long unmatched;
    private long flows;
    private long drops;
    private long evicted;

    /** Named as they are typed. */
    enum Style {
        text,
        json,
        none
    }

    /** Adds what one tracker and its source have counted. */
    void add(TrackerCounters counters, CaptureStatistics statistics) {
        packets += counters.packets();
        bytes += counters.bytes();
        unmatched += counters.unmatched();
        flows += counters.created();
        drops += statistics.drops();
        evicted += counters.ended(EndReason.EVICTED);
    }

    void print(Stdio stdio, Style style) {
        String evictions =
                evicted > 0 ? " (" + HumanText.count(evicted) + " evicted, see --max-flows)" : "";
        new SummaryLine()
                .number("packets", packets, HumanText.count(packets) + " packets")
                .number("bytes", bytes, HumanText.bytes(bytes))
                .number("unmatched", unmatched, HumanText.count(unmatched) + " unmatched")
                .unlessZero("dropped", drops, "dropped")
                .number("flows", flows, HumanText.count(flows) + " flows" + evictions)
                .number("evicted", evicted)
                .print(stdio, style, packets, (System.nanoTime() - beganNanos) / 1e9);
    }
}
