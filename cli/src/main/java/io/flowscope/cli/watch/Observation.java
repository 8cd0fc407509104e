package io.flowscope.cli.watch;

import io.flowscope.capture.CaptureStatistics;
import io.flowscope.capture.PacketSource;
import io.flowscope.obs.FlowMetrics;
import io.flowscope.tracker.LatencyKind;
import io.flowscope.tracker.ShardedTracker;
import io.flowscope.tracker.TrackerCounters;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * One run of the command, over one live source or several files: what was counted so far, and when.
 * A live capture is looked at every second, by a thread of its own; a file by the thread that reads
 * it, because its time is the packets'.
 */
public final class Observation implements AutoCloseable {
    private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long FILE_STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final CaptureStatistics NOTHING = new CaptureStatistics(0, 0, 0);

    private final String name;
    private final boolean live;
    private final FlowMetrics metrics;
    private final Timeline timeline;
    private final FlowBoard flows;
    private final Thread clock;
    private @Nullable TrackerCounters countersBefore;
    private CaptureStatistics statisticsBefore = NOTHING;
    private @Nullable ShardedTracker tracker;
    private @Nullable PacketSource source;
    private boolean begun;
    private boolean over;

    /** The reading thread's: packet time from which on the timeline wants to know. */
    private long nextNanos = Long.MIN_VALUE;

    private long latestNanos;

    /** Packet times of files; the reading thread writes them. */
    private volatile long firstNanos;

    private volatile long lastNanos;

    /**
     * @param name of the source, as it is shown
     * @param flows hears of flows that end
     */
    public Observation(String name, boolean live, FlowMetrics metrics, FlowBoard flows) {
        this.name = name;
        this.flows = flows;
        this.live = live;
        this.metrics = metrics;
        timeline = new Timeline(live, live ? SECOND_NANOS : FILE_STEP_NANOS);
        clock = Thread.ofPlatform().daemon().name("flowscope-timeline").unstarted(this::tick);
        if (live) {
            clock.start();
        }
    }

    /** Beats are counted, not timed: one that comes late still has its own second. */
    private void tick() {
        long beat = Instant.now().getEpochSecond() * SECOND_NANOS;
        long dueNanos = System.nanoTime();
        while (!Thread.currentThread().isInterrupted()) {
            beat += SECOND_NANOS;
            dueNanos += SECOND_NANOS;
            for (long left = 1; left > 0 && !Thread.currentThread().isInterrupted(); ) {
                left = dueNanos - System.nanoTime();
                LockSupport.parkNanos(left);
            }
            timeline.add(beat, totals());
        }
    }

    /** Hears of flows that end. */
    public FlowBoard flows() {
        return flows;
    }

    /** An input begins. */
    public synchronized void begin(ShardedTracker of, PacketSource from) {
        tracker = of;
        source = from;
        begun = true;
        flows.begin(of);
    }

    /** The reading thread: packets of a file from this time on are about to be tracked. */
    public void from(long packetNanos) {
        if (firstNanos == 0 || packetNanos < firstNanos) {
            firstNanos = packetNanos;
        }
    }

    /** The reading thread, now and then: packet time has come so far. */
    public void at(long packetNanos) {
        latestNanos = packetNanos;
        if (packetNanos > lastNanos) {
            lastNanos = packetNanos;
        }
        if (packetNanos >= nextNanos || packetNanos < nextNanos - SECOND_NANOS) {
            timeline.add(packetNanos, totals());
            nextNanos = packetNanos + timeline.stepNanos();
        }
    }

    /** The input has ended; its numbers stay. To be called before its tracker is closed. */
    public synchronized void end() {
        if (!live && latestNanos != 0) {
            timeline.add(latestNanos, totals());
        }
        flows.end();
        countersBefore = counters();
        statisticsBefore = statistics();
        tracker = null;
        source = null;
    }

    /** There are no further inputs. */
    public synchronized void over() {
        over = true;
        clock.interrupt();
    }

    /** Whether packets are, or were, read. */
    public synchronized boolean hasBegun() {
        return begun;
    }

    /** The source, as it is shown. */
    public String name() {
        return name;
    }

    /** Whether there is more to come for as long as nobody stops it. */
    public boolean isLive() {
        return live;
    }

    /** Whether all inputs have ended. */
    public synchronized boolean isOver() {
        return over;
    }

    /** Numbers step by step. */
    public Timeline timeline() {
        return timeline;
    }

    /** Of all inputs so far, null before the first. */
    public synchronized @Nullable TrackerCounters counters() {
        if (tracker == null) {
            return countersBefore;
        }
        TrackerCounters now = tracker.counters();
        return countersBefore == null ? now : countersBefore.plus(now);
    }

    /** Of all inputs so far. */
    public synchronized CaptureStatistics statistics() {
        if (source == null) {
            return statisticsBefore;
        }
        CaptureStatistics now = source.statistics();
        return new CaptureStatistics(
                statisticsBefore.packets() + now.packets(),
                statisticsBefore.drops() + now.drops(),
                statisticsBefore.freezes() + now.freezes());
    }

    private synchronized long[] totals() {
        return Totals.of(counters(), statistics(), metrics.latencyCounts(LatencyKind.ROUND_TRIP));
    }

    /** How far the packets of files have come by their own time; 0 before the first. */
    public long packetNanos() {
        return lastNanos;
    }

    /** How long the packets of files took, from the first one's time to the last. */
    public long spanNanos() {
        return Math.max(0, lastNanos - firstNanos);
    }

    @Override
    public void close() {
        clock.interrupt();
    }
}
