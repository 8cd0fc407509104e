package io.flowscope.bench.stage;

import io.flowscope.bench.load.PacketSupply;
import io.flowscope.capture.PageArena;
import io.flowscope.obs.FlowMetrics;
import io.flowscope.obs.MetricsOptions;
import io.flowscope.tracker.FlowListener;
import io.flowscope.tracker.FlowTracker;
import io.flowscope.tracker.Gates;
import io.flowscope.tracker.TrackerOptions;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

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

import java.util.concurrent.TimeUnit;

/**
 * What metrics cost: the same work in a JVM whose gate is open, in one whose gate is shut, and in
 * one whose tracker was compiled without the hook. {@link HookPair} starts them in turns.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class HookBenchmark {
    private static final int FLOWS = 10_000;
    private static final int PACKETS = PacketSupply.CHUNK;

    private final PacketSupply packets = new PacketSupply(FLOWS, PacketSupply.Order.UNIFORM);
    private final PacketSupply fresh = new PacketSupply(1, PacketSupply.Order.NEW);
    private FlowTracker open = tracker();
    private FlowTracker brief = tracker();

    private static FlowTracker tracker() {
        TrackerOptions.Builder options = TrackerOptions.builder().arena(PageArena::ofShared);
        if (Gates.METRICS) {
            options.metricsHook(Metrics.ALL.hook());
        }
        return new FlowTracker(options.build(), FlowListener.NONE);
    }

    /** Loaded where the gate is open only. */
    private static final class Metrics {
        static final FlowMetrics ALL =
                FlowMetrics.bind(new SimpleMeterRegistry(), MetricsOptions.defaults());
    }

    /** Every flow has had its handshake before anything is measured. */
    @Setup(Level.Trial)
    public void establish() {
        for (long sent = 0; sent < 2L * PacketSupply.TRAIN * FLOWS; ) {
            sent += packets.next();
            open.trackBatch(packets.memory(), packets.descriptors(), PACKETS);
        }
    }

    /** The memory goes. */
    @TearDown(Level.Trial)
    public void close() {
        open.close();
        brief.close();
    }

    /** Other packets of the open flows each time. */
    @State(Scope.Thread)
    public static class Next {
        /** Makes them. */
        @Setup(Level.Invocation)
        public void prepare(HookBenchmark of) {
            of.packets.next();
        }
    }

    /** First packets of other flows each time. */
    @State(Scope.Thread)
    public static class Fresh {
        /** Makes them. */
        @Setup(Level.Invocation)
        public void prepare(HookBenchmark of) {
            of.fresh.next();
        }
    }

    /** A packet of a flow that is open. */
    @Benchmark
    @OperationsPerInvocation(PACKETS)
    public int packet(Next next) {
        open.trackBatch(packets.memory(), packets.descriptors(), PACKETS);
        return open.liveFlows();
    }

    /** A flow's whole life: one packet, and its end. */
    @Benchmark
    @OperationsPerInvocation(PACKETS)
    public long life(Fresh first) {
        brief.trackBatch(fresh.memory(), fresh.descriptors(), PACKETS);
        brief.finish();
        return brief.counters().ended();
    }
}
