package io.flowscope.bench.stage;

import io.flowscope.bench.load.PacketSupply;
import io.flowscope.tracker.dedup.DuplicateFilter;
import io.flowscope.tracker.dedup.DuplicateOptions;

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

import java.util.concurrent.TimeUnit;

/** Whether frames of 118 bytes are copies of others. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class DuplicateBenchmark {
    private static final int PACKETS = PacketSupply.CHUNK;

    /** How often each frame comes. */
    @Param({"1", "2"})
    public int copies = 1;

    private final PacketSupply supply = new PacketSupply(10_000, PacketSupply.Order.UNIFORM);
    private final DuplicateFilter filter = new DuplicateFilter(DuplicateOptions.mirror());

    /** Other frames each time. */
    @Setup(Level.Invocation)
    public void next() {
        supply.next();
    }

    /** Hash, look, remember. */
    @Benchmark
    @OperationsPerInvocation(PACKETS)
    public int filter() {
        int repeated = 0;
        for (int i = 0; i < PACKETS; i++) {
            int frame = copies == 2 ? i >> 1 : i;
            int length = supply.length(frame);
            if (filter.isDuplicate(
                    supply.memory(),
                    supply.offset(frame),
                    length,
                    length,
                    supply.timestampNanos(frame),
                    0)) {
                repeated++;
            }
        }
        if (repeated != (copies == 2 ? PACKETS / 2 : 0)) {
            throw new IllegalStateException(repeated + " of " + PACKETS + " are repeated");
        }
        return repeated;
    }
}
