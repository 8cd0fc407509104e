package io.flowscope.bench.load;

import io.flowscope.tracker.PacketDescriptor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * TCP packets without end for a tracker under JMH: each call of {@link #next} writes some thousand
 * frames and their descriptors over the ones before. They fit the second-level cache, as the piece
 * of a file that was just read does. Every flow opens with a handshake and goes on with segments
 * and acknowledgments in right order; who sends is a coin toss, as it is for a branch predictor on
 * a real wire. Nothing is allocated by {@link #next}.
 */
public final class PacketSupply {
    /** Packets of one call. */
    public static final int CHUNK = 4_096;

    /** How many packets in a row belong to one flow in {@link Order#TRAINS}. */
    public static final int TRAIN = 8;

    private static final int SLOT_BYTES = 128;
    private static final int PAYLOAD_BYTES = 64;
    private static final long GAP_NANOS = 1_000;

    /** Which flow the next packet belongs to. */
    public enum Order {
        /** Another one each time, in an order without pattern; all flows in turn. */
        UNIFORM,
        /** The same for some packets, then another one. */
        TRAINS,
        /** One that there has not been yet: the packet is its SYN. */
        NEW
    }

    private final int flows;
    private final Order order;
    private final long stride;
    private final TcpFrames frames = new TcpFrames(CHUNK, SLOT_BYTES);

    /** Packets so far and next sequence number of both sides, per flow. */
    private final int[] sent;

    private final int[] nextA;
    private final int[] nextB;
    private long position;
    private long nanos = 1_700_000_000_000_000_000L;

    /** Endless packets of so many flows; if each is new, of those behind so many. */
    public PacketSupply(int flows, Order order) {
        this.flows = flows;
        this.order = order;
        this.stride = coprime(flows);
        boolean remembers = order != Order.NEW;
        position = remembers ? 0 : flows;
        sent = new int[remembers ? flows : 0];
        nextA = new int[sent.length];
        nextB = new int[sent.length];
    }

    /** An odd number near the golden section of n that has no divisor in common with it. */
    private static long coprime(int n) {
        long candidate = (long) (n * 0.618) | 1;
        while (divisor(candidate, n) != 1) {
            candidate += 2;
        }
        return candidate;
    }

    private static long divisor(long a, long b) {
        return b == 0 ? a : divisor(b, a % b);
    }

    /** Holds the packets. */
    public MemorySegment memory() {
        return frames.memory;
    }

    /** Tell of the packets. */
    public MemorySegment descriptors() {
        return frames.descriptors;
    }

    /** The time of the last packet. */
    public long nowNanos() {
        return nanos;
    }

    /** Where a packet of the chunk is. */
    public long offset(int slot) {
        return frames.offset(slot);
    }

    /** A packet's length. */
    public int length(int slot) {
        return frames.descriptors.get(
                ValueLayout.JAVA_INT,
                (long) slot * PacketDescriptor.BYTES + PacketDescriptor.LENGTH);
    }

    /** A packet's time. */
    public long timestampNanos(int slot) {
        return frames.descriptors.get(
                ValueLayout.JAVA_LONG,
                (long) slot * PacketDescriptor.BYTES + PacketDescriptor.TIMESTAMP);
    }

    /** Lets time pass without packets. */
    public void skip(long lengthNanos) {
        nanos += lengthNanos;
    }

    /**
     * Writes the next packets.
     *
     * @return how many: always {@link #CHUNK}
     */
    public int next() {
        for (int slot = 0; slot < CHUNK; slot++) {
            nanos += GAP_NANOS;
            if (order == Order.NEW) {
                write(slot, (int) position++, false, 0, 0, TcpFrames.SYN, 0);
            } else {
                continueFlow(slot, flow());
            }
        }
        return CHUNK;
    }

    private int flow() {
        long turn = order == Order.TRAINS ? position / TRAIN : position;
        position++;
        return (int) (turn % flows * stride % flows);
    }

    private void continueFlow(int slot, int flow) {
        int number = sent[flow]++;
        switch (number) {
            case 0 -> {
                nextA[flow] = flow;
                nextB[flow] = ~flow;
                write(slot, flow, false, nextA[flow]++, 0, TcpFrames.SYN, 0);
            }
            case 1 ->
                    write(
                            slot,
                            flow,
                            true,
                            nextB[flow]++,
                            nextA[flow],
                            TcpFrames.SYN | TcpFrames.ACK,
                            0);
            case 2 -> write(slot, flow, false, nextA[flow], nextB[flow], TcpFrames.ACK, 0);
            default -> {
                int coins = spread(flow ^ number * 0x9e37_79b9);
                boolean fromB = (coins & 1) != 0;
                int payload = (coins & 0xe) == 0 ? 0 : PAYLOAD_BYTES;
                int sequence = fromB ? nextB[flow] : nextA[flow];
                int acknowledged = fromB ? nextA[flow] : nextB[flow];
                int flags = payload == 0 ? TcpFrames.ACK : TcpFrames.PUSH | TcpFrames.ACK;
                write(slot, flow, fromB, sequence, acknowledged, flags, payload);
                if (fromB) {
                    nextB[flow] += payload;
                } else {
                    nextA[flow] += payload;
                }
            }
        }
    }

    private static int spread(int value) {
        int mixed = (value ^ value >>> 16) * 0x7feb_352d;
        mixed = (mixed ^ mixed >>> 15) * 0x846c_a68b;
        return mixed ^ mixed >>> 16;
    }

    private void write(
            int slot, int flow, boolean fromB, int sequence, int ack, int flags, int payload) {
        int client = 0x0a00_0000 | flow & 0xff_ffff;
        int server = 0xc0a8_0000 | spread(flow) & 0x3ff;
        int clientPort = 0x8000 | flow >>> 24 << 4 | flow & 0xf;
        int from = fromB ? server : client;
        int to = fromB ? client : server;
        int ports = fromB ? 443 << 16 | clientPort : clientPort << 16 | 443;
        frames.write(slot, nanos, from, to, ports, sequence, ack, flags, payload);
    }
}
