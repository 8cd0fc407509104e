package io.flowscope.bench.stage;

import io.flowscope.bench.load.PacketSupply;
import io.flowscope.tracker.PacketDescriptor;
import io.flowscope.tracker.key.FiveTuple;
import io.flowscope.tracker.key.KeyBuffer;
import io.flowscope.tracker.key.KeyHash;
import io.flowscope.tracker.packet.PacketCursor;
import io.flowscope.tracker.packet.PacketDecoder;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

import java.util.concurrent.TimeUnit;

/** From headers to the default key and its hash. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class KeyBenchmark {
    private static final int PACKETS = PacketSupply.CHUNK;

    private final PacketSupply supply = new PacketSupply(10_000, PacketSupply.Order.UNIFORM);
    private final PacketDecoder decoder = new PacketDecoder();
    private final PacketCursor cursor = new PacketCursor();
    private final KeyBuffer key = new KeyBuffer();
    private final KeyHash hash = new KeyHash(1);
    private final PacketCursor[] cursors = new PacketCursor[PACKETS];
    private final KeyBuffer[] keys = new KeyBuffer[PACKETS];

    /** Other packets for each iteration, in the middle of their flows. */
    @Setup(Level.Iteration)
    public void prepare() {
        for (int i = 0; i < 10; i++) {
            supply.next();
        }
        for (int i = 0; i < PACKETS; i++) {
            cursors[i] = new PacketCursor();
            decoder.decode(supply.memory(), supply.descriptors(), record(i), cursors[i]);
            keys[i] = new KeyBuffer();
            FiveTuple.extract(cursors[i], keys[i]);
        }
    }

    private static long record(int packet) {
        return (long) packet * PacketDescriptor.BYTES;
    }

    /** From bytes to a key: what flowscope for Rust calls extracting. */
    @Benchmark
    @OperationsPerInvocation(PACKETS)
    public long decodeAndExtract() {
        long sum = 0;
        for (int i = 0; i < PACKETS; i++) {
            if (decoder.decode(supply.memory(), supply.descriptors(), record(i), cursor)
                    && FiveTuple.extract(cursor, key)) {
                sum += key.word0() + key.word1();
            }
        }
        return sum;
    }

    /** From headers to a key. */
    @Benchmark
    @OperationsPerInvocation(PACKETS)
    public long extract() {
        long sum = 0;
        for (PacketCursor decoded : cursors) {
            FiveTuple.extract(decoded, key);
            sum += key.word0() + key.word1();
        }
        return sum;
    }

    /** From a key to its place in the table. */
    @Benchmark
    @OperationsPerInvocation(PACKETS)
    public long tableHash() {
        long sum = 0;
        for (KeyBuffer one : keys) {
            sum += hash.hash(one);
        }
        return sum;
    }

    /** From headers to a worker's number. */
    @Benchmark
    @OperationsPerInvocation(PACKETS)
    public long shardHash() {
        long sum = 0;
        for (PacketCursor decoded : cursors) {
            sum += KeyHash.symmetric(decoded);
        }
        return sum;
    }
}
