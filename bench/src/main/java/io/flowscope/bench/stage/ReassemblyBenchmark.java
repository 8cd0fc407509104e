package io.flowscope.bench.stage;

import io.flowscope.bench.load.PacketSupply;
import io.flowscope.capture.PageArena;
import io.flowscope.tracker.FlowTracker;
import io.flowscope.tracker.TrackerOptions;
import io.flowscope.tracker.stream.StreamConsumerFactory;
import io.flowscope.tracker.stream.StreamHasher;

import org.jspecify.annotations.Nullable;
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
import java.lang.foreign.ValueLayout;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.concurrent.TimeUnit;

/**
 * What a bulk transfer's packets cost, per packet: tracked, handed over in order to a consumer that
 * takes note of them, hashed by {@link StreamHasher}; and what hashing their payload costs alone,
 * without packets, out of an array.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ReassemblyBenchmark {
    private static final int PACKETS = PacketSupply.CHUNK;
    private static final int PAYLOAD_BYTES = 1460;

    /** What becomes of the streams. */
    @Param public Reading bytes = Reading.NOT_READ;

    private final byte[] payload = new byte[PACKETS * PAYLOAD_BYTES];
    private int payloadLength;
    private long seen;
    private PacketSupply supply = new PacketSupply(1, PacketSupply.Order.UNIFORM, PAYLOAD_BYTES);
    private FlowTracker tracker = new FlowTracker(TrackerOptions.defaults());

    /** What becomes of the streams. */
    public enum Reading {
        /** No reassembly. */
        NOT_READ,
        /** A consumer adds up lengths. */
        HANDED,
        /** A consumer hashes. */
        HASHED
    }

    private @Nullable StreamConsumerFactory consumers() {
        return switch (bytes) {
            case NOT_READ -> null;
            case HANDED ->
                    flow ->
                            (stream, memory, at, length, nanos) -> {
                                seen += length;
                                return length;
                            };
            case HASHED -> new StreamHasher(summary -> seen += summary.deliveredBytes());
        };
    }

    /** One flow, beyond its handshake. */
    @Setup(Level.Trial)
    public void open() {
        tracker.close();
        TrackerOptions.Builder options = TrackerOptions.builder().arena(PageArena::ofShared);
        StreamConsumerFactory consumers = consumers();
        if (consumers != null) {
            options.streams(consumers);
        }
        tracker = new FlowTracker(options.build());
        supply = new PacketSupply(1, PacketSupply.Order.UNIFORM, PAYLOAD_BYTES);
        supply.next();
        tracker.trackBatch(supply.memory(), supply.descriptors(), PACKETS);
    }

    /** Other packets each time. */
    @Setup(Level.Invocation)
    public void supply() {
        supply.next();
        payloadLength = 0;
        for (int i = 0; bytes == Reading.HASHED && i < PACKETS; i++) {
            int length = supply.length(i) < PAYLOAD_BYTES ? 0 : PAYLOAD_BYTES;
            long at = supply.offset(i) + supply.length(i) - length;
            MemorySegment.copy(
                    supply.memory(), ValueLayout.JAVA_BYTE, at, payload, payloadLength, length);
            payloadLength += length;
        }
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
        return seen;
    }

    /** The floor under {@link Reading#HASHED}; for the others there is nothing to hash. */
    @Benchmark
    @OperationsPerInvocation(PACKETS)
    public byte[] hashingAlone() throws NoSuchAlgorithmException {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        digest.update(payload, 0, payloadLength);
        return digest.digest();
    }
}
