package io.flowscope.tracker.tcp;

import static io.flowscope.tracker.table.FlowLayout.BYTE;
import static io.flowscope.tracker.table.FlowLayout.INT;
import static io.flowscope.tracker.table.FlowLayout.LONG;
import static io.flowscope.tracker.table.FlowLayout.ROUND_TRIPS;

import io.flowscope.tracker.packet.PacketCursor;
import io.flowscope.tracker.packet.TcpOptions;
import io.flowscope.tracker.table.FlowBits;

import java.lang.foreign.MemorySegment;

/**
 * Round trips of a flow, seen from somewhere on its path.
 *
 * <p>What can be measured there are halves: from a side's segment to the other side's answer to it.
 * A round trip is the sum of both sides' latest halves; each new half makes a new sample, except
 * that in a handshake the flow's very first half (SYN to SYN-ACK) waits for the second (SYN-ACK to
 * ACK). If only one half was ever measured it stands alone. A half is measured for one segment of a
 * side at a time: if it carries a timestamp, to the first echo of it, else to the acknowledgment of
 * its last byte, and then not if anything of that side was sent again meanwhile (Karn's rule). A
 * SYN is timed by its acknowledgment, because the other end may have no timestamps; an answer
 * without one ends the wait for an echo. Halves of nine minutes and more are not believed.
 */
public final class RoundTrips {
    /** What stands for no value. */
    public static final long NONE = (1L << 40) - 1;

    /** Two of them still fit into 40 bits. */
    private static final long LONGEST_HALF = 1L << 39;

    private static final int SUM = ROUND_TRIPS;
    private static final int SENT = ROUND_TRIPS + 8;
    private static final int LOW = ROUND_TRIPS + 24;
    private static final int COUNT = ROUND_TRIPS + 44;
    private static final int AWAITED = ROUND_TRIPS + 48;
    private static final int HIGH = ROUND_TRIPS + 56;

    private static final long LOW_MASK = 0xffff_ffffL;

    private static final int HALF = 0;
    private static final int MIN = 2;
    private static final int MAX = 3;
    private static final int CONNECT = 4;

    private long sample = NONE;

    /** With no sample taken yet; for one table, whose memory every call is given. */
    public RoundTrips() {}

    /** Sets a new record's line. */
    public static void clear(MemorySegment memory, long at) {
        memory.set(LONG, at + SUM, 0);
        memory.set(LONG, at + LOW, -1);
        memory.set(LONG, at + LOW + 8, -1);
        memory.set(LONG, at + LOW + 16, 0xffff_ffffL);
        memory.set(LONG, at + HIGH, -1);
    }

    private static void put(MemorySegment memory, long at, int field, long value) {
        memory.set(INT, at + LOW + 4L * field, (int) value);
        memory.set(BYTE, at + HIGH + field, (byte) ((int) (value >>> 32)));
    }

    /** A segment is on its way whose answer shall be timed; the flow's bits with that noted. */
    long await(
            MemorySegment memory,
            long at,
            long bits,
            int side,
            int end,
            PacketCursor packet,
            long now) {
        TcpOptions options = packet.tcpOptions();
        if (options.hasTimestamps()) {
            memory.set(LONG, at + SENT + 8L * side, now);
            memory.set(INT, at + AWAITED + 4L * side, options.timestampValue());
            return bits | FlowBits.flag(FlowBits.AWAIT_ECHO_SHIFT, side);
        }
        return awaitAcknowledgment(memory, at, bits, side, end, now);
    }

    /** The same, whether or not the segment has a timestamp. */
    long awaitAcknowledgment(
            MemorySegment memory, long at, long bits, int side, int end, long now) {
        memory.set(LONG, at + SENT + 8L * side, now);
        memory.set(INT, at + AWAITED + 4L * side, end);
        return bits | FlowBits.flag(FlowBits.AWAIT_ACK_SHIFT, side);
    }

