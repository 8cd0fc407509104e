package io.flowscope.bench.pass;

import io.flowscope.bench.load.Workload;
import io.flowscope.bench.spread.Spread;
import io.flowscope.capture.BatchHandler;
import io.flowscope.capture.PageArena;
import io.flowscope.capture.generate.TrafficGenerator;
import io.flowscope.capture.generate.TrafficSpec;
import io.flowscope.tracker.FlowTracker;
import io.flowscope.tracker.PacketDescriptor;
import io.flowscope.tracker.TrackerCounters;
import io.flowscope.tracker.TrackerOptions;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One tracker for a long time, with traffic that begins and ends flows without pause: does memory
 * stay, does the cost stay? The traffic never repeats; its time goes on from round to round.
 *
 * <pre>
 *   Soak MINUTES
 * </pre>
 */
public final class Soak {
    private static final int FLOWS = 20_000;
    private static final int TABLE = 30_000;
    private static final long PACKETS_OF_ROUND = 400_000;
    private static final long REPORT_NANOS = 10_000_000_000L;

    /** At least so many reports, that there is something to compare in a short run as well. */
    private static final int LEAST_REPORTS = 16;

    /** What the last quarter may have more than the second: measurement is not that exact. */
    private static final double MOST_MORE_MEMORY = 1.03;

    private static final double MOST_MORE_COST = 1.10;

    private final CpuClock clock = new CpuClock();
    private final EndedFlows ended = new EndedFlows();
    private final FlowTracker tracker;
    private final List<Double> costs = new ArrayList<>();
    private final List<Double> residents = new ArrayList<>();
    private long cpuNanos;
    private long packets;
    private long shiftNanos;
    private long lastNanos;

    private Soak() {
        // Closed flows linger, so that the table is full at times and evictions happen as well.
        tracker =
                new FlowTracker(
                        TrackerOptions.builder().maxFlows(TABLE).arena(PageArena::ofShared).build(),
                        ended);
    }

    /** With the number of minutes; the exit code is 1 if something grew. */
    public static void main(String[] arguments) throws IOException {
        Soak soak = new Soak();
        boolean steady;
        try (FlowTracker tracker = soak.tracker) {
            soak.run(Long.parseLong(arguments[0]) * 60_000_000_000L);
            TrackerCounters counters = tracker.counters();
            steady = soak.isSteady() && counters.created() == counters.ended() + counters.live();
        }
        System.out.println(steady ? "steady" : "NOT STEADY");
        System.exit(steady ? 0 : 1);
    }

    private void run(long lengthNanos) throws IOException {
        long start = System.nanoTime();
        long interval = Math.min(REPORT_NANOS, lengthNanos / LEAST_REPORTS);
        long report = start + interval;
        for (long seed = 1; System.nanoTime() - start < lengthNanos; seed++) {
            round(seed);
            if (System.nanoTime() >= report) {
                report(System.nanoTime() - start);
                report += interval;
            }
        }
    }

    private void round(long seed) {
        TrafficSpec mix = Workload.mix(PACKETS_OF_ROUND).spec();
        TrafficSpec spec =
                TrafficSpec.builder()
                        .seed(seed)
                        .flows(FLOWS)
                        .packets(PACKETS_OF_ROUND)
                        .concurrentFlows(mix.concurrentFlows())
                        .payload(mix.payloadLeast(), mix.payloadMost())
                        .udpShare(mix.udpShare())
                        .ipv6Share(mix.ipv6Share())
                        .vlanShare(mix.vlanShare())
                        .vxlanShare(mix.vxlanShare())
                        .lossShare(mix.lossShare())
                        .reorderShare(mix.reorderShare())
                        .retransmissionShare(mix.retransmissionShare())
                        .gapNanos(25_000)
                        .build();
        BatchHandler handler = this::batch;
        try (TrafficGenerator traffic = TrafficGenerator.of(spec)) {
            traffic.forEachBatch(handler);
        }
        shiftNanos = lastNanos - spec.startNanos();
    }

    private void batch(MemorySegment memory, MemorySegment descriptors, int count) {
        for (int i = 0; i < count; i++) {
            long at = (long) i * PacketDescriptor.BYTES + PacketDescriptor.TIMESTAMP;
            lastNanos = descriptors.get(ValueLayout.JAVA_LONG, at) + shiftNanos;
            descriptors.set(ValueLayout.JAVA_LONG, at, lastNanos);
        }
        long before = clock.threadNanos();
        tracker.trackBatch(memory, descriptors, count);
        cpuNanos += clock.threadNanos() - before;
        packets += count;
    }

    private void report(long runNanos) throws IOException {
        double cost = (double) cpuNanos / packets;
        double resident = ResidentMemory.bytes() / 1e6;
        Runtime heap = Runtime.getRuntime();
        costs.add(cost);
        residents.add(resident);
        System.out.printf(
                Locale.ROOT,
                "%6.0f s  %6.1f ns/packet  %7.1f MB resident  %6.1f MB heap  %d flows ended%n",
                runNanos / 1e9,
                cost,
                resident,
                (heap.totalMemory() - heap.freeMemory()) / 1e6,
                ended.flows());
        cpuNanos = 0;
        packets = 0;
    }

    /** The second quarter against the last: the first is for warming up. */
    private boolean isSteady() {
        if (costs.size() < 8) {
            System.out.println("too short to tell, or the machine too busy");
            return false;
        }
        double memory = ratio(residents);
        double cost = ratio(costs);
        System.out.printf(
                Locale.ROOT, "last quarter to second: memory × %.3f, cost × %.3f%n", memory, cost);
        return memory <= MOST_MORE_MEMORY && cost <= MOST_MORE_COST;
    }

    private static double ratio(List<Double> values) {
        int quarter = values.size() / 4;
        return median(values.subList(3 * quarter, values.size()))
                / median(values.subList(quarter, 2 * quarter));
    }

    private static double median(List<Double> values) {
        return Spread.of(values.stream().mapToDouble(Double::doubleValue).toArray()).median();
    }
}
