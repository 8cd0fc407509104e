package io.flowscope.bench.stage;

import io.flowscope.bench.load.SegmentSupply;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.concurrent.TimeUnit;

/** SHA-256 of the payload of full segments, per segment and without packets: out of one array. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class HashingBenchmark {
    private static final int SEGMENTS = SegmentSupply.CHUNK;

    private final byte[] payload = new byte[SEGMENTS * SegmentSupply.PAYLOAD_BYTES];

    /** All of them at once. */
    @Benchmark
    @OperationsPerInvocation(SEGMENTS)
    public byte[] hash() throws NoSuchAlgorithmException {
        return MessageDigest.getInstance("SHA-256").digest(payload);
    }
}
