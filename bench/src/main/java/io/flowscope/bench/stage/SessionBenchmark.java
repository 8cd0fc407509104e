package io.flowscope.bench.stage;

import io.flowscope.bench.load.PacketSupply;
import io.flowscope.capture.PageArena;
import io.flowscope.tracker.FlowTracker;
import io.flowscope.tracker.Side;
import io.flowscope.tracker.TrackerOptions;
import io.flowscope.tracker.session.MessageSink;
import io.flowscope.tracker.session.ParserFactory;
import io.flowscope.tracker.session.ParserStatus;
import io.flowscope.tracker.session.Ports;
import io.flowscope.tracker.session.SessionOptions;
import io.flowscope.tracker.session.SessionParser;
import io.flowscope.tracker.session.SessionProtocol;

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

import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;

/**
 * What sessions cost per packet of an open TCP flow, tracking and reassembly included: where the
 * parser takes the bytes and does nothing with them, where it is done, and where there is none.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SessionBenchmark {
    private static final int PACKETS = PacketSupply.CHUNK;

    /** How many flows are live. */
    @Param({"1", "10000"})
    public int flows = 1;

    /** What becomes of the bytes. */
    @Param public Reading reading = Reading.PASSING;

    private PacketSupply supply = new PacketSupply(1, PacketSupply.Order.UNIFORM);
    private FlowTracker tracker = new FlowTracker(TrackerOptions.defaults());

    /** What a flow's parser does. */
    public enum Reading {
        /** No sessions at all: what tracking alone costs. */
        OFF,
        /** No protocol knows the flows. */
        UNKNOWN,
        /** It was done after the first bytes. */
        DONE,
        /** It takes everything. */
        PASSING
    }

    /** Counts bytes, or wants no more after the first. */
    private record Counting(boolean done) implements SessionProtocol<Long> {
        @Override
        public String name() {
            return "counting";
        }

        @Override
        public ParserFactory<Long> newFactory() {
            return new ParserFactory<>() {
                @Override
                public SessionParser<Long> newStreamParser(Ports ports) {
                    return new Parser(done);
                }
            };
        }
    }

    private static final class Parser implements SessionParser<Long> {
        private final boolean done;
        private long bytes;

        Parser(boolean done) {
            this.done = done;
        }

        @Override
        public ParserStatus onBytes(
                Side side,
                MemorySegment memory,
                long offset,
                int length,
                long timestampNanos,
                MessageSink<? super Long> sink) {
            bytes += length;
            return done ? ParserStatus.DONE : ParserStatus.CONTINUE;
        }

        @Override
        public ParserStatus onEnd(Side side, long nanos, MessageSink<? super Long> sink) {
            sink.onMessage(side, nanos, bytes);
            return ParserStatus.CONTINUE;
        }
    }

    private SessionOptions sessions() {
        SessionOptions.Builder options = SessionOptions.builder();
        if (reading != Reading.UNKNOWN) {
            options.protocol(new Counting(reading == Reading.DONE))
                    .binding((tcp, ports) -> "counting");
        } else {
            options.only("dns");
        }
        return options.build();
    }

    /** Every flow has had its handshake and its first bytes before anything is measured. */
    @Setup(Level.Trial)
    public void open() {
        tracker.close();
        tracker =
                new FlowTracker(
                        TrackerOptions.builder()
                                .arena(PageArena::ofShared)
                                .sessions(reading == Reading.OFF ? null : sessions())
                                .build());
        supply = new PacketSupply(flows, PacketSupply.Order.UNIFORM);
        for (long sent = 0; sent < 32L * flows; ) {
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
        return tracker.nowNanos();
    }
}
