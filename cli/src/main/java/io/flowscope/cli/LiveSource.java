package io.flowscope.cli;

import io.flowscope.capture.BatchHandler;
import io.flowscope.capture.CaptureStatistics;
import io.flowscope.capture.PacketHandler;
import io.flowscope.capture.PacketSource;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A live source whose reading thread gets a {@link Pulse} about once a second, also while no packet
 * comes, and which may end by itself after some time.
 *
 * <p>A clock thread says when a second is over. Where packets come, the reading thread notices
 * after the next batch; where none came for a whole second, the clock calls it back from its sleep
 * by stopping the source for a moment, and reading goes on after the pulse.
 */
final class LiveSource implements PacketSource {
    private static final long PULSE_NANOS = 1_000_000_000;

    private final PacketSource source;
    private final @Nullable Duration duration;
    private final CountDownLatch over = new CountDownLatch(1);

    /** Written by the reading thread only. */
    private volatile long batches;

    /** Set by the clock, taken back by the reading thread, as the next one. */
    private volatile boolean pulseDue;

    /** The clock has stopped the source, or is about to, only to call the reading thread back. */
    private volatile boolean recalled;

    /**
     * @param source is closed with this one
     * @param duration how long reading lasts, null: until it is stopped
     */
    LiveSource(PacketSource source, @Nullable Duration duration) {
        this.source = source;
        this.duration = duration;
    }

    /** What a reader does once a second, on its own thread and between two batches. */
    @FunctionalInterface
    interface Pulse {
        /**
         * A second is over.
         *
         * @param idle no packet has come since the last time
         */
        void beat(boolean idle);
    }

    /** Reads a source to its end, with pulses if it is a live one. */
    static long read(PacketSource source, BatchHandler handler, Pulse pulse) {
        return source instanceof LiveSource live
                ? live.forEachBatch(handler, pulse)
                : source.forEachBatch(handler);
    }

    /** A time of the packets' clock before which no further packet will come: a second ago. */
    static long settledNanos() {
        Instant now = Instant.now();
        return (now.getEpochSecond() - 1) * 1_000_000_000L + now.getNano();
    }

    private long forEachBatch(BatchHandler handler, Pulse pulse) {
        long[] counted = {batches};
        BatchHandler counting =
                (memory, descriptors, count) -> {
                    handler.onBatch(memory, descriptors, count);
                    batches = ++counted[0];
                    if (pulseDue) {
                        pulseDue = false;
                        pulse.beat(false);
                    }
                };
        Thread clock = Thread.ofPlatform().daemon().name("flowscope-clock").start(this::tick);
        try {
            long packets = 0;
            while (true) {
                packets += source.forEachBatch(counting);
                if (isOver() || !recalled) {
                    return packets;
                }
                recalled = false;
                pulseDue = false;
                pulse.beat(true);
            }
        } finally {
            over.countDown();
            clock.interrupt();
        }
    }

    private void tick() {
        long begin = System.nanoTime();
        long end = duration == null ? Long.MAX_VALUE : duration.toNanos();
        long known = batches;
        try {
            while (true) {
                long left = end - (System.nanoTime() - begin);
                if (left <= 0) {
                    stop();
                    return;
                }
                if (over.await(Math.min(PULSE_NANOS, left), TimeUnit.NANOSECONDS)) {
                    return;
                }
                pulseDue = true;
                long now = batches;
                if (now == known) {
                    recalled = true;
                    source.stop();
                }
                known = now;
            }
        } catch (InterruptedException readerHasLeft) {
            return;
        }
    }

    private boolean isOver() {
        return over.getCount() == 0;
    }

    @Override
    public int linkType() {
        return source.linkType();
    }

    @Override
    public long forEachBatch(BatchHandler handler) {
        return forEachBatch(handler, idle -> {});
    }

    @Override
    public long forEach(PacketHandler handler) {
        return source.forEach(handler);
    }

    @Override
    public CaptureStatistics statistics() {
        return source.statistics();
    }

    @Override
    public void stop() {
        over.countDown();
        source.stop();
    }

    @Override
    public void close() {
        over.countDown();
        source.close();
    }
}
