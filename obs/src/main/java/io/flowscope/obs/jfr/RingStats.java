package io.flowscope.obs.jfr;

import io.flowscope.obs.CaptureNumbers;
import io.flowscope.tracker.Gates;

import jdk.jfr.FlightRecorder;

import java.util.function.Supplier;

/** Emits a {@link RingStatsEvent} per source and second while a recording wants them. */
public final class RingStats implements AutoCloseable {
    private final String source;
    private final Supplier<CaptureNumbers> numbers;
    private final Runnable emit = this::emit;

    private RingStats(String source, Supplier<CaptureNumbers> numbers) {
        this.source = source;
        this.numbers = numbers;
    }

    /**
     * Begins to emit.
     *
     * @param source its name
     * @param numbers asked on the recorder's thread
     * @throws IllegalStateException if {@link Gates#TRACING} is off
     */
    public static RingStats start(String source, Supplier<CaptureNumbers> numbers) {
        if (!Gates.TRACING) {
            throw new IllegalStateException(
                    "tracing is switched off: start Java with -Dflowscope.tracing=true");
        }
        RingStats stats = new RingStats(source, numbers);
        FlightRecorder.addPeriodicEvent(RingStatsEvent.class, stats.emit);
        return stats;
    }

    private void emit() {
        RingStatsEvent event = new RingStatsEvent();
        CaptureNumbers now;
        try {
            now = numbers.get();
        } catch (IllegalStateException ended) {
            close();
            return;
        }
        event.source = source;
        event.packets = now.packets();
        event.drops = now.drops();
        event.freezes = now.freezes();
        event.commit();
    }

    /** Ends that. */
    @Override
    public void close() {
        FlightRecorder.removePeriodicEvent(emit);
    }
}
