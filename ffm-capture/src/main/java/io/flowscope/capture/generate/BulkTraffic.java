package io.flowscope.capture.generate;

import static io.flowscope.capture.generate.FrameWriter.ACK;
import static io.flowscope.capture.generate.FrameWriter.FIN;
import static io.flowscope.capture.generate.FrameWriter.PSH;
import static io.flowscope.capture.generate.FrameWriter.SYN;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Any number of flows after a {@link TrafficSpec}. A TCP flow of seven packets or more is opened
 * and closed properly; a shorter one stays open. What a side sends is cut from a pool of random
 * bytes, so that a stream's byte at a position is the same however it is split into segments.
 */
final class BulkTraffic implements FrameStream {
    private static final int POOL_BYTES = 1 << 16;
    private static final int WINDOW = 64_240;
    private static final int SHORTEST_CLOSED_FLOW = 7;

    /** Maximum segment size 1460. */
    private static final byte[] NO_OPTIONS = {};

    private static final byte[] SYN_OPTIONS = {2, 4, 5, (byte) 0xB4};

    private final TrafficSpec spec;
    private final SplitMix random;
    private final LiveFlows flows;
    private final Addresses path = new Addresses();
    private final MemorySegment memory;
    private final MemorySegment pool;
    private final FrameWriter writer;
    private final HeldFrames heldFrames;
    private final int mostFrameBytes;
    private final boolean disturbed;
    private final long pureAck;
    private final long loss;
    private final long reorder;
    private final long duplicate;
    private final long retransmission;

    private long timestamp;
    private long sent;
    private long lost;
    private long duplicated;
    private long reordered;
    private long retransmitted;

    /** Payload length of the frame written last, for the choice of what to send again. */
    private int tcpPayload;

    BulkTraffic(TrafficSpec spec) {
        this.spec = spec;
        random = new SplitMix(spec.seed());
        flows = new LiveFlows(spec);
        mostFrameBytes = spec.payloadMost() + FrameWriter.MOST_HEADER_BYTES;
        Arena arena = Arena.ofAuto();
        memory =
                arena.allocate(
                        BATCH_BYTES + (long) (HeldFrames.SLOTS + 1) * mostFrameBytes, Long.BYTES);
        pool = arena.allocate(POOL_BYTES + TrafficSpec.PAYLOAD_LIMIT, Long.BYTES);
        for (long i = 0; i < POOL_BYTES; i += Long.BYTES) {
            pool.set(ValueLayout.JAVA_LONG, i, Long.reverseBytes(random.next()));
        }
        MemorySegment.copy(pool, 0, pool, POOL_BYTES, TrafficSpec.PAYLOAD_LIMIT);
        writer = new FrameWriter(memory, 1);
        heldFrames = new HeldFrames(memory, BATCH_BYTES + mostFrameBytes, mostFrameBytes);
        pureAck = SplitMix.threshold(spec.pureAckShare());
        loss = SplitMix.threshold(spec.lossShare());
        reorder = SplitMix.threshold(spec.reorderShare());
        duplicate = SplitMix.threshold(spec.duplicateShare());
        retransmission = SplitMix.threshold(spec.retransmissionShare());
        disturbed = (loss | reorder | duplicate | retransmission) != 0;
        timestamp = spec.startNanos();
    }

    @Override
    public MemorySegment memory() {
        return memory;
    }

    @Override
    public int mostFrameBytes() {
        return mostFrameBytes;
    }

    @Override
    public long timestampNanos() {
        return timestamp;
    }

    @Override
    public TrafficCounts counts() {
        return new TrafficCounts(flows.begun(), sent, lost, duplicated, reordered, retransmitted);
    }

    @Override
    public int next(long offset) {
        while (true) {
            if (heldFrames.isDue(sent) || (flows.live() == 0 && !heldFrames.isEmpty())) {
                tick();
                return heldFrames.release(offset);
            }
            if (flows.live() == 0) {
                return 0;
            }
            tick();
            int length = send(offset);
            if (!disturbed || disturb(offset, length)) {
                return length;
            }
        }
    }

    private void tick() {
        int gap = (int) spec.gapNanos();
        timestamp += (gap >> 1) + (gap == 0 ? 0 : random.below(gap + (gap & 1)));
    }

    /** Whether the frame is captured now. */
    private boolean disturb(long offset, int length) {
        if (random.chance(loss)) {
            lost++;
            return false;
        }
        if (random.chance(duplicate) && heldFrames.hold(offset, length, sent + random.below(3))) {
            duplicated++;
        }
        if (tcpPayload > 0
                && random.chance(retransmission)
                && heldFrames.hold(offset, length, sent + random.between(8, 24))) {
            retransmitted++;
        }
        if (random.chance(reorder)
                && heldFrames.hold(offset, length, sent + random.between(1, 4))) {
            reordered++;
            return false;
        }
        return true;
    }

    private int send(long offset) {
        int slot = random.below(flows.live());
        int number = flows.flow(slot);
        flows.address(number, path);
        sent++;
        return flows.isUdp(number) ? datagram(offset, slot, number) : segment(offset, slot, number);
    }

    private int datagram(long offset, int slot, int number) {
        boolean fromB = flows.sent(slot) > 0 && random.below(2) == 1;
        int size = random.between(spec.payloadLeast(), spec.payloadMost());
        long from = poolOffset(slot, number, fromB);
        tcpPayload = 0;
        flows.sent(slot, fromB, size);
        return writer.udp(offset, path, fromB, pool, from, size);
    }

    private int segment(long offset, int slot, int number) {
        int index = flows.sent(slot);
        long left = flows.quota(slot) - index;
        boolean closing = flows.quota(slot) >= SHORTEST_CLOSED_FLOW && left <= 3;
        tcpPayload = 0;
        if (index < 3) {
            return switch (index) {
                case 0 -> control(offset, slot, false, SYN, SYN_OPTIONS);
                case 1 -> control(offset, slot, true, SYN | ACK, SYN_OPTIONS);
                default -> control(offset, slot, false, ACK, NO_OPTIONS);
            };
        }
        if (closing) {
            int flags = left == 1 ? ACK : FIN | ACK;
            return control(offset, slot, left == 2, flags, NO_OPTIONS);
        }
        boolean fromB = random.below(2) == 1;
        if (random.chance(pureAck)) {
            return control(offset, slot, fromB, ACK, NO_OPTIONS);
        }
        int size = random.between(spec.payloadLeast(), spec.payloadMost());
        long from = poolOffset(slot, number, fromB);
        int sequence = flows.sequence(slot, fromB);
        int acknowledgement = flows.sequence(slot, !fromB);
        tcpPayload = size;
        flows.sent(slot, fromB, size);
        return writer.tcp(
                offset,
                path,
                fromB,
                sequence,
                acknowledgement,
                PSH | ACK,
                WINDOW,
                pool,
                from,
                size);
    }

    private int control(long offset, int slot, boolean fromB, int flags, byte[] options) {
        int sequence = flows.sequence(slot, fromB);
        int acknowledgement = (flags & ACK) == 0 ? 0 : flows.sequence(slot, !fromB);
        flows.sent(slot, fromB, (flags & (SYN | FIN)) == 0 ? 0 : 1);
        return writer.tcp(
                offset, path, fromB, sequence, acknowledgement, flags, WINDOW, options, pool, 0, 0);
    }

    private long poolOffset(int slot, int number, boolean fromB) {
        int position = flows.sequence(slot, fromB) - flows.firstSequence(number, fromB);
        return (number * 7_919L + (fromB ? 4_099 : 0) + position) & (POOL_BYTES - 1);
    }
}
