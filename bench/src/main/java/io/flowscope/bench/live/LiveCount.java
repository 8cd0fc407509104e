package io.flowscope.bench.live;

import io.flowscope.bench.pass.CpuClock;

import java.util.function.LongSupplier;

/**
 * What a live receiver measures, in the words of {@code live.h}: it says {@code ready} when it
 * listens, and when it has seen the second of the sender's marks
 *
 * <pre>
 *   live packets=N drops=N cpu_ns=N
 * </pre>
 *
 * <p>with what was between the marks; {@code cpu_ns} is of all threads of the JVM.
 */
public final class LiveCount {
    /** The EtherType of marks, and where a frame says which mark it is. */
    public static final int MARK_ETHER_TYPE = 0x88b5;

    /** Where a mark's letter is in its frame. */
    public static final int LETTER_AT = 14;

    private static final char BEGIN = 'B';
    private static final char END = 'E';

    private final CpuClock clock = new CpuClock();
    private final LongSupplier dropped;
    private boolean begun;
    private long packets;
    private long packetsBefore;
    private long dropsBefore;
    private long cpuBefore;

    /** With what tells how many packets were lost so far. */
    public LiveCount(LongSupplier dropped) {
        this.dropped = dropped;
    }

    /** The receiver listens. */
    public void ready() {
        System.out.println("ready");
    }

    /** Packets came. */
    public void packets(long count) {
        packets += count;
    }

    /** Whether packets count, after the first mark. */
    public boolean hasBegun() {
        return begun;
    }

    /**
     * A mark came; they are sent several times, in case one gets lost.
     *
     * @return whether that was the end, and everything is printed
     */
    public boolean mark(char letter) {
        if (letter == BEGIN && !begun) {
            begun = true;
            packetsBefore = packets;
            dropsBefore = dropped.getAsLong();
            cpuBefore = clock.processNanos();
        } else if (letter == END && begun) {
            System.out.printf(
                    "live packets=%d drops=%d cpu_ns=%d%n",
                    packets - packetsBefore,
                    dropped.getAsLong() - dropsBefore,
                    clock.processNanos() - cpuBefore);
            return true;
        }
        return false;
    }
}
