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
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Beginning and end of flows, with the events of both; one operation is one flow. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class LifeBenchmark {
    private static final int FLOWS = PacketSupply.CHUNK;
    private static final long LONG_AGO_NANOS = Duration.ofDays(1).toNanos();

    private final Counting events = new Counting();
    private final PacketSupply supply = new PacketSupply(1, PacketSupply.Order.NEW);
    private FlowTracker tracker = new FlowTracker(TrackerOptions.defaults());

    /** Looks at each flow; what it sees stays, so that the compiler keeps the looking. */
    @SuppressWarnings("UnusedVariable")
    private static final class Counting implements FlowListener {
        private long flows;
        private long bytes;

        @Override
        public void onStarted(FlowView flow) {
            flows++;
        }

        @Override
        public void onEnded(FlowView flow, EndReason reason) {
            bytes += flow.bytes();
        }
    }

    /** An empty table of the default size. */
    @Setup(Level.Trial)
    public void open() {
        tracker = tracker(100_000);
    }

    private FlowTracker tracker(int maxFlows) {
        return new FlowTracker(
                TrackerOptions.builder().maxFlows(maxFlows).arena(PageArena::ofShared).build(),
                events);
    }

    /** The memory goes. */
    @TearDown(Level.Trial)
    public void close() {
        tracker.close();
    }

    /** New flows' packets, and no flow in the table. */
    @State(Scope.Thread)
    public static class Empty {
        /** Ends what is there. */
        @Setup(Level.Invocation)
        public void prepare(LifeBenchmark life) {
            life.tracker.finish();
            life.supply.next();
        }
    }

    /** As many flows in the table as operations. */
    @State(Scope.Thread)
    public static class Full {
        /** Starts them. */
        @Setup(Level.Invocation)
        public void prepare(LifeBenchmark life) {
            life.tracker.finish();
            life.supply.next();
            life.start();
        }
    }

    /** A table without a free record. */
    @State(Scope.Thread)
    public static class Overfull {
        private FlowTracker small = new FlowTracker(TrackerOptions.defaults());

        /** Fills it. */
        @Setup(Level.Trial)
        public void open(LifeBenchmark life) {
            small.close();
            small = life.tracker(50_000);
            for (int i = 0; i < 50_000; i += FLOWS) {
                prepare(life);
                life.track(small);
            }
        }

        /** Other packets each time. */
        @Setup(Level.Invocation)
        public void prepare(LifeBenchmark life) {
            life.supply.next();
        }

        /** The memory goes. */
        @TearDown(Level.Trial)
        public void close() {
            small.close();
        }
    }

    private void track(FlowTracker into) {
        into.trackBatch(supply.memory(), supply.descriptors(), FLOWS);
    }

    private void start() {
        track(tracker);
    }

    /** A SYN of an unknown flow. */
    @Benchmark
    @OperationsPerInvocation(FLOWS)
    public long start(Empty empty) {
        start();
        return events.flows;
    }

    /** The same where a flow must be ended first. */
    @Benchmark
    @OperationsPerInvocation(FLOWS)
    public long evict(Overfull overfull) {
        track(overfull.small);
        return events.bytes;
    }

    /** The end of the capture. */
    @Benchmark
    @OperationsPerInvocation(FLOWS)
    public long end(Full full) {
        tracker.finish();
        return events.bytes;
    }

    /** All idle for too long. */
    @Benchmark
    @OperationsPerInvocation(FLOWS)
    public void expire(Full full) {
        supply.skip(LONG_AGO_NANOS);
        tracker.sweep(supply.nowNanos());
    }

    /** A look at flows that stay. */
    @Benchmark
    @OperationsPerInvocation(FLOWS)
    public void sweep(Full full) {
        tracker.sweep(supply.nowNanos());
    }
}
