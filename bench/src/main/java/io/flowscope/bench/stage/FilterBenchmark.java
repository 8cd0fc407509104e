package io.flowscope.bench.stage;

import io.flowscope.bench.load.PacketSupply;
import io.flowscope.capture.BpfProgram;
import io.flowscope.capture.Filters;

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

/** Filters run by us, as on files and by libpcap's sources; on a ring the kernel runs them. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class FilterBenchmark {
    private static final int PACKETS = PacketSupply.CHUNK;
    private static final int ETHERNET = 1;

    /** The filter. */
    @Param({"tcp", "host 192.168.0.9 and port 443", "tcp[tcpflags] & (tcp-syn|tcp-fin) != 0"})
    public String expression = "tcp";

    private final PacketSupply supply = new PacketSupply(10_000, PacketSupply.Order.UNIFORM);
    private BpfProgram program = Filters.compile("tcp", ETHERNET);

    /** Compiles it. */
    @Setup(Level.Trial)
    public void compile() {
        program = Filters.compile(expression, ETHERNET);
    }

    /** Other packets each time. */
    @Setup(Level.Invocation)
    public void next() {
        supply.next();
    }

    /** Packet by packet. */
    @Benchmark
    @OperationsPerInvocation(PACKETS)
    public int match() {
        int matched = 0;
        for (int i = 0; i < PACKETS; i++) {
            int length = supply.length(i);
            if (program.matches(supply.memory(), supply.offset(i), length, length)) {
                matched++;
            }
        }
        return matched;
    }
}
