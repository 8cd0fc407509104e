package io.flowscope.bench.live;

import io.flowscope.capture.PacketDescriptor;
import io.flowscope.capture.PageArena;
import io.flowscope.capture.RingCapture;
import io.flowscope.capture.RingOptions;
import io.flowscope.capture.RingProfile;
import io.flowscope.tracker.FlowTracker;
import io.flowscope.tracker.TrackerOptions;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.Arrays;

/**
 * An interface through our ring: only walked, tracked with all that is on by default, or tracked
 * and the time taken that packets needed from the kernel to here.
 *
 * <pre>
 *   RingReceiver INTERFACE walk|track|latency PROFILE
 * </pre>
 *
 * <p>{@code latency} prints {@code latency p50_ns=N p99_ns=N p999_ns=N max_ns=N} as well.
 */
public final class RingReceiver {
    private static final int ETHER_TYPE_AT = 12;
    private static final int MOST_SAMPLES = 1 << 20;
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private final RingCapture ring;
    private final FlowTracker tracker;
    private final Way way;
    private final LiveCount count;
    private final long[] latencies = new long[MOST_SAMPLES];
    private int samples;

    /** Read, so that walking the packets is no empty loop. */
    private long types;

    /** What is done with packets. */
    private enum Way {
        WALK,
        TRACK,
        LATENCY
    }

    private RingReceiver(RingCapture ring, FlowTracker tracker, Way way) {
        this.ring = ring;
        this.tracker = tracker;
        this.way = way;
        count = new LiveCount(() -> ring.statistics().drops());
    }

    /** See the class. */
    public static void main(String[] arguments) {
        var profile = RingProfile.valueOf(arguments[2]);
        var options = TrackerOptions.builder().arena(PageArena::ofShared).build();
        Way way =
                switch (arguments[1]) {
                    case "walk" -> Way.WALK;
                    case "track" -> Way.TRACK;
                    case "latency" -> Way.LATENCY;
                    default -> throw new IllegalArgumentException(arguments[1]);
                };
        try (var ring = RingCapture.open(RingOptions.of(arguments[0], profile));
                var tracker = new FlowTracker(options)) {
            var receiver = new RingReceiver(ring, tracker, way);
            receiver.count.ready();
            ring.forEachBatch(receiver::batch);
            receiver.printLatencies();
        }
    }

    private void batch(MemorySegment memory, MemorySegment descriptors, int packets) {
        for (int i = 0; i < packets; i++) {
            long record = (long) i * PacketDescriptor.BYTES;
            long at = descriptors.get(ValueLayout.JAVA_LONG, record + PacketDescriptor.OFFSET);
            int type = memory.get(SHORT, at + ETHER_TYPE_AT) & 0xffff;
            if (type == LiveCount.MARK_ETHER_TYPE) {
                char letter = (char) memory.get(ValueLayout.JAVA_BYTE, at + LiveCount.LETTER_AT);
                if (count.mark(letter)) {
                    ring.close();
                    return;
                }
                samples = 0;
            } else {
                count.packets(1);
                types += type;
            }
        }
        if (way != Way.WALK) {
            tracker.trackBatch(memory, descriptors, packets);
        }
        if (way == Way.LATENCY) {
            sample(descriptors, packets);
        }
    }

    /** One clock reading per batch, after its packets were tracked: each is as late as that. */
    private void sample(MemorySegment descriptors, int packets) {
        Instant time = Instant.now();
        long now = time.getEpochSecond() * 1_000_000_000L + time.getNano();
        for (int i = 0; i < packets && samples < MOST_SAMPLES; i++) {
            long record = (long) i * PacketDescriptor.BYTES;
            latencies[samples++] =
                    now
                            - descriptors.get(
                                    ValueLayout.JAVA_LONG, record + PacketDescriptor.TIMESTAMP);
        }
    }

    private void printLatencies() {
        if (samples == 0) {
            return;
        }
        long[] sorted = Arrays.copyOf(latencies, samples);
        Arrays.sort(sorted);
        System.out.printf(
                "latency p50_ns=%d p99_ns=%d p999_ns=%d max_ns=%d types=%d%n",
                sorted[samples / 2],
                sorted[(int) (samples * 0.99)],
                sorted[(int) (samples * 0.999)],
                sorted[samples - 1],
                types & 0xffff);
    }
}
