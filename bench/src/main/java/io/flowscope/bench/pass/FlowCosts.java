package io.flowscope.bench.pass;

import io.flowscope.bench.load.PacketSupply;
import io.flowscope.bench.load.PacketSupply.Order;
import io.flowscope.capture.PageArena;
import io.flowscope.tracker.FlowTracker;
import io.flowscope.tracker.TrackerOptions;

import java.io.IOException;
import java.time.Duration;

/**
 * What memory flows take and what begin, packets, sweep and end of them cost where so many are
 * live. Fills a table to its last record, in an order without pattern, and prints for each kind of
 * work how much there was and how long the thread took:
 *
 * <pre>
 *   pass=1 flows=N resident_bytes=N started=N start_ns=N packets=N packet_ns=N
 *          swept=N sweep_ns=N replaced=N replace_ns=N ended=N end_ns=N
 * </pre>
 *
 * <p>Arguments: how many flows, and whether round trips are measured, {@code true} or {@code
 * false}.
 */
public final class FlowCosts {
    private static final int CHUNK = PacketSupply.CHUNK;

    /** Work of each kind, at least: a small table is measured again and again. */
    private static final long LEAST_WORK = 4_000_000;

    private static final int WARMING_FLOWS = 25 * CHUNK;
    private static final int WARMING_CYCLES = 20;
    private static final long LONG_AGO_NANOS = Duration.ofDays(1).toNanos();

    private final CpuClock clock = new CpuClock();
    private final int flows;
    private final boolean roundTrips;
    private final EndedFlows ended = new EndedFlows();
    private long residentBytes;
    private long cycles;
    private long startNanos;
    private long packets;
    private long packetNanos;
    private long sweepNanos;
    private long replaced;
    private long replaceNanos;
    private long endNanos;

    private FlowCosts(int flows, boolean roundTrips) {
        this.flows = flows;
        this.roundTrips = roundTrips;
    }

    /** The number of flows is rounded up to whole chunks of packets. */
    public static void main(String[] arguments) throws IOException {
        int wanted = Integer.parseInt(arguments[0]);
        int flows = (wanted + CHUNK - 1) / CHUNK * CHUNK;
        boolean roundTrips = arguments.length < 2 || Boolean.parseBoolean(arguments[1]);
        var warming = new FlowCosts(Math.min(flows, WARMING_FLOWS), roundTrips);
        for (int i = 0; i < WARMING_CYCLES; i++) {
            warming.cycle();
        }
        var costs = new FlowCosts(flows, roundTrips);
        do {
            costs.cycle();
        } while (costs.cycles * flows < LEAST_WORK);
        System.out.println(costs);
    }

    private void cycle() throws IOException {
        var options =
                TrackerOptions.builder()
                        .maxFlows(flows)
                        .roundTrips(roundTrips)
                        .arena(PageArena::ofShared)
                        .build();
        PacketSupply supply = new PacketSupply(flows, Order.UNIFORM);
        PacketSupply others = new PacketSupply(flows, Order.NEW);
        long residentBefore = ResidentMemory.bytes();
        try (FlowTracker tracker = new FlowTracker(options, ended)) {
            startNanos += track(tracker, supply, flows);
            check(tracker.liveFlows());
            track(tracker, supply, 2L * flows); // the rest of the handshakes
            long work = Math.min(4L * flows, LEAST_WORK);
            packetNanos += track(tracker, supply, work);
            packets += work;
            residentBytes = ResidentMemory.bytes() - residentBefore;

            long from = clock.threadNanos();
            tracker.sweep(supply.nowNanos());
            sweepNanos += clock.threadNanos() - from;
            check(tracker.liveFlows());

            long endedBefore = ended.flows();
            others.skip(supply.nowNanos() - others.nowNanos());
            long more = Math.min(flows, LEAST_WORK / 4);
            more -= more % CHUNK;
            replaceNanos += track(tracker, others, more);
            replaced += ended.flows() - endedBefore;
            check(tracker.liveFlows());

            from = clock.threadNanos();
            tracker.sweep(others.nowNanos() + LONG_AGO_NANOS);
            endNanos += clock.threadNanos() - from;
            check(flows - tracker.liveFlows());
        }
        cycles++;
    }

    /** The time that so many packets take, whole chunks of them; that of making them apart. */
    private long track(FlowTracker tracker, PacketSupply supply, long count) {
        long nanos = 0;
        for (long done = 0; done < count; done += CHUNK) {
            supply.next();
            long from = clock.threadNanos();
            tracker.trackBatch(supply.memory(), supply.descriptors(), CHUNK);
            nanos += clock.threadNanos() - from;
        }
        return nanos;
    }

    private void check(int count) {
        if (count != flows) {
            throw new IllegalStateException(count + " flows instead of " + flows);
        }
    }

    @Override
    public String toString() {
        long all = cycles * flows;
        return "pass=1 flows=%d resident_bytes=%d started=%d start_ns=%d packets=%d packet_ns=%d"
                        .formatted(flows, residentBytes, all, startNanos, packets, packetNanos)
                + " swept=%d sweep_ns=%d replaced=%d replace_ns=%d ended=%d end_ns=%d"
                        .formatted(all, sweepNanos, replaced, replaceNanos, all, endNanos);
    }
}
