package io.flowscope.bench.stage;

import io.flowscope.bench.load.Frame;
import io.flowscope.tracker.packet.PacketCursor;
import io.flowscope.tracker.packet.PacketDecoder;

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

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.TimeUnit;

/** From bytes to headers, per link type and encapsulation. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class DecodeBenchmark {
    private static final int FRAMES = 1_024;

    /** What is decoded, the same kind all the time. */
    @Param public Frame frame = Frame.ETHERNET;

    private final PacketDecoder decoder = new PacketDecoder();
    private final PacketCursor cursor = new PacketCursor();
    private MemorySegment memory = MemorySegment.NULL;
    private int length;
    private int slotBytes;
    private int linkType;

    /** Copies of the frame side by side. */
    @Setup(Level.Trial)
    public void prepare() {
        byte[] bytes = frame.bytes();
        length = bytes.length;
        slotBytes = length + 16;
        linkType = frame.linkType().number();
        memory = Arena.ofAuto().allocate((long) FRAMES * slotBytes, Long.BYTES);
        for (int i = 0; i < FRAMES; i++) {
            MemorySegment.copy(
                    bytes, 0, memory, ValueLayout.JAVA_BYTE, (long) i * slotBytes, length);
        }
    }

    /** One frame. */
    @Benchmark
    @OperationsPerInvocation(FRAMES)
    public long decode() {
        long sum = 0;
        long at = 0;
        for (int i = 0; i < FRAMES; i++, at += slotBytes) {
            decoder.decode(memory, at, length, length, i, linkType, cursor);
            sum += cursor.destinationPort() + cursor.payloadLength();
        }
        return sum;
    }
}
