package io.flowscope.cli.watch;

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
import java.util.concurrent.TimeUnit;

/**
 * The flows with most to say: live ones with how fast they are, and those that ended, with most of
 * something. Live flows are copied only while somebody looks; the tracker does not wait for it.
 */
public final class FlowBoard implements FlowListener {
    static final int ROWS = 12;

    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(1500);

    /** Beyond it there is nothing to be said of how fast a flow is now. */
    private static final long FORGET_NANOS = TimeUnit.SECONDS.toNanos(30);

    private static final double NANOS_PER_SECOND = 1e9;

    /** Their own locks: trackers that end a flow must not wait for somebody's look at live ones. */
    private final LargestFlows[] ended;

    private final List<Measure> measures;
    private Map<FlowKey, Before> before = Map.of();
    private List<Row> rows = List.of();
    private @Nullable ShardedTracker tracker;
    private boolean looked;
    private long lookedNanos;

    /** Before any flow; of those that end, the {@link #ROWS} with most bytes are kept. */
    public FlowBoard() {
        this(ROWS, Measure.BYTES);
    }

    /**
     * Before any flow.
     *
     * @param kept how many of those that end are kept, by each measure
     */
    public FlowBoard(int kept, Measure... by) {
        measures = List.of(by);
        ended = new LargestFlows[by.length];
        for (int i = 0; i < by.length; i++) {
            ended[i] = new LargestFlows(by[i], kept);
        }
    }

    /**
     * A flow and how fast each side is.
     *
     * @param initiatorRate bytes per second since the last look; -1 if the flow has ended or was
     *     not looked at
     * @param responderRate likewise
     */
    public record Row(FlowRecord flow, long initiatorRate, long responderRate) {
        /** One that has ended, or whose speed is not known. */
        public static Row still(FlowRecord flow) {
            return new Row(flow, -1, -1);
        }

        /** Both sides together; -1 if it is not known. */
        public long bytesPerSecond() {
            return initiatorRate < 0 ? -1 : initiatorRate + responderRate;
        }
    }

    /** A flow at the last look: the same one, if it began at the same time. */
    private record Before(long startedNanos, long initiatorBytes, long responderBytes) {
        static final Before NOTHING = new Before(0, 0, 0);

        static Before of(FlowRecord flow) {
            return new Before(
                    flow.startedNanos(), flow.initiator().bytes(), flow.responder().bytes());
        }
    }

    /** Any tracker's thread. */
    @Override
    public void onEnded(FlowView flow, EndReason reason) {
        FlowRecord copy = null;
        for (LargestFlows largest : ended) {
            if (largest.wants(flow)) {
                copy = copy != null ? copy : flow.toRecord();
                largest.add(copy);
            }
        }
    }

    /** Those that have ended with most by one of the measures that this board was made with. */
    public List<FlowRecord> ended(Measure by) {
        return ended[measures.indexOf(by)].list();
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

    /**
     * The {@link #ROWS} now: live flows with most bytes a second since the last look, then those
     * that ended, with most bytes. Looks at most every {@link #LOOK_NANOS}.
     */
    public synchronized List<Row> rows(long nowNanos) {
        if (!looked || nowNanos - lookedNanos >= LOOK_NANOS) {
            List<Row> live = look(nowNanos, FORGET_NANOS);
            live.sort(
                    Comparator.comparingLong(Row::bytesPerSecond)
                            .thenComparingLong(r -> Measure.BYTES.of(r.flow()))
                            .reversed());
            rows = new ArrayList<>(live.subList(0, Math.min(ROWS, live.size())));
            for (FlowRecord flow : ended(Measure.BYTES)) {
                if (rows.size() < ROWS) {
                    rows.add(Row.still(flow));
                }
            }
        }
        return rows;
    }

    /**
     * All live flows now, in no order, and their speed since the last look.
     *
     * @param nowNanos of any clock that is always the same one
     */
    public synchronized List<Row> live(long nowNanos) {
        return look(nowNanos, Long.MAX_VALUE);
    }

    private List<Row> look(long nowNanos, long forgetNanos) {
        boolean fresh = looked && nowNanos - lookedNanos < forgetNanos;
        double seconds = Math.max(1e-3, (nowNanos - lookedNanos) / NANOS_PER_SECOND);
        List<FlowRecord> snapshot = tracker == null ? List.of() : tracker.snapshot();
        Map<FlowKey, Before> now = HashMap.newHashMap(snapshot.size());
        List<Row> live = new ArrayList<>(snapshot.size());
        for (FlowRecord flow : snapshot) {
            now.put(flow.key(), Before.of(flow));
            live.add(fresh ? moving(flow, seconds) : Row.still(flow));
        }
        before = now;
        lookedNanos = nowNanos;
        looked = true;
        return live;
    }

    private Row moving(FlowRecord flow, double seconds) {
        Before then = before.getOrDefault(flow.key(), Before.NOTHING);
        // A tuple that is used again begins at 0.
        Before since = then.startedNanos() == flow.startedNanos() ? then : Before.NOTHING;
        return new Row(
                flow,
                Math.round((flow.initiator().bytes() - since.initiatorBytes()) / seconds),
                Math.round((flow.responder().bytes() - since.responderBytes()) / seconds));
    }
}
