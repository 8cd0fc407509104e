package io.flowscope.bench.stage;

import io.flowscope.bench.load.PacketSupply;
import io.flowscope.tracker.PacketDescriptor;
import io.flowscope.tracker.key.KeyBuffer;
import io.flowscope.tracker.key.KeyExtractor;
import io.flowscope.tracker.key.KeyExtractors;
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

import java.util.concurrent.TimeUnit;

/** The extractors that are not the default, through their interface. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ExtractorBenchmark {
    private static final int PACKETS = PacketSupply.CHUNK;

    /** Which one. */
    @Param public Kind extractor = Kind.DIRECTIONAL;

    private final PacketCursor[] cursors = new PacketCursor[PACKETS];
    private final KeyBuffer key = new KeyBuffer();
    private KeyExtractor chosen = KeyExtractors.fiveTuple();

    /** The extractors. */
    public enum Kind {
        /** Each direction a flow. */
        DIRECTIONAL,
        /** Two addresses. */
        IP_PAIR,
        /** Two MAC addresses, read from the packet. */
        MAC_PAIR,
        /** With the flow label. */
        FLOW_LABEL,
        /** With a tag. */
        TAGGED,
        /** Of the user's own: addresses alone, directional. */
        CUSTOM
    }

    /** Packets in the middle of their flows. */
    @Setup(Level.Trial)
    public void prepare() {
        PacketSupply supply = new PacketSupply(10_000, PacketSupply.Order.UNIFORM);
        PacketDecoder decoder = new PacketDecoder();
        for (int i = 0; i < 10; i++) {
            supply.next();
        }
        for (int i = 0; i < PACKETS; i++) {
            cursors[i] = new PacketCursor();
            long record = (long) i * PacketDescriptor.BYTES;
            decoder.decode(supply.memory(), supply.descriptors(), record, cursors[i]);
        }
        chosen =
                switch (extractor) {
                    case DIRECTIONAL -> KeyExtractors.fiveTupleDirectional();
                    case IP_PAIR -> KeyExtractors.ipPair();
                    case MAC_PAIR -> KeyExtractors.macPair();
                    case FLOW_LABEL -> KeyExtractors.flowLabel(false);
                    case TAGGED ->
                            KeyExtractors.tagged(KeyExtractors.fiveTuple(), p -> p.linkType());
                    case CUSTOM -> ExtractorBenchmark::addresses;
                };
    }

    private static boolean addresses(PacketCursor packet, KeyBuffer into) {
        into.beginCustom().append(packet.sourceLow(), 4).append(packet.destinationLow(), 4);
        return true;
    }

    /** From headers to a key. */
    @Benchmark
    @OperationsPerInvocation(PACKETS)
    public long extract() {
        long sum = 0;
        for (PacketCursor cursor : cursors) {
            chosen.extract(cursor, key);
            sum += key.word0() + key.word1();
        }
        return sum;
    }
}
