package io.flowscope.obs.process;

import io.flowscope.tracker.TrackerMeasurements;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToIntFunction;

/**
 * Asks for the owners of flows, on a thread of its own, and tells their trackers. A flow whose
 * owner is not found is asked for a few times more, within its first second, and then stays
 * unknown; so does what was measured of any flow before its owner was known.
 */
public final class ProcessAttribution implements AutoCloseable {
    /** How often the trackers' requests are looked for. */
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final ProcessLookup lookup;
    private final ToIntFunction<String> ownerOf;
    private final LookupCache cache = new LookupCache();
    private final SecondLooks secondLooks = new SecondLooks();
    private final List<FlowRequests> trackers = new CopyOnWriteArrayList<>();
    private final AtomicLong found = new AtomicLong();
    private final AtomicLong unknown = new AtomicLong();
    private long racedBefore;
    private long refusedBefore;
    private final Thread thread;
    private volatile boolean closed;

    /**
     * Starts the thread.
     *
     * @param ownerOf the number that a tracker knows a process's name by
     */
    public ProcessAttribution(ProcessLookup lookup, ToIntFunction<String> ownerOf) {
        this.lookup = lookup;
        this.ownerOf = ownerOf;
        this.thread = Thread.ofPlatform().daemon().name("flowscope-processes").start(this::work);
    }

    /**
     * What became of flows that were asked for: each is found or unknown once it is known which, so
     * that these two together are all. {@link #RACED} says of some found ones what came after.
     */
    public enum Outcome {
        /** A process was found. */
        FOUND,
        /** No process was found, or there was no time to look. */
        UNKNOWN,
        /** Of those found, and counted there, the flow had ended before its tracker heard of it. */
        RACED
    }

    /** How many flows had an outcome so far. */
    public synchronized long count(Outcome outcome) {
        return switch (outcome) {
            case FOUND -> found.get();
            case UNKNOWN ->
                    unknown.get()
                            + refusedBefore
                            + trackers.stream().mapToLong(FlowRequests::refused).sum();
            case RACED ->
                    racedBefore
                            + trackers.stream()
                                    .mapToLong(t -> t.measurements.lateAttributions())
                                    .sum();
        };
    }

    /** A tracker begins; its hook asks through what is returned. */
    public FlowRequests attach(TrackerMeasurements measurements) {
        FlowRequests requests = new FlowRequests(measurements);
        trackers.add(requests);
        return requests;
    }

    /** A tracker has closed. */
    public synchronized void detach(FlowRequests requests) {
        if (trackers.remove(requests)) {
            racedBefore += requests.measurements.lateAttributions();
            refusedBefore += requests.refused();
        }
    }

    private void work() {
        long[] entry = new long[8];
        while (!closed) {
            boolean idle = true;
            for (FlowRequests requests : trackers) {
                for (int i = 0; i < FlowRequests.ENTRIES && requests.take(entry); i++) {
                    idle = false;
                    attribute(requests.measurements, entry, 1);
                    if (closed) {
                        return;
                    }
                }
            }
            SecondLooks.Waiting due = secondLooks.due(System.nanoTime());
            if (due != null) {
                idle = false;
                attribute(due.measurements(), due.request(), due.looks() + 1);
            }
            if (idle) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    private void attribute(TrackerMeasurements to, long[] entry, int look) {
        String name = nameOf(entry);
        if (name == null && secondLooks.add(to, entry, look, System.nanoTime())) {
            return;
        }
        boolean told =
                name != null && to.attribute((int) entry[0], entry[1], ownerOf.applyAsInt(name));
        (told ? found : unknown).incrementAndGet();
    }

    private @Nullable String nameOf(long[] entry) {
        boolean v4 = entry[2] >>> 8 == 4;
        int protocol = (int) entry[2] & 0xff;
        InetSocketAddress local =
                new InetSocketAddress(address(v4, entry[3], entry[4]), (int) (entry[7] >>> 16));
        InetSocketAddress remote =
                new InetSocketAddress(address(v4, entry[5], entry[6]), (int) entry[7] & 0xffff);
        Object socket = List.of(protocol, local, remote);
        long now = System.nanoTime();
        String known = cache.get(socket, now);
        if (known != null) {
            return known;
        }
        String name = asked(protocol, local, remote);
        if (name != null) {
            cache.put(socket, name, now);
        }
        return name;
    }

    private @Nullable String asked(
            int protocol, InetSocketAddress local, InetSocketAddress remote) {
        try {
            return lookup.processOf(protocol, local, remote);
        } catch (RuntimeException notKnown) {
            return null;
        }
    }

    private static InetAddress address(boolean v4, long high, long low) {
        byte[] bytes =
                v4
                        ? ByteBuffer.allocate(4).putInt((int) low).array()
                        : ByteBuffer.allocate(16).putLong(high).putLong(low).array();
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("4 and 16 bytes are addresses", e);
        }
    }

    /** Stops the thread; flows asked for and not yet answered stay unknown. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }
}
