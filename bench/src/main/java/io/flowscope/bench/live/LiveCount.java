package io.flowscope.bench.live;

import com.sun.management.ThreadMXBean;

import io.flowscope.bench.pass.CpuClock;

import java.lang.management.ManagementFactory;
import java.util.function.LongSupplier;

/**
 * What a live receiver measures, in the words of {@code live.h}: it says {@code ready} when it
 * listens, and when it has seen the second of the sender's marks
 *
 * <pre>
 *   live packets=N drops=N cpu_ns=N thread_ns=N allocated_bytes=N
 * </pre>
 *
 * <p>with what was between the marks; {@code cpu_ns} is of all threads of the JVM, {@code
 * thread_ns} of the one that receives, and so is what was allocated.
 */
public final class LiveCount {
    /** The EtherType of marks, and where a frame says which mark it is. */
    public static final int MARK_ETHER_TYPE = 0x88b5;

    /** Where a mark's letter is in its frame. */
    public static final int LETTER_AT = 14;

    private static final char BEGIN = 'B';
    private static final char END = 'E';

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final CpuClock clock = new CpuClock();
    private final LongSupplier dropped;
    private boolean begun;
    private long packets;
    private long packetsBefore;
    private long dropsBefore;
    private long cpuBefore;
    private long threadBefore;
    private long allocatedBefore;

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

    /**
     * A mark came. Each one of the beginning begins anew: some come while the receiver warms up, so
     * that the code for them is compiled long before, and the last ones several times, in case one
     * gets lost.
     *
     * @return whether that was the end, and everything is printed
     */
    public boolean mark(char letter) {
        if (letter == BEGIN) {
            begun = true;
            packetsBefore = packets;
            dropsBefore = dropped.getAsLong();
            cpuBefore = clock.processNanos();
            threadBefore = clock.threadNanos();
            allocatedBefore = THREADS.getCurrentThreadAllocatedBytes();
        } else if (letter == END && begun) {
            long allocated = THREADS.getCurrentThreadAllocatedBytes() - allocatedBefore;
            long thread = clock.threadNanos() - threadBefore;
            long cpu = clock.processNanos() - cpuBefore;
            System.out.printf(
                    "live packets=%d drops=%d cpu_ns=%d thread_ns=%d allocated_bytes=%d%n",
                    packets - packetsBefore,
                    dropped.getAsLong() - dropsBefore,
                    cpu,
                    thread,
                    allocated);
            return true;
        }
        return false;
    }
}
