package io.flowscope.cli.watch;

import io.flowscope.tracker.FlowRecord;
import io.flowscope.tracker.FlowView;

import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** Of flows that were added, those with most by one measure. Any thread may call. */
final class LargestFlows {
    private final Measure measure;
    private final int rows;
    private final Comparator<FlowRecord> order;
    private final PriorityQueue<FlowRecord> kept;

    /** One with no more than this would not be kept; most are asked no further. */
    private volatile long least = -1;

    /**
     * @param rows most that are kept
     */
    LargestFlows(Measure measure, int rows) {
        this.measure = measure;
        this.rows = rows;
        // Of equals, those with most bytes.
        order =
                Comparator.<FlowRecord>comparingLong(measure::of)
                        .thenComparingLong(Measure.BYTES::of);
        kept = new PriorityQueue<>(order);
    }

    boolean wants(FlowView flow) {
        return measure.of(flow) > least;
    }

    synchronized void add(FlowRecord flow) {
        kept.add(flow);
        if (kept.size() > rows) {
            kept.remove();
            least = measure.of(kept.element());
        }
    }

    /** Most first. */
    synchronized List<FlowRecord> list() {
        return kept.stream().sorted(order.reversed()).toList();
    }
}
