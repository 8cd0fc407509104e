package io.flowscope.bench.pass;

import java.io.PrintStream;

/**
 * Measures one pass over a file and prints what it took, in the words of {@code clock.h}:
 *
 * <pre>
 *   pass=N packets=N bytes=N flows=N cpu_ns=N user_ns=N wall_ns=N thread_ns=N
 * </pre>
 *
 * <p>{@code cpu_ns} is of all threads of the JVM, {@code thread_ns} of the one that reads; user and
 * system time are not told apart here, so {@code user_ns} repeats {@code cpu_ns}.
 */
public final class Pass {
    private final CpuClock clock = new CpuClock();
    private final PrintStream out;
    private int number;
    private long cpuNanos;
    private long threadNanos;
    private long wallNanos;

    /** With the stream that the lines go to. */
    public Pass(PrintStream out) {
        this.out = out;
    }

    /** A pass begins. */
    public void begin() {
        number++;
        wallNanos = System.nanoTime();
        cpuNanos = clock.processNanos();
        threadNanos = clock.threadNanos();
    }

    /** The pass is over, and this is what it saw. */
    public void end(long packets, long bytes, long flows) {
        long thread = clock.threadNanos() - threadNanos;
        long cpu = clock.processNanos() - cpuNanos;
        long wall = System.nanoTime() - wallNanos;
        out.printf(
                "pass=%d packets=%d bytes=%d flows=%d cpu_ns=%d user_ns=%d wall_ns=%d"
                        + " thread_ns=%d%n",
                number, packets, bytes, flows, cpu, cpu, wall, thread);
    }
}
