package io.flowscope.bench.load;

import java.lang.foreign.MemorySegment;

/**
 * Full TCP segments without end, as of downloads: flows in turn, eight segments of each, all sent
 * by the side that answered the handshake. Each call of {@link #next} writes over the ones before;
 * nothing is allocated by it. The payload's bytes are the same in every segment.
 */
public final class SegmentSupply {
    /** Packets of one call. */
    public static final int CHUNK = 1_024;

    /** Payload of a segment. */
    public static final int PAYLOAD_BYTES = 1_460;

    private static final int TRAIN = 8;
    private static final int SLOT_BYTES = 1_536;
    private static final long GAP_NANOS = 1_000;

    /** In which order the eight segments of a train come. */
    public enum Shape {
        /** As they were sent. */
        IN_ORDER(0, 1, 2, 3, 4, 5, 6, 7),
        /** Each two the wrong way round. */
        SWAPPED(1, 0, 3, 2, 5, 4, 7, 6),
        /** The last one first: seven are kept until the first comes. */
        REVERSED(7, 6, 5, 4, 3, 2, 1, 0),
        /** Each twice; four places of the train, so that as many packets come. */
        REPEATED(0, 0, 1, 1, 2, 2, 3, 3);

        @SuppressWarnings("ImmutableEnumChecker") // never written, never handed out
        private final int[] places;

        Shape(int... places) {
            this.places = places;
        }

        /** How many segments a train moves its stream on. */
        int segments() {
            return this == REPEATED ? TRAIN / 2 : TRAIN;
        }
    }

    private final Shape shape;
    private final int[] next;
    private final TcpFrames frames = new TcpFrames(CHUNK, SLOT_BYTES);
    private int flow;
    private long nanos = 1_700_000_000_000_000_000L;

    /** Endless segments of so many flows; {@link #handshakes} come first. */
    public SegmentSupply(int flows, Shape shape) {
        this.shape = shape;
        next = new int[flows];
    }

    /** Holds the packets. */
    public MemorySegment memory() {
        return frames.memory;
    }

    /** Tell of the packets. */
    public MemorySegment descriptors() {
        return frames.descriptors;
    }

    /**
     * Opens flows: three packets of each.
     *
     * @param from the first of them
     * @return how many packets; the flows that come next begin at {@code from + packets / 3}
     */
    public int handshakes(int from) {
        int slot = 0;
        for (int i = from; i < next.length && slot + 3 <= CHUNK; i++) {
            write(slot++, i, false, i, 0, TcpFrames.SYN, 0);
            write(slot++, i, true, ~i, i + 1, TcpFrames.SYN | TcpFrames.ACK, 0);
            write(slot++, i, false, i + 1, ~i + 1, TcpFrames.ACK, 0);
            next[i] = ~i + 1;
        }
        return slot;
    }

    /**
     * Writes the next segments.
     *
     * @return how many: always {@link #CHUNK}
     */
    public int next() {
        for (int slot = 0; slot < CHUNK; slot += TRAIN) {
            int first = next[flow];
            for (int i = 0; i < TRAIN; i++) {
                int sequence = first + shape.places[i] * PAYLOAD_BYTES;
                write(slot + i, flow, true, sequence, flow + 1, TcpFrames.ACK, PAYLOAD_BYTES);
            }
            next[flow] = first + shape.segments() * PAYLOAD_BYTES;
            flow = flow + 1 == next.length ? 0 : flow + 1;
        }
        return CHUNK;
    }

    private void write(
            int slot, int of, boolean answers, int sequence, int ack, int flags, int payload) {
        nanos += GAP_NANOS;
        int client = 0x0a00_0000 | of;
        int server = 0xc0a8_0001;
        int from = answers ? server : client;
        int to = answers ? client : server;
        int ports = answers ? 443 << 16 | 0x8000 : 0x8000 << 16 | 443;
        frames.write(slot, nanos, from, to, ports, sequence, ack, flags, payload);
    }
}
