package io.flowscope.bench.stage;

import io.flowscope.bench.load.PacketSupply;
import io.flowscope.capture.PageArena;
import io.flowscope.tracker.EndReason;
import io.flowscope.tracker.FlowListener;
import io.flowscope.tracker.FlowTracker;
import io.flowscope.tracker.FlowView;
import io.flowscope.tracker.TrackerOptions;

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
 * Packets of open TCP flows, from bytes to the updated record, with all that is on by default. The
 * packets are in the second-level cache, the table is where it fits.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class TrackBenchmark {
    private static final int PACKETS = PacketSupply.CHUNK;

    /** How many flows are live. */
    @Param({"1", "10000", "1000000"})
    public int flows = 1;

    /** In which order their packets come. */
    @Param({"UNIFORM", "TRAINS"})
    public PacketSupply.Order order = PacketSupply.Order.UNIFORM;

    private PacketSupply supply = new PacketSupply(1, PacketSupply.Order.UNIFORM);
    private final Ended ended = new Ended();
    private FlowTracker tracker = new FlowTracker(TrackerOptions.defaults());

    /** Hears of flows that end, as most users do. */
    private static final class Ended implements FlowListener {
        @SuppressWarnings("UnusedVariable") // keeps the work alive
        private long count;

        @Override
        public void onEnded(FlowView flow, EndReason reason) {
            count++;
        }
    }

    /** Every flow has had its handshake before anything is measured. */
    @Setup(Level.Trial)
    public void open() {
        tracker.close();
        tracker =
                new FlowTracker(
                        TrackerOptions.builder()
                                .maxFlows(Math.max(100_000, flows + flows / 10))
                                .arena(PageArena::ofShared)
                                .build(),
                        ended);
        supply = new PacketSupply(flows, order);
        for (long sent = 0; sent < 2L * PacketSupply.TRAIN * flows; ) {
            sent += supply.next();
            tracker.trackBatch(supply.memory(), supply.descriptors(), PACKETS);
        }
        if (tracker.liveFlows() != flows) {
            throw new IllegalStateException(tracker.liveFlows() + " flows instead of " + flows);
        }
    }

    /** Other packets each time. */
    @Setup(Level.Invocation)
    public void supply() {
        supply.next();
    }

    /** The memory goes. */
    @TearDown(Level.Trial)
    public void close() {
        tracker.close();
    }

    /** As the sources of packets call it. */
    @Benchmark
    @OperationsPerInvocation(PACKETS)
    public long batch() {
        tracker.trackBatch(supply.memory(), supply.descriptors(), PACKETS);
        return ended.count;
    }

    /** One call per packet. */
    @Benchmark
    @OperationsPerInvocation(PACKETS)
    public long single() {
        for (int i = 0; i < PACKETS; i++) {
            int length = supply.length(i);
            tracker.track(
                    supply.memory(), supply.offset(i), length, length, supply.timestampNanos(i));
        }
        return ended.count;
    }
}
