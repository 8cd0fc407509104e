package io.flowscope.bench.load;

import io.flowscope.tracker.PacketDescriptor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

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
    private static final int IP = 14;
    private static final int TCP = 34;
    private static final int HEADER_BYTES = 54;
    private static final long GAP_NANOS = 1_000;
    private static final int SYN = 0x02;
    private static final int ACK = 0x10;

    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

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
    private final MemorySegment memory;
    private final MemorySegment descriptors;
    private int flow;
    private long nanos = 1_700_000_000_000_000_000L;

    /** Endless segments of so many flows; {@link #handshakes} come first. */
    public SegmentSupply(int flows, Shape shape) {
        this.shape = shape;
        next = new int[flows];
        Arena arena = Arena.ofAuto();
        memory = arena.allocate((long) CHUNK * SLOT_BYTES, 64);
        descriptors = arena.allocate((long) CHUNK * PacketDescriptor.BYTES, Long.BYTES);
        for (int slot = 0; slot < CHUNK; slot++) {
            long at = (long) slot * SLOT_BYTES;
            memory.set(SHORT, at + 12, (short) 0x0800);
            memory.set(SHORT, at + IP, (short) 0x4500);
            memory.set(INT, at + IP + 8, 64 << 24 | 6 << 16);
            long record = (long) slot * PacketDescriptor.BYTES;
            descriptors.set(ValueLayout.JAVA_LONG, record + PacketDescriptor.OFFSET, at);
            descriptors.set(ValueLayout.JAVA_SHORT, record + PacketDescriptor.LINK_TYPE, (short) 1);
            descriptors.set(ValueLayout.JAVA_INT, record + PacketDescriptor.INTERFACE, -1);
        }
    }

    /** Holds the packets. */
    public MemorySegment memory() {
        return memory;
    }

    /** Tell of the packets. */
    public MemorySegment descriptors() {
        return descriptors;
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
            write(slot++, i, false, i, 0, SYN, 0);
            write(slot++, i, true, ~i, i + 1, SYN | ACK, 0);
            write(slot++, i, false, i + 1, ~i + 1, ACK, 0);
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
                write(slot + i, flow, true, sequence, flow + 1, ACK, PAYLOAD_BYTES);
            }
            next[flow] = first + shape.segments() * PAYLOAD_BYTES;
            flow = flow + 1 == next.length ? 0 : flow + 1;
        }
        return CHUNK;
    }

    private void write(
            int slot, int of, boolean answers, int sequence, int ack, int flags, int payload) {
        nanos += GAP_NANOS;
        long at = (long) slot * SLOT_BYTES;
        int client = 0x0a00_0000 | of;
        int server = 0xc0a8_0001;
        memory.set(SHORT, at + IP + 2, (short) (40 + payload));
        memory.set(INT, at + IP + 12, answers ? server : client);
        memory.set(INT, at + IP + 16, answers ? client : server);
        memory.set(INT, at + TCP, answers ? 443 << 16 | 0x8000 : 0x8000 << 16 | 443);
        memory.set(INT, at + TCP + 4, sequence);
        memory.set(INT, at + TCP + 8, ack);
        memory.set(INT, at + TCP + 12, 0x5000_0000 | flags << 16 | 0xfaf0);
        long record = (long) slot * PacketDescriptor.BYTES;
        int length = HEADER_BYTES + payload;
        descriptors.set(ValueLayout.JAVA_LONG, record + PacketDescriptor.TIMESTAMP, nanos);
        descriptors.set(ValueLayout.JAVA_INT, record + PacketDescriptor.CAPTURED, length);
        descriptors.set(ValueLayout.JAVA_INT, record + PacketDescriptor.LENGTH, length);
    }
}
