package io.flowscope.tracker;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/**
 * One tracker of several, the packets that wait for it, and (but for the first, which the caller's
 * thread serves) its thread. The semaphores order memory: what the caller wrote before {@link
 * #begin} the thread sees, what the thread wrote the caller sees after {@link #await}.
 */
final class Shard {
    private static final long QUOTE = Long.MIN_VALUE;

    private static final int NO_RUN = -1;

    private final FlowTracker tracker;
    private final Semaphore work = new Semaphore(0);
    private final Semaphore done = new Semaphore(0);
    private final @Nullable Thread thread;
    private Arena arena = Arena.ofShared();
    private MemorySegment descriptors;
    private long[] packets = new long[1024];
    private int count;
    private int runFrom = NO_RUN;
    private long runBase;
    private volatile boolean stopped;
    private @Nullable Consumer<Shard> task;
    private @Nullable RuntimeException failure;

    Shard(int number, TrackerOptions options, FlowListener listener) {
        this.tracker = new FlowTracker(options, listener);
        this.descriptors = arena.allocate((long) packets.length * PacketDescriptor.BYTES, 8);
        this.thread =
                number == 0
                        ? null
                        : Thread.ofPlatform()
                                .daemon()
                                .name("flowscope-shard-" + number)
                                .start(this::run);
    }

    FlowTracker tracker() {
        return tracker;
    }

    /** A packet of this shard, by its number in the source. */
    void add(MemorySegment from, long at, long packet) {
        if (count == packets.length) {
            grow();
        }
        long to = (long) count * PacketDescriptor.BYTES;
        MemorySegment.copy(from, at, descriptors, to, PacketDescriptor.BYTES);
        packets[count++] = packet;
    }

    /** A packet of another shard that quotes one of this. */
    void addQuote(MemorySegment from, long at, long packet) {
        add(from, at, packet | QUOTE);
    }

    private void grow() {
        Arena larger = Arena.ofShared();
        MemorySegment to = larger.allocate(2L * packets.length * PacketDescriptor.BYTES, 8);
        MemorySegment.copy(descriptors, 0, to, 0, descriptors.byteSize());
        arena.close();
        arena = larger;
        descriptors = to;
        packets = Arrays.copyOf(packets, packets.length * 2);
    }

    /** Tracks what waits. */
    void work(MemorySegment memory) {
        try {
            int from = 0;
            for (int i = 0; i < count; i++) {
                if (packets[i] < 0) {
                    batch(memory, from, i);
                    from = i + 1;
                    quote(memory, i);
                }
            }
            batch(memory, from, count);
        } finally {
            count = 0;
            runFrom = NO_RUN;
        }
    }

    private void batch(MemorySegment memory, int from, int to) {
        if (from < to) {
            runFrom = from;
            runBase = tracker.tracked();
            long at = (long) from * PacketDescriptor.BYTES;
            tracker.trackBatch(memory, descriptors.asSlice(at), to - from);
        }
    }

    private void quote(MemorySegment memory, int index) {
        runFrom = index;
        runBase = tracker.tracked() - 1;
        tracker.trackQuoted(memory, descriptors, (long) index * PacketDescriptor.BYTES);
    }

    /**
     * Where an event that happens now belongs in the order of all: twice the number in the source
     * of the packet that causes it, plus one if the packet is another tracker's; 0 if none causes
     * it.
     */
    long order() {
        if (runFrom == NO_RUN) {
            return 0;
        }
        long packet = packets[runFrom + (int) (tracker.tracked() - runBase) - 1];
        return packet < 0 ? (packet & ~QUOTE) * 2 + 1 : packet * 2;
    }

    private void run() {
        while (true) {
            work.acquireUninterruptibly();
            if (stopped) {
                return;
            }
            try {
                Consumer<Shard> todo = task;
                if (todo != null) {
                    todo.accept(this);
                }
            } catch (RuntimeException e) {
                failure = e;
            } finally {
                done.release();
            }
        }
    }

    /** Has this shard's thread do something. */
    void begin(Consumer<Shard> todo) {
        task = todo;
        failure = null;
        work.release();
    }

    /** Waits until it has; what it threw, or null. */
    @Nullable RuntimeException await() {
        done.acquireUninterruptibly();
        return failure;
    }

    /** Ends the thread and frees what waits. */
    void stop() {
        if (!stopped) {
            stopped = true;
            if (thread != null) {
                work.release();
            }
            arena.close();
        }
    }
}
