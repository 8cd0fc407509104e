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
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

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
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class HookBenchmark {
    private static final int FLOWS = 10_000;
    private static final int PACKETS = PacketSupply.CHUNK;

    /** With this property Micrometer's simple registry stands for all that are not Prometheus'. */
    static final String PLAIN = "flowscope.bench.plain.registry";

    /** Loaded where the gate is open only. */
    private static final class Metrics {
        static final FlowMetrics ALL =
                FlowMetrics.bind(
                        Boolean.getBoolean(PLAIN)
                                ? new SimpleMeterRegistry()
                                : new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
                        MetricsOptions.defaults());
    }

    /** A tracker and packets for it. */
    abstract static class Tracked {
        final PacketSupply supply;
        final FlowTracker tracker;

        Tracked(PacketSupply supply) {
            this.supply = supply;
            TrackerOptions.Builder options = TrackerOptions.builder().arena(PageArena::ofShared);
            if (Gates.METRICS) {
                options.metricsHook(Metrics.ALL.hook());
            }
            tracker = new FlowTracker(options.build(), FlowListener.NONE);
        }

        void track() {
            tracker.trackBatch(supply.memory(), supply.descriptors(), PACKETS);
        }

        /** Other packets each time. */
        @Setup(Level.Invocation)
        public void next() {
            supply.next();
        }

        /** The memory goes. */
        @TearDown(Level.Trial)
        public void close() {
            tracker.close();
        }
    }

    /** Flows that stay open. */
    @State(Scope.Thread)
    public static class Open extends Tracked {
        /** Every flow has had its handshake before anything is measured. */
        public Open() {
            super(new PacketSupply(FLOWS, PacketSupply.Order.UNIFORM));
            for (long sent = 0; sent < 2L * PacketSupply.TRAIN * FLOWS; ) {
                sent += supply.next();
                track();
            }
        }
    }

    /** Each packet is the first of its flow. */
    @State(Scope.Thread)
    public static class Brief extends Tracked {
        /** A table without flows. */
        public Brief() {
            super(new PacketSupply(1, PacketSupply.Order.NEW));
        }
    }

    /** A packet of a flow that is open. */
    @Benchmark
    @OperationsPerInvocation(PACKETS)
    public int packet(Open flows) {
        flows.track();
        return flows.tracker.liveFlows();
    }

    /** A flow's whole life: one packet, and its end. */
    @Benchmark
    @OperationsPerInvocation(PACKETS)
    public long life(Brief flows) {
        flows.track();
        flows.tracker.finish();
        return flows.tracker.counters().ended();
    }
}
