package io.flowscope.tracker.tcp;

import static io.flowscope.tracker.table.FlowLayout.BYTES;
import static io.flowscope.tracker.table.FlowLayout.LONG;
import static io.flowscope.tracker.table.FlowLayout.PACKETS;
import static io.flowscope.tracker.table.FlowLayout.PAYLOAD;

import io.flowscope.tracker.table.Carries;
import io.flowscope.tracker.table.FlowBits;

import java.lang.foreign.MemorySegment;

/**
 * The four rare counters of each side, which sit above the packets and bytes in the same words. A
 * counter that is full starts again from 0 and carries its whole turn over to {@link Carries}.
 */
public final class Counters {
    /** Segments sent again: 16 bits above the packets. */
    public static final int RETRANSMISSIONS = 0;

    /** Segments later than their successors: 16 bits above the payload. */
    public static final int OUT_OF_ORDER = 1;

    /** Acknowledgments repeated: 16 bits above the bytes. */
    public static final int DUPLICATE_ACKS = 2;

    /** Windows of zero announced: 8 bits above the retransmissions. */
    public static final int ZERO_WINDOWS = 3;

    private final MemorySegment memory;
    private final Carries carries;

    Counters(MemorySegment memory, Carries carries) {
        this.memory = memory;
        this.carries = carries;
    }

    private static int word(int kind) {
        return switch (kind) {
            case RETRANSMISSIONS, ZERO_WINDOWS -> PACKETS;
            case OUT_OF_ORDER -> PAYLOAD;
            default -> BYTES;
        };
    }

    private static int shift(int kind) {
        return switch (kind) {
            case RETRANSMISSIONS -> 40;
            case ZERO_WINDOWS -> 56;
            default -> 48;
        };
    }

    private static long full(int kind) {
        return kind == ZERO_WINDOWS ? 0xff : 0xffff;
    }

    /** Adds one; the flow's bits, which tell whether anything was carried over. */
    long increment(int record, long at, long bits, int kind, int side) {
        long place = at + word(kind) + 8L * side;
        long value = memory.get(LONG, place);
        int shift = shift(kind);
        long full = full(kind);
        if ((value >>> shift & full) != full) {
            memory.set(LONG, place, value + (1L << shift));
            return bits;
        }
        memory.set(LONG, place, value & ~(full << shift));
        carries.add(record, kind, side, (int) full + 1, (bits & FlowBits.CARRIED) == 0);
        return bits | FlowBits.CARRIED;
    }

    /** A counter's value. */
    public static long get(
            MemorySegment memory,
            Carries carries,
            int record,
            long at,
            long bits,
            int kind,
            int side) {
        long low = memory.get(LONG, at + word(kind) + 8L * side) >>> shift(kind) & full(kind);
        return (bits & FlowBits.CARRIED) == 0 ? low : low + carries.get(record, kind, side);
    }
}
