package io.flowscope.bench.stage;

import io.flowscope.bench.load.SegmentSupply;
import io.flowscope.capture.PageArena;
import io.flowscope.tracker.FlowTracker;
import io.flowscope.tracker.TrackerOptions;
import io.flowscope.tracker.stream.StreamConsumer;
import io.flowscope.tracker.stream.StreamConsumerFactory;
import io.flowscope.tracker.stream.StreamHasher;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

import java.util.concurrent.TimeUnit;

/**
 * Full segments, tracked and handed to a consumer that counts their bytes; {@code OFF} is the same
 * without streams, in order or not, so the difference is what reassembly costs. What hashing takes
 * by itself is the figure of {@link HashingBenchmark}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ReassemblyBenchmark {
    private static final int PACKETS = SegmentSupply.CHUNK;

    /** How many streams are open. */
    @Param({"1", "10000", "100000"})
    public int flows = 1;

    /** What is done, and in which order the segments come. */
    @Param public Case segments = Case.OFF;

    private SegmentSupply supply = new SegmentSupply(1, SegmentSupply.Shape.IN_ORDER);
    private FlowTracker tracker = new FlowTracker(TrackerOptions.defaults());
    private long bytes;
    private long segmentsGiven;

    /** What is done, and in which order the segments come. */
    public enum Case {
        /** Tracking alone, segments in order. */
        OFF,
        /** Tracking alone, each two the wrong way round. */
        OFF_SWAPPED,
        /** In order: handed over where they are. */
        IN_ORDER,
        /** In order, and hashed as {@code flowscope streams} does. */
        HASHED,
        /** Every second one is kept until the one before it has come. */
        SWAPPED,
        /** Seven of eight are kept. */
        REVERSED,
        /** Every second one has been seen. */
        REPEATED;

        SegmentSupply.Shape shape() {
            return switch (this) {
                case OFF, IN_ORDER, HASHED -> SegmentSupply.Shape.IN_ORDER;
                case OFF_SWAPPED, SWAPPED -> SegmentSupply.Shape.SWAPPED;
                case REVERSED -> SegmentSupply.Shape.REVERSED;
                case REPEATED -> SegmentSupply.Shape.REPEATED;
            };
        }

        boolean hasStreams() {
            return this != OFF && this != OFF_SWAPPED;
        }
    }

    private StreamConsumerFactory consumers() {
        if (segments == Case.HASHED) {
            return new StreamHasher(summary -> bytes += summary.length());
        }
        StreamConsumer consumer =
                (stream, memory, at, length, time) -> {
                    bytes += length;
                    return length;
                };
        return flow -> consumer;
    }

    /** All streams are open and have had a train each. */
    @Setup(Level.Trial)
    public void open() {
        tracker.close();
        TrackerOptions.Builder options =
                TrackerOptions.builder()
                        .maxFlows(Math.max(100_000, flows + flows / 10))
                        .arena(PageArena::ofShared);
        if (segments.hasStreams()) {
            options.streams(consumers());
        }
        tracker = new FlowTracker(options.build());
        supply = new SegmentSupply(flows, segments.shape());
        for (int opened = 0; opened < flows; ) {
            int packets = supply.handshakes(opened);
            tracker.trackBatch(supply.memory(), supply.descriptors(), packets);
            opened += packets / 3;
        }
        for (long sent = 0; sent < 8L * flows; sent += PACKETS) {
            next();
            batch();
        }
        if (tracker.liveFlows() != flows) {
            throw new IllegalStateException(tracker.liveFlows() + " flows instead of " + flows);
        }
    }

    /** Other packets each time. */
    @Setup(Level.Invocation)
    public void next() {
        segmentsGiven += supply.next();
    }

    /** Every byte was handed over, and the memory goes. */
    @TearDown(Level.Trial)
    public void close() {
        long distinct = segments == Case.REPEATED ? segmentsGiven / 2 : segmentsGiven;
        long expected = segments.hasStreams() ? distinct * SegmentSupply.PAYLOAD_BYTES : 0;
        tracker.close();
        if (bytes != expected) {
            throw new IllegalStateException(bytes + " bytes instead of " + expected);
        }
    }

    /** As the sources of packets call it. */
    @Benchmark
    @OperationsPerInvocation(PACKETS)
    public long batch() {
        tracker.trackBatch(supply.memory(), supply.descriptors(), PACKETS);
        return bytes;
    }
}
