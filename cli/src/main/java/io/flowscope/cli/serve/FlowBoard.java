package io.flowscope.cli.serve;

import io.flowscope.tracker.EndReason;
import io.flowscope.tracker.FlowListener;
import io.flowscope.tracker.FlowRecord;
import io.flowscope.tracker.FlowView;
import io.flowscope.tracker.ShardedTracker;
import io.flowscope.tracker.key.FlowKey;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;

/**
 * The flows with most to say: of live ones those with most bytes a second since the last look, then
 * those that ended, with most bytes. Live flows are copied only while somebody looks, at most every
 * {@link #LOOK_NANOS}; the tracker does not wait for it.
 */
public final class FlowBoard implements FlowListener {
    static final int ROWS = 12;

    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(1500);

    /** Beyond it there is nothing to be said of how fast a flow is now. */
    private static final long FORGET_NANOS = TimeUnit.SECONDS.toNanos(30);

    private static final Comparator<FlowRecord> BY_BYTES =
            Comparator.comparingLong(FlowBoard::bytes);

    /** Its own lock: trackers that end a flow must not wait for somebody's look at live ones. */
    private final PriorityQueue<FlowRecord> ended = new PriorityQueue<>(BY_BYTES);

    private volatile long leastBytes = -1;
    private Map<FlowKey, Long> bytesBefore = Map.of();
    private List<Row> rows = List.of();
    private @Nullable ShardedTracker tracker;
    private boolean looked;
    private long lookedNanos;

    /** Before any flow. */
    public FlowBoard() {}

    /**
     * A flow and how fast it is.
     *
     * @param bytesPerSecond since the last look; -1 if the flow has ended or was not looked at
     */
    record Row(FlowRecord flow, long bytesPerSecond) {}

    static long bytes(FlowRecord flow) {
        return flow.initiator().bytes() + flow.responder().bytes();
    }

    /** Any tracker's thread. */
    @Override
    public void onEnded(FlowView flow, EndReason reason) {
        if (flow.bytes() > leastBytes) {
            add(flow.toRecord());
        }
    }

    private void add(FlowRecord flow) {
        synchronized (ended) {
            ended.add(flow);
            if (ended.size() > ROWS) {
                ended.remove();
                leastBytes = bytes(ended.element());
            }
        }
    }

    private List<FlowRecord> largestEnded() {
        synchronized (ended) {
            return ended.stream().sorted(BY_BYTES.reversed()).toList();
        }
    }

    /** A tracker's live flows are shown from here on. */
    synchronized void begin(ShardedTracker of) {
        tracker = of;
        looked = false;
    }

    /** They are no more; a look that is under way is waited for, so that the tracker can close. */
    synchronized void end() {
        tracker = null;
        looked = false;
    }

    /** The rows now, the first one first. */
    synchronized List<Row> rows(long nowNanos) {
        if (!looked || nowNanos - lookedNanos >= LOOK_NANOS) {
            look(nowNanos);
        }
        return rows;
    }

    private void look(long nowNanos) {
        boolean fresh = looked && nowNanos - lookedNanos < FORGET_NANOS;
        double seconds = Math.max(1e-3, (nowNanos - lookedNanos) * 1e-9);
        Map<FlowKey, Long> now = new HashMap<>();
        List<Row> live = new ArrayList<>();
        List<FlowRecord> snapshot = tracker == null ? List.of() : tracker.snapshot();
        for (FlowRecord flow : snapshot) {
            long bytes = bytes(flow);
            now.put(flow.key(), bytes);
            long before = fresh ? bytesBefore.getOrDefault(flow.key(), 0L) : bytes;
            // A tuple that is used again begins at 0.
            long grown = bytes >= before ? bytes - before : bytes;
            live.add(new Row(flow, fresh ? Math.round(grown / seconds) : -1));
        }
        live.sort(
                Comparator.comparingLong(Row::bytesPerSecond)
                        .thenComparingLong(r -> bytes(r.flow()))
                        .reversed());
        List<Row> all = new ArrayList<>(live.subList(0, Math.min(ROWS, live.size())));
        for (FlowRecord flow : largestEnded()) {
            if (all.size() < ROWS) {
                all.add(new Row(flow, -1));
            }
        }
        rows = all;
        bytesBefore = now;
        lookedNanos = nowNanos;
        looked = true;
    }
}
