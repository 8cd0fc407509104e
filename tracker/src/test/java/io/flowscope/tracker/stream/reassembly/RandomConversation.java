package io.flowscope.tracker.stream.reassembly;

import static org.junit.jupiter.api.Assertions.assertEquals;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.flowscope.tracker.stream.OverlapPolicy;
import io.flowscope.tracker.stream.StreamEnd;
import io.flowscope.tracker.stream.StreamOptions;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A conversation that a source of numbers makes up, with loss, repetition, disorder and lies,
 * through the real reassembler and through the naive one: events, counters and memory must agree
 * after every step.
 */
final class RandomConversation {
    private final String name;
    private final Random random;
    private final MemorySegment packet;
    private final StreamOptions options;
    private final List<String> expected = new ArrayList<>();
    private final NaiveSide[] naive = new NaiveSide[2];
    private final int[] isn = new int[2];
    private final int[] length = new int[2];
    private final StringBuilder log = new StringBuilder();
    private final long[] payloadBytes = new long[2];

    RandomConversation(String name, Random random, MemorySegment packet) {
        this.name = name;
        this.random = random;
        this.packet = packet;
        StreamOptions.Builder builder =
                StreamOptions.builder()
                        .overlap(OverlapPolicy.values()[random.nextInt(4)])
                        .strict(random.nextInt(10) == 0)
                        .holdBytes(List.of(10, 100, 5_000, 60_000).get(random.nextInt(4)))
                        .bufferBytes(65_536)
                        .windowBytes(List.of(60, 3_000, 1 << 20).get(random.nextInt(3)))
                        .ackGraceNanos(10)
                        .stallNanos(1_000);
        if (random.nextInt(4) == 0) {
            builder.noTimeouts();
        }
        this.options = builder.build();
        for (int side = 0; side < 2; side++) {
            naive[side] = new NaiveSide(options, side, expected);
            isn[side] = random.nextBoolean() ? random.nextInt() : -random.nextInt(300);
            length[side] = random.nextInt(4) == 0 ? 7_000 : random.nextInt(400);
        }
    }

    void run() {
        try (Arena arena = Arena.ofConfined()) {
            Recorder recorder = new Recorder();
            Reassembler real = new Reassembler(options, arena, new Recorder.Host());
            int handle = real.open(7, recorder);
            long now = 1_000_000;
            boolean syn = random.nextInt(3) > 0;
            int steps = 5 + random.nextInt(60);
            for (int step = 0; step < steps; step++) {
                now += random.nextInt(8) == 0 ? random.nextInt(1_500) : random.nextInt(5);
                int side = random.nextInt(2);
                if (random.nextInt(4) == 0) {
                    acknowledge(real, handle, side, now);
                } else if (syn && random.nextInt(12) == 0 || syn && step < 2) {
                    segment(real, handle, step < 2 ? step : side, 0, Reassembler.SYN, now);
                } else {
                    int flags = random.nextInt(40) == 0 ? Reassembler.FIN : 0;
                    flags |= random.nextInt(60) == 0 ? Reassembler.RST : 0;
                    segment(real, handle, side, start(side), flags, now);
                }
                check(real, handle);
            }
            real.end(handle, StreamEnd.FLOW_ENDED, now);
            naive[0].end(StreamEnd.FLOW_ENDED);
            naive[1].end(StreamEnd.FLOW_ENDED);
            assertEquals(join(expected), join(recorder.events), this::story);
            assertEquals(0, real.statistics().memoryBytes(), this::story);
        } catch (RuntimeException | Error e) {
            throw new AssertionError(story(), e);
        }
    }

    /** Where a segment begins: anywhere, with a liking for the beginning, rarely far away. */
    private int start(int side) {
        if (random.nextInt(50) == 0) {
            return random.nextInt(4_000_000) - 1_000_000;
        }
        int from = random.nextInt(1 + length[side]);
        return random.nextBoolean() ? from : random.nextInt(1 + from) - 5;
    }

    private void segment(Reassembler real, int handle, int side, int start, int flags, long now) {
        int most = random.nextInt(3) == 0 ? 3 : random.nextInt(5) == 0 ? 2_000 : 60;
        int payload = random.nextInt(most + 1);
        int wire = random.nextInt(15) == 0 ? payload + random.nextInt(30) : payload;
        byte[] bytes = new byte[payload];
        for (int i = 0; i < payload; i++) {
            int value = 'a' + Math.floorMod(start + i, 23);
            bytes[i] = (byte) (random.nextInt(20) == 0 ? 'A' + random.nextInt(26) : value);
        }
        MemorySegment.copy(bytes, 0, packet, JAVA_BYTE, 100, payload);
        int seq = isn[side] + start + ((flags & Reassembler.SYN) != 0 ? 0 : 1);
        log.append(
                "%d: %d at %d flags %d, %d of %d%n"
                        .formatted(now, side, start, flags, payload, wire));
        if ((flags & Reassembler.RST) == 0) {
            payloadBytes[side] += payload;
        }
        expire(now);
        naive[side].segment(seq, flags, bytes, wire, now);
        real.onSegment(handle, side, seq, 0, flags, packet, 100, payload, wire, now);
    }

    private void acknowledge(Reassembler real, int handle, int side, long now) {
        int up = random.nextInt(length[side ^ 1] + 10);
        log.append("%d: %d acknowledges %d%n".formatted(now, side, up));
        expire(now);
        naive[side ^ 1].ack(isn[side ^ 1] + 1 + up, now);
        int ack = isn[side ^ 1] + 1 + up;
        real.onSegment(handle, side, 0, ack, Reassembler.ACK, packet, 0, 0, 0, now);
    }

    /** Sides share a clock, but not their events' order across sides within one instant. */
    private void expire(long now) {
        for (NaiveSide side : naive) {
            side.expire(now);
        }
        for (NaiveSide side : naive) {
            side.expireStalled(now);
        }
    }

    private void check(Reassembler real, int handle) {
        for (int side = 0; side < 2; side++) {
            SideCursor cursor = real.cursor(handle, side);
            String counters =
                    "delivered=%d duplicate=%d outOfOrder=%d ignored=%d gap=%d/%d conflict=%d held=%d"
                            .formatted(
                                    cursor.deliveredBytes(),
                                    cursor.duplicateBytes(),
                                    cursor.outOfOrderBytes(),
                                    cursor.ignoredBytes(),
                                    cursor.gapBytes(),
                                    cursor.gaps(),
                                    cursor.conflictBytes(),
                                    cursor.heldBytes());
            assertEquals(naive[side].counters(), counters, this::story);
            long sum =
                    cursor.deliveredBytes()
                            + cursor.duplicateBytes()
                            + cursor.outOfOrderBytes()
                            + cursor.oversizeBytes()
                            + cursor.ignoredBytes()
                            + cursor.heldBytes();
            assertEquals(payloadBytes[side], sum, this::story);
            assertEquals(cursor.offset(), cursor.deliveredBytes() + cursor.gapBytes(), this::story);
        }
    }

    /** Per side, because the order between sides is not part of the comparison. */
    private static String join(List<String> events) {
        StringBuilder sides = new StringBuilder();
        for (char side = '0'; side <= '1'; side++) {
            String last = "";
            for (String event : events) {
                if (event.charAt(0) == side) {
                    boolean more = event.startsWith(side + " bytes ") && last.equals("bytes");
                    sides.append(more ? event.substring(8) : "\n" + event);
                    last = event.startsWith(side + " bytes ") ? "bytes" : "";
                }
            }
        }
        return sides.toString();
    }

    private String story() {
        return name + " " + options + "\n" + log;
    }
}
