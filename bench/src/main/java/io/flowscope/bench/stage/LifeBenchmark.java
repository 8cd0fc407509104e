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
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class LifeBenchmark {
    private static final int FLOWS = PacketSupply.CHUNK;
    private static final int OVERFULL_FLOWS = 50_000;
    private static final long LONG_AGO_NANOS = Duration.ofDays(1).toNanos();

    /** Looks at each flow; what it sees stays, so that the compiler keeps the looking. */
    static final class Counting implements FlowListener {
        private long started;
        private long ended;
        private long bytes;

        @Override
        public void onStarted(FlowView flow) {
            started++;
        }

        @Override
        public void onEnded(FlowView flow, EndReason reason) {
            ended++;
            bytes += flow.bytes();
        }
    }

    /** A tracker and packets for it, each the first of its flow. */
    abstract static class Table {
        final Counting events = new Counting();
        final PacketSupply supply = new PacketSupply(1, PacketSupply.Order.NEW);
        final FlowTracker tracker;

        Table(int maxFlows) {
            tracker =
                    new FlowTracker(
                            TrackerOptions.builder()
                                    .maxFlows(maxFlows)
                                    .arena(PageArena::ofShared)
                                    .build(),
                            events);
        }

        long start() {
            tracker.trackBatch(supply.memory(), supply.descriptors(), FLOWS);
            return events.started;
        }

        /** What was to happen happened to every flow of the last invocation. */
        static void check(long flows) {
            if (flows != FLOWS) {
                throw new IllegalStateException(flows + " flows instead of " + FLOWS);
            }
        }

        /** The memory goes. */
        @TearDown(Level.Trial)
        public void close() {
            tracker.close();
        }
    }

    /** New flows' packets, and no flow in the table. */
    @State(Scope.Thread)
    public static class Empty extends Table {
        private long startedBefore;

        /** A table of the default size. */
        public Empty() {
            super(100_000);
        }

        /** Ends what is there. */
        @Setup(Level.Invocation)
        public void prepare() {
            tracker.finish();
            supply.next();
            startedBefore = events.started;
        }

        /** All of them were new. */
        @TearDown(Level.Invocation)
        public void check() {
            check(events.started - startedBefore);
        }
    }

    /** As many flows in the table as operations. */
    @State(Scope.Thread)
    public static class Full extends Table {
        private long endedBefore;

        /** A table of the default size. */
        public Full() {
            super(100_000);
        }

        /** Starts them. */
        @Setup(Level.Invocation)
        public void prepare() {
            tracker.finish();
            supply.next();
            start();
            endedBefore = events.ended;
        }

        /** All of them are over, or none. */
        @TearDown(Level.Invocation)
        public void check() {
            check(events.ended - endedBefore + tracker.liveFlows());
        }
    }

    /** A table without a free record. */
    @State(Scope.Thread)
    public static class Overfull extends Table {
        private long endedBefore;

        /** Fills it. */
        public Overfull() {
            super(OVERFULL_FLOWS);
            for (int i = 0; i < OVERFULL_FLOWS; i += FLOWS) {
                supply.next();
                start();
            }
        }

        /** Other packets each time. */
        @Setup(Level.Invocation)
        public void prepare() {
            supply.next();
            endedBefore = events.ended;
        }

        /** Each made room by ending another one. */
        @TearDown(Level.Invocation)
        public void check() {
            check(events.ended - endedBefore);
        }
    }

    /** A SYN of an unknown flow. */
    @Benchmark
    @OperationsPerInvocation(FLOWS)
    public long start(Empty table) {
        return table.start();
    }

    /** The same where a flow must be ended first. */
    @Benchmark
    @OperationsPerInvocation(FLOWS)
    public long evict(Overfull table) {
        return table.start();
    }

    /** The end of the capture. */
    @Benchmark
    @OperationsPerInvocation(FLOWS)
    public long end(Full table) {
        table.tracker.finish();
        return table.events.bytes;
    }

    /** All idle for too long. */
    @Benchmark
    @OperationsPerInvocation(FLOWS)
    public long expire(Full table) {
        table.supply.skip(LONG_AGO_NANOS);
        table.tracker.sweep(table.supply.nowNanos());
        return table.events.bytes;
    }

    /** A look at flows that stay. */
    @Benchmark
    @OperationsPerInvocation(FLOWS)
    public long sweep(Full table) {
        table.tracker.sweep(table.supply.nowNanos());
        return table.events.bytes;
    }
}
