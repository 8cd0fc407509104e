package io.flowscope.cli;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.flowscope.capture.BatchHandler;
import io.flowscope.capture.CaptureStatistics;
import io.flowscope.capture.PacketSource;
import io.flowscope.cli.watch.Observation;
import io.flowscope.obs.CaptureNumbers;
import io.flowscope.obs.FlowMetrics;
import io.flowscope.obs.jfr.RingStats;
import io.flowscope.tracker.PacketDescriptor;
import io.flowscope.tracker.ShardedTracker;
import io.flowscope.tracker.ShardedTracker.Setup;
import io.flowscope.tracker.TrackerOptions;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;
import java.util.function.Supplier;

/**
 * What is read while somebody looks: one tracker per input and worker, all reporting to the same
 * metrics.
 */
final class ObservedRun implements Tracking.Onlooker {
    /** What all files together are called in the label source: a name may tell too much. */
    private static final String FILES = "file";

    /** A small file is one batch, which would be one point in a chart. */
    private static final int GLANCE_PACKETS = 32;

    private final TrackerOptions options;
    private final FlowMetrics metrics;
    private final Observation observation;
    private final boolean tracing;
    private final Stdio stdio;
    private final Tracking inputs;
    private @Nullable AutoCloseable reported;
    private @Nullable RingStats events;

    /**
     * @param tracing whether the flight recorder is to hear of the source
     */
    ObservedRun(
            TrackerOptions options,
            FlowMetrics metrics,
            Observation observation,
            int workers,
            boolean tracing,
            Stdio stdio) {
        this.options = options;
        this.metrics = metrics;
        this.observation = observation;
        this.tracing = tracing;
        this.stdio = stdio;
        this.inputs = new Tracking(workers, stdio);
    }

    /** What it has come to so far. */
    Observation observation() {
        return observation;
    }

    /** Reads all and says what it came to; false if something could not be read. */
    boolean readAll(Inputs from, Summary.Style style) {
        boolean complete = readAll(from);
        printSummary(style);
        return complete;
    }

    /** Reads all; false if something could not be read. */
    boolean readAll(Inputs from) {
        boolean complete =
                from.readAll(
                        (name, packets) ->
                                inputs.<Object>track(
                                        name, packets, none -> {}, to -> setup(), this));
        observation.over();
        return complete;
    }

    /** Says what all came to, if there was anything. */
    void printSummary(Summary.Style style) {
        if (inputs.begun()) {
            inputs.summary().print(stdio, style);
        }
    }

    private Setup setup() {
        TrackerOptions own = options.toBuilder().metricsHook(metrics.hook()).build();
        return new Setup(own, observation.flows());
    }

    @Override
    public BatchHandler begins(ShardedTracker tracker, PacketSource packets) {
        boolean live = observation.isLive();
        String label = live ? observation.name() : FILES;
        Supplier<CaptureNumbers> numbers = () -> numbers(packets.statistics());
        reported = metrics.captureSource(label, numbers);
        events = tracing ? RingStats.start(label, numbers) : null;
        observation.begin(tracker, packets);
        return live ? tracker::trackBatch : glances(tracker);
    }

    /** A file's time is its packets': it is looked at as they go by. */
    private BatchHandler glances(ShardedTracker tracker) {
        boolean alone = tracker.shards() == 1;
        return (memory, descriptors, count) -> {
            if (count > 0) {
                observation.from(descriptors.get(JAVA_LONG, PacketDescriptor.TIMESTAMP));
            }
            int glance = alone ? GLANCE_PACKETS : count;
            for (int done = 0; done < count; done += glance) {
                int size = Math.min(glance, count - done);
                MemorySegment some = descriptors.asSlice((long) done * PacketDescriptor.BYTES);
                tracker.trackBatch(memory, some, size);
                long last = (size - 1L) * PacketDescriptor.BYTES;
                observation.at(some.get(JAVA_LONG, last + PacketDescriptor.TIMESTAMP));
            }
        };
    }

    @Override
    public void ends() {
        observation.end();
        if (events != null) {
            events.close();
        }
        try {
            if (reported != null) {
                reported.close();
            }
        } catch (Exception e) {
            throw new IllegalStateException("closing what does not fail", e);
        }
    }

    private static CaptureNumbers numbers(CaptureStatistics of) {
        return new CaptureNumbers(of.packets(), of.drops(), of.freezes());
    }
}
