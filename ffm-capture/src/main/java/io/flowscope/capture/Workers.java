package io.flowscope.capture;

import io.flowscope.bindings.linux.ErrnoCapture;
import io.flowscope.bindings.linux.ProcessCalls;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntFunction;

/**
 * Several rings that share the packets of one interface, each read by a thread of its own with a
 * handler of its own, so that a handler needs no locks. All packets of a flow go to the same worker
 * unless the options say otherwise.
 */
public final class Workers implements AutoCloseable {
    private final List<RingCapture> rings = new ArrayList<>();
    private final int[] processors;
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    private Workers(int[] processors) {
        this.processors = processors;
    }

    /**
     * Opens the rings.
     *
     * @param options for each ring; without a fan-out they share by flow in a group of their own
     * @param count how many workers
     * @param processors the processor of each worker in turn; none: wherever the system puts them
     */
    public static Workers open(RingOptions options, int count, int... processors) {
        if (count < 1) {
            throw new IllegalArgumentException("count: at least 1, was " + count);
        }
        Workers workers = new Workers(processors.clone());
        try {
            Fanout wanted = options.fanout();
            Fanout fanout = wanted == null ? Fanout.byFlow() : wanted;
            for (int i = 0; i < count; i++) {
                RingCapture ring = RingCapture.open(options.toBuilder().fanout(fanout).build());
                workers.rings.add(ring);
                fanout = fanout.inGroup(ring.fanoutGroup());
            }
        } catch (RuntimeException | Error failed) {
            workers.close();
            throw failed;
        }
        return workers;
    }

    /** The rings, one per worker. */
    public List<RingCapture> rings() {
        return List.copyOf(rings);
    }

    /**
     * Reads until stopped, on threads of its own. When one handler throws, all workers stop, and
     * its exception is thrown here once they have, with those of other workers as suppressed ones.
     *
     * @param handlerOf makes the handler of a worker, numbered from 0; called before any reading
     * @return how many packets were handed over by this call, all workers together
     */
    public long forEachBatch(IntFunction<BatchHandler> handlerOf) {
        List<BatchHandler> handlers = new ArrayList<>();
        for (int i = 0; i < rings.size(); i++) {
            handlers.add(handlerOf.apply(i));
        }
        failure.set(null);
        long[] delivered = new long[rings.size()];
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < rings.size(); i++) {
            int worker = i;
            threads.add(
                    Thread.ofPlatform()
                            .name("flowscope-worker-" + i)
                            .start(() -> delivered[worker] = work(worker, handlers.get(worker))));
        }
        joinAll(threads);
        Throwable first = failure.get();
        if (first instanceof RuntimeException exception) {
            throw exception;
        }
        if (first instanceof Error error) {
            throw error;
        }
        long sum = 0;
        for (long one : delivered) {
            sum += one;
        }
        return sum;
    }

    private long work(int worker, BatchHandler handler) {
        try {
            if (processors.length > 0) {
                pin(processors[worker % processors.length]);
            }
            return rings.get(worker).forEachBatch(handler);
        } catch (Throwable thrown) {
            if (!failure.compareAndSet(null, thrown)) {
                Throwable first = failure.get();
                if (first != null && !first.equals(thrown)) {
                    first.addSuppressed(thrown);
                }
            }
            return 0;
        } finally {
            stop();
        }
    }

    private static void pin(int processor) {
        try (Arena arena = Arena.ofConfined()) {
            BitSet only = new BitSet();
            only.set(processor);
            int result = ProcessCalls.sched_setaffinity(ErrnoCapture.allocate(arena), 0, only);
            if (result < 0) {
                throw SystemErrors.failure("sched_setaffinity", "processor " + processor, result);
            }
        }
    }

    /** Waits for all; an interrupt stops them, and is kept for the caller. */
    private void joinAll(List<Thread> threads) {
        boolean interrupted = false;
        for (Thread thread : threads) {
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException stopAll) {
                    interrupted = true;
                    stop();
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** All rings' numbers together. */
    public CaptureStatistics statistics() {
        long packets = 0;
        long drops = 0;
        long freezes = 0;
        for (RingCapture ring : rings) {
            CaptureStatistics one = ring.statistics();
            packets += one.packets();
            drops += one.drops();
            freezes += one.freezes();
        }
        return new CaptureStatistics(packets, drops, freezes);
    }

    /** Asks all workers to return soon, for good: workers that were stopped read nothing more. */
    public void stop() {
        for (RingCapture ring : rings) {
            ring.stop();
        }
    }

    @Override
    public void close() {
        for (RingCapture ring : rings) {
            ring.stop();
        }
        for (RingCapture ring : rings) {
            ring.close();
        }
    }
}
