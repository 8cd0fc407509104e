package io.flowscope.cli.flows;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Holds rows back until the end and hands the first ones on in order. With a limit only that many
 * are held; without one, all.
 */
public final class SortedOutput implements FlowOutput {
    private final FlowOutput next;
    private final Comparator<FlowRow> order;
    private final long limit;

    /** The worst of those held is on top. */
    private final PriorityQueue<FlowRow> held;

    private long leftOut;

    /**
     * Sorts for another output.
     *
     * @param limit how many rows are handed on, 0 for all
     */
    public SortedOutput(FlowOutput next, SortKey key, long limit) {
        this.next = next;
        this.order = key.order();
        this.limit = limit == 0 ? Long.MAX_VALUE : limit;
        this.held = new PriorityQueue<>(order.reversed());
    }

    @Override
    public void begin() {
        next.begin();
    }

    @Override
    public void write(FlowRow row) {
        if (held.size() < limit) {
            held.add(row.copy());
            return;
        }
        leftOut++;
        FlowRow worst = held.peek();
        if (worst != null && order.compare(row, worst) < 0) {
            held.poll();
            held.add(row.copy());
        }
    }

    @Override
    public void end() {
        List<FlowRow> rows = new ArrayList<>(held);
        held.clear();
        rows.sort(order);
        rows.forEach(next::write);
        next.end();
    }

    /** Rows that were not handed on. */
    public long leftOut() {
        return leftOut;
    }
}