    /** The other side has acknowledged: is it the awaited answer? */
    long answered(
            MemorySegment memory,
            long at,
            long bits,
            int side,
            int ack,
            PacketCursor packet,
            long now) {
        int awaited = memory.get(INT, at + AWAITED + 4L * side);
        if (FlowBits.has(bits, FlowBits.AWAIT_ACK_SHIFT, side)) {
            if (ack - awaited < 0) {
                return bits;
            }
            long left = bits & ~FlowBits.flag(FlowBits.AWAIT_ACK_SHIFT, side);
            return measured(memory, at, left, side, now);
        }
        TcpOptions options = packet.tcpOptions();
        long left = bits & ~FlowBits.flag(FlowBits.AWAIT_ECHO_SHIFT, side);
        if (!options.hasTimestamps()) {
            return left;
        }
        int ahead = options.timestampEcho() - awaited;
        if (ahead < 0) {
            return bits;
        }
        return ahead > 0 ? left : measured(memory, at, left, side, now);
    }

    private long measured(MemorySegment memory, long at, long bits, int side, long now) {
        long half = now - memory.get(LONG, at + SENT + 8L * side);
        if (half < 0 || half >= LONGEST_HALF) {
            return bits;
        }
        // Both low parts in one word, all high parts in another: this is a packet's path.
        long lows = memory.get(LONG, at + LOW);
        long highs = memory.get(LONG, at + HIGH);
        int count = memory.get(INT, at + COUNT);
        long other =
                (lows >>> 32 * (1 - side) & LOW_MASK) | (highs >>> 8 * (1 - side) & 0xff) << 32;
        memory.set(
                LONG, at + LOW, (lows & ~(LOW_MASK << 32 * side)) | (half & LOW_MASK) << 32 * side);
        memory.set(LONG, at + HIGH, (highs & ~(0xffL << 8 * side)) | half >>> 32 << 8 * side);
        if (other != NONE) {
            sample(memory, at, count, half + other);
        } else if (count != 0 || !isOpening(bits)) {
            sample(memory, at, count, half);
        }
        return bits;
    }

    private static boolean isOpening(long bits) {
        int state = FlowBits.state(bits);
        return state == States.SYN_SENT || state == States.SYN_RECEIVED;
    }

    private void sample(MemorySegment memory, long at, int count, long value) {
        if (count == 0 || value < field(memory, at, MIN)) {
            put(memory, at, MIN, value);
        }
        if (count == 0 || value > field(memory, at, MAX)) {
            put(memory, at, MAX, value);
        }
        memory.set(LONG, at + SUM, memory.get(LONG, at + SUM) + value);
        memory.set(INT, at + COUNT, count + 1);
        sample = value;
    }

    /** Notes how long the answer to the SYN took, if that can be believed. */
    boolean connected(MemorySegment memory, long at, long nanos) {
        boolean believed = nanos < LONGEST_HALF;
        if (believed) {
            put(memory, at, CONNECT, nanos);
        }
        return believed;
    }

    /** The round trip that the last packet completed, once; {@link #NONE} if it did not. */
    public long takeSample() {
        long taken = sample;
        sample = NONE;
        return taken;
    }

    /** How many round trips were measured. */
    public static long count(MemorySegment memory, long at) {
        return memory.get(INT, at + COUNT) & 0xffff_ffffL;
    }

    /** The sum of all. */
    public static long sum(MemorySegment memory, long at) {
        return memory.get(LONG, at + SUM);
    }

    /** The shortest; {@link #NONE} without any. */
    public static long min(MemorySegment memory, long at) {
        return field(memory, at, MIN);
    }

    /** The longest; {@link #NONE} without any. */
    public static long max(MemorySegment memory, long at) {
        return field(memory, at, MAX);
    }

    /** A side's latest half; {@link #NONE} without any. */
    public static long half(MemorySegment memory, long at, int side) {
        return field(memory, at, HALF + side);
    }

    /** From SYN to SYN-ACK; {@link #NONE} if not both were seen. */
    public static long connect(MemorySegment memory, long at) {
        return field(memory, at, CONNECT);
    }

    private static long field(MemorySegment memory, long at, int field) {
        return (memory.get(INT, at + LOW + 4L * field) & LOW_MASK)
                | (long) (memory.get(BYTE, at + HIGH + field) & 0xff) << 32;
    }
}
