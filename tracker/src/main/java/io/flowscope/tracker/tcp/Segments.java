package io.flowscope.tracker.tcp;

import static io.flowscope.tracker.table.FlowLayout.ACK;
import static io.flowscope.tracker.table.FlowLayout.HOLE_LENGTH;
import static io.flowscope.tracker.table.FlowLayout.HOLE_START;
import static io.flowscope.tracker.table.FlowLayout.INITIAL_SEQUENCE;
import static io.flowscope.tracker.table.FlowLayout.INT;
import static io.flowscope.tracker.table.FlowLayout.LONG;
import static io.flowscope.tracker.table.FlowLayout.NEXT;
import static io.flowscope.tracker.table.FlowLayout.SHORT;
import static io.flowscope.tracker.table.FlowLayout.STARTED;
import static io.flowscope.tracker.table.FlowLayout.WINDOW;

import io.flowscope.tracker.packet.PacketCursor;
import io.flowscope.tracker.packet.TcpOptions;
import io.flowscope.tracker.table.Carries;
import io.flowscope.tracker.table.FlowBits;
import io.flowscope.tracker.table.FlowTable;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;

/**
 * Applies a TCP segment to its flow's record. Per side the record knows the next sequence number
 * (the one after the highest seen), the highest acknowledgment and the window; per flow one hole,
 * the newest, so that a late segment is told from a repeated one.
 *
 * <ul>
 *   <li>A segment at the next number is in order. One beyond it leaves a hole; one more than {@link
 *       #DISTANT_BYTES} beyond is not believed until the segment that follows it arrives as well.
 *   <li>A segment before the next number is out of order if it begins in the hole, a keep-alive if
 *       it is one byte directly before, else a retransmission.
 *   <li>An acknowledgment of bytes that were not seen is a gap; the numbers go on behind it.
 * </ul>
 */
public final class Segments {
    /** How far beyond the next number a segment is believed without a second one. */
    public static final int DISTANT_BYTES = 1 << 20;

    /** Finding: the segment is later than its successors. */
    public static final int OUT_OF_ORDER = 1;

    /** Finding: the segment was sent before. */
    public static final int RETRANSMITTED = 2;

    /** Finding: the segment is too far ahead to be believed. */
    public static final int OUT_OF_WINDOW = 4;

    /** Finding: a RST outside the window. */
    public static final int RESET_IGNORED = 8;

    /** Finding: the other side's bytes were acknowledged and not seen. */
    public static final int GAP = 16;

    /** Finding: the answer to the SYN has come, see {@link #connectNanos}. */
    public static final int CONNECTED = 32;

    /** Verdict: the segment is ordinary. */
    public static final int ORDINARY = 1;

    /** Verdict: the segment acknowledges more than was. */
    public static final int PROGRESS = 2;

    static final int FIN_FLAG = 1;
    static final int SYN_FLAG = 2;
    static final int RST_FLAG = 4;
    static final int ACK_FLAG = 16;

    private static final int NOT_ORDINARY_FLAGS = FIN_FLAG | SYN_FLAG | RST_FLAG | ACK_FLAG;
    private static final int ORDINARY_STATES = (1 << States.ACTIVE) | (1 << States.ESTABLISHED);

    /** A hole, or a side that has sent its FIN. */
    private static final long NOT_ORDINARY = FlowBits.HOLE | (3L << FlowBits.FIN_SHIFT);

    private final MemorySegment memory;
    private final FlowTable table;
    private final Counters counters;
    private final @Nullable RoundTrips roundTrips;
    private int findings;
    private int letters;
    private long connectNanos;

    /** For one table; without round trips they are not measured. */
    public Segments(FlowTable table, Carries carries, @Nullable RoundTrips roundTrips) {
        this.table = table;
        this.memory = table.memory();
        this.counters = new Counters(memory, carries);
        this.roundTrips = roundTrips;
    }

    /** What the last segment showed, as a set of findings. */
    public int findings() {
        return findings;
    }

    /** How long the answer to the SYN took; valid with {@link #CONNECTED}. */
    public long connectNanos() {
        return connectNanos;
    }

    /**
     * Whether a segment is ordinary: of an open connection without holes, in order or without
     * payload, not its side's first acknowledgment, no flags but ACK and PSH, nothing new for the
     * history, so that it changes nothing but numbers. Changes nothing.
     *
     * @return 0 if it is not, else {@link #ORDINARY}, with {@link #PROGRESS} if it acknowledges
     *     more than was
     */
    public int judge(MemorySegment memory, long at, long bits, int side, PacketCursor packet) {
        int payload = packet.payloadLength();
        int letter = Letters.bit(payload == 0 ? Letters.ACK : Letters.DATA, side);
        long known =
                FlowBits.flag(FlowBits.ACK_SHIFT, side) | (long) letter << FlowBits.LETTERS_SHIFT;
        if ((packet.tcpFlags() & NOT_ORDINARY_FLAGS) != ACK_FLAG
                || (bits & (NOT_ORDINARY | known)) != known
                || ((ORDINARY_STATES >>> FlowBits.state(bits)) & 1) == 0
                || packet.tcpWindow() == 0) {
            return 0;
        }
        long next = memory.get(LONG, at + NEXT);
        int own = (int) (next >>> (32 * side));
        int others = (int) (next >>> (32 * (1 - side)));
        if (payload != 0 && packet.tcpSequence() != own) {
            return 0;
        }
        int ack = packet.tcpAcknowledgment();
        int progress = ack - memory.get(INT, at + ACK + 4L * side);
        // An acknowledgment that repeats the last one counts while something is outstanding.
        if (ack - others > 0 || (progress == 0 && payload == 0 && ack != others)) {
            return 0;
        }
        return progress > 0 ? ORDINARY | PROGRESS : ORDINARY;
    }

    /** Applies a segment that was judged ordinary; the flow's bits afterwards. */
    public long applyOrdinary(
            MemorySegment memory,
            long at,
            long before,
            int side,
            PacketCursor packet,
            int verdict,
            long now) {
        long bits = before;
        int payload = packet.payloadLength();
        RoundTrips trips = roundTrips;
        if (payload != 0) {
            int next = packet.tcpSequence() + payload;
            memory.set(INT, at + NEXT + 4L * side, next);
            if (trips != null && !awaits(bits, side)) {
                bits = trips.await(memory, at, bits, side, next, packet, now);
            }
        }
        if ((verdict & PROGRESS) != 0) {
            int ack = packet.tcpAcknowledgment();
            memory.set(INT, at + ACK + 4L * side, ack);
            if (trips != null && awaits(bits, 1 - side)) {
                bits = trips.answered(memory, at, bits, 1 - side, ack, packet, now);
            }
        }
        return bits;
    }

    /**
     * Applies one segment.
     *
     * @param record the flow's record
     * @param at where it begins
     * @param before the flow's bits
     * @param side 0 if the initiator sent it
     * @param packet the segment, its TCP header present
     * @param now its time
     * @return the flow's bits afterwards
     */
    public long apply(int record, long at, long before, int side, PacketCursor packet, long now) {
        findings = 0;
        long bits = applyAny(record, at, before, side, packet, now);
        return memory.get(INT, at + HOLE_LENGTH) == 0
                ? bits & ~FlowBits.HOLE
                : bits | FlowBits.HOLE;
    }

    private long applyAny(
            int record, long at, long before, int side, PacketCursor packet, long now) {
        int flags = packet.tcpFlags();
        if ((flags & (SYN_FLAG | RST_FLAG)) != 0) {
            return (flags & RST_FLAG) != 0
                    ? Letters.add(
                            memory,
                            at,
                            reset(at, before, side, packet),
                            Letters.bit(Letters.RST, side))
                    : syn(record, at, before, side, packet, now);
        }
        int payload = packet.payloadLength();
        int size = payload + (flags & FIN_FLAG);
        long bits = before;
        letters = size == 0 ? Letters.bit(Letters.ACK, side) : 0;
        if (size != 0) {
            bits = sequence(record, at, bits, side, packet, size, now);
            if (packet.fragmented()) {
                // How far it reaches, its later fragments would have to say.
                bits &= ~FlowBits.flag(FlowBits.NEXT_SHIFT, side);
            }
        }
        if ((flags & ACK_FLAG) != 0) {
            bits = acknowledge(record, at, bits, side, packet, size == 0, now);
        }
        int window = packet.tcpWindow();
        memory.set(SHORT, at + WINDOW + 2L * side, (short) window);
        if (window == 0) {
            bits = zeroWindow(record, at, bits, side);
        }
        bits = Letters.add(memory, at, bits, letters);
        if (FlowBits.state(bits) != States.ESTABLISHED || (flags & FIN_FLAG) != 0) {
            return advance(at, bits, side, flags, payload);
        }
        return bits;
    }

    private long zeroWindow(int record, long at, long bits, int side) {
        letters |= Letters.bit(Letters.ZERO_WINDOW, side);
        return counters.increment(record, at, bits, Counters.ZERO_WINDOWS, side);
    }

    /** Payload or FIN. */
    private long sequence(
            int record, long at, long bits, int side, PacketCursor packet, int size, long now) {
        int sequence = packet.tcpSequence();
        int payload = packet.payloadLength();
        if (payload != 0) {
            letters |= Letters.bit(Letters.DATA, side);
        }
        if (size != payload) {
            letters |= Letters.bit(Letters.FIN, side);
        }
        long nextAt = at + NEXT + 4L * side;
        long known = FlowBits.flag(FlowBits.NEXT_SHIFT, side);
        if (sequence != memory.get(INT, nextAt) && (bits & known) != 0) {
            return displaced(record, at, bits, side, packet, size);
        }
        if (FlowBits.has(bits, FlowBits.FIN_SHIFT, side)) {
            return bits;
        }
        memory.set(INT, nextAt, sequence + size);
        long after = bits | known;
        if (size != payload) {
            after |= FlowBits.flag(FlowBits.FIN_SHIFT, side);
        }
        RoundTrips trips = roundTrips;
        if (trips != null && payload != 0 && !awaits(bits, side)) {
            return trips.await(memory, at, after, side, sequence + payload, packet, now);
        }
        return after;
    }

    private static boolean awaits(long bits, int side) {
        return ((bits >>> (FlowBits.AWAIT_ACK_SHIFT + side)) & 5) != 0;
    }

    private long displaced(
            int record, long at, long bits, int side, PacketCursor packet, int size) {
        int distance = packet.tcpSequence() - memory.get(INT, at + NEXT + 4L * side);
        if (distance > 0) {
            return FlowBits.has(bits, FlowBits.FIN_SHIFT, side)
                    ? bits
                    : ahead(record, at, bits, side, packet, size, distance);
        }
        return behind(record, at, bits, side, packet, size);
    }

    private long ahead(
            int record, long at, long bits, int side, PacketCursor packet, int size, int distance) {
        int sequence = packet.tcpSequence();
        long far = table.farAt(record);
        boolean ours = FlowBits.has(bits, FlowBits.HOLE_SIDE_SHIFT, 0) == (side == 1);
        long after = bits & ~FlowBits.DISTANT & ~FlowBits.flag(FlowBits.HOLE_SIDE_SHIFT, 0);
        after |= FlowBits.flag(FlowBits.HOLE_SIDE_SHIFT, 0) * side;
        if (distance > DISTANT_BYTES) {
            boolean second =
                    (bits & FlowBits.DISTANT) != 0
                            && ours
                            && memory.get(INT, far + HOLE_START) == sequence;
            memory.set(INT, at + HOLE_LENGTH, 0);
            if (!second) {
                findings |= OUT_OF_WINDOW;
                memory.set(INT, far + HOLE_START, sequence + size);
                return after | FlowBits.DISTANT;
            }
        } else {
            int length = memory.get(INT, at + HOLE_LENGTH);
            int start = memory.get(INT, far + HOLE_START);
            boolean extend = length != 0 && ours && sequence - start <= DISTANT_BYTES;
            if (!extend) {
                start = memory.get(INT, at + NEXT + 4L * side);
                memory.set(INT, far + HOLE_START, start);
            }
            memory.set(INT, at + HOLE_LENGTH, sequence - start);
        }
        memory.set(INT, at + NEXT + 4L * side, sequence + size);
        return withFin(after, side, packet);
    }

    private static long withFin(long bits, int side, PacketCursor packet) {
        return (packet.tcpFlags() & FIN_FLAG) == 0
                ? bits
                : bits | FlowBits.flag(FlowBits.FIN_SHIFT, side);
    }

    private long behind(int record, long at, long bits, int side, PacketCursor packet, int size) {
        long nextAt = at + NEXT + 4L * side;
        int next = memory.get(INT, nextAt);
        int sequence = packet.tcpSequence();
        if (size == 1 && packet.payloadLength() == 1 && sequence + 1 == next) {
            return bits;
        }
        long after = bits & ~FlowBits.flag(FlowBits.AWAIT_ACK_SHIFT, side);
        if (fillsHole(record, at, bits, side, sequence, size)) {
            findings |= OUT_OF_ORDER;
            after = counters.increment(record, at, after, Counters.OUT_OF_ORDER, side);
        } else {
            findings |= RETRANSMITTED;
            if (packet.payloadLength() != 0) {
                letters |= Letters.bit(Letters.RETRANSMISSION, side);
            }
            after = counters.increment(record, at, after, Counters.RETRANSMISSIONS, side);
        }
        if (sequence + size - next > 0 && !FlowBits.has(bits, FlowBits.FIN_SHIFT, side)) {
            memory.set(INT, nextAt, sequence + size);
        }
        return withFin(after, side, packet);
    }

    /** Whether a segment begins in the remembered hole, which becomes smaller by it. */
    private boolean fillsHole(int record, long at, long bits, int side, int sequence, int size) {
        int length = memory.get(INT, at + HOLE_LENGTH);
        if (length == 0 || FlowBits.has(bits, FlowBits.HOLE_SIDE_SHIFT, 0) != (side == 1)) {
            return false;
        }
        long startAt = table.farAt(record) + HOLE_START;
        int start = memory.get(INT, startAt);
        int offset = sequence - start;
        if (offset < 0 || offset >= length) {
            return false;
        }
        if (offset == 0) {
            int filled = Math.min(size, length);
            memory.set(INT, startAt, start + filled);
            memory.set(INT, at + HOLE_LENGTH, length - filled);
        } else if (offset + (long) size >= length) {
            memory.set(INT, at + HOLE_LENGTH, offset);
        }
        return true;
    }

    private long acknowledge(
            int record, long at, long bits, int side, PacketCursor packet, boolean pure, long now) {
        int ack = packet.tcpAcknowledgment();
        long ackAt = at + ACK + 4L * side;
        long known = FlowBits.flag(FlowBits.ACK_SHIFT, side);
        int progress = ack - memory.get(INT, ackAt);
        if (progress <= 0 && (bits & known) != 0) {
            if (progress == 0 && pure && isDuplicate(at, bits, side, ack, packet.tcpWindow())) {
                return counters.increment(record, at, bits, Counters.DUPLICATE_ACKS, side);
            }
            return bits;
        }
        memory.set(INT, ackAt, ack);
        long after = bits | known;
        int other = 1 - side;
        if (ack - memory.get(INT, at + NEXT + 4L * other) > 0
                || memory.get(INT, at + HOLE_LENGTH) != 0) {
            after = acknowledgedUnseen(record, at, after, other, ack);
        }
        RoundTrips trips = roundTrips;
        if (trips != null && awaits(bits, other)) {
            return trips.answered(memory, at, after, other, ack, packet, now);
        }
        return after;
    }

    private boolean isDuplicate(long at, long bits, int side, int ack, int window) {
        int other = 1 - side;
        return window == (memory.get(SHORT, at + WINDOW + 2L * side) & 0xffff)
                && FlowBits.has(bits, FlowBits.NEXT_SHIFT, other)
                && memory.get(INT, at + NEXT + 4L * other) - ack > 0;
    }

    /** The sender's bytes were received by the other side, but perhaps not all were seen here. */
    private long acknowledgedUnseen(int record, long at, long bits, int sender, int ack) {
        long after = bits;
        int length = memory.get(INT, at + HOLE_LENGTH);
        if (length != 0 && FlowBits.has(bits, FlowBits.HOLE_SIDE_SHIFT, 0) == (sender == 1)) {
            int start = memory.get(INT, table.farAt(record) + HOLE_START);
            if (ack - (start + length) >= 0) {
                memory.set(INT, at + HOLE_LENGTH, 0);
                after = gap(sender, after);
            }
        }
        long nextAt = at + NEXT + 4L * sender;
        int state = FlowBits.state(bits);
        if (FlowBits.has(bits, FlowBits.NEXT_SHIFT, sender)
                && !FlowBits.has(bits, FlowBits.FIN_SHIFT, sender)
                && ack - memory.get(INT, nextAt) > 0
                && state != States.SYN_SENT
                && state != States.SYN_RECEIVED) {
            memory.set(INT, nextAt, ack);
            after = gap(sender, after);
        }
        return after;
    }

    private long gap(int sender, long bits) {
        findings |= GAP;
        letters |= Letters.bit(Letters.GAP, sender);
        return bits & ~FlowBits.flag(FlowBits.AWAIT_ACK_SHIFT, sender);
    }

    private long syn(int record, long at, long before, int side, PacketCursor packet, long now) {
        int flags = packet.tcpFlags();
        boolean answer = (flags & ACK_FLAG) != 0;
        int payload = packet.payloadLength();
        letters = Letters.bit(answer ? Letters.SYN_ACK : Letters.SYN, side);
        if (payload != 0) {
            letters |= Letters.bit(Letters.DATA, side);
        }
        long bits = synSequence(record, at, before, side, packet, now);
        if (answer) {
            if (side == 1 && FlowBits.state(bits) == States.SYN_SENT) {
                connected(record, at, bits, now);
            }
            bits = acknowledge(record, at, bits, side, packet, false, now);
        }
        memory.set(SHORT, at + WINDOW + 2L * side, (short) packet.tcpWindow());
        return Letters.add(memory, at, afterSyn(bits, side, answer), letters);
    }

    private static long afterSyn(long bits, int side, boolean answer) {
        int state = FlowBits.state(bits);
        if (state == States.ACTIVE) {
            return answer
                    ? FlowBits.withState(bits, States.SYN_RECEIVED)
                    : side == 0 ? FlowBits.withState(bits, States.SYN_SENT) : bits;
        }
        return state == States.SYN_SENT && side == 1
                ? FlowBits.withState(bits, States.SYN_RECEIVED)
                : bits;
    }

    private long synSequence(
            int record, long at, long bits, int side, PacketCursor packet, long now) {
        int sequence = packet.tcpSequence();
        int end = sequence + 1 + packet.payloadLength();
        long nextAt = at + NEXT + 4L * side;
        int next = memory.get(INT, nextAt);
        if (FlowBits.has(bits, FlowBits.SYN_SHIFT, side)) {
            int back = next - sequence;
            if (back > 0 && back <= DISTANT_BYTES) {
                findings |= RETRANSMITTED;
                if (packet.payloadLength() != 0) {
                    letters |= Letters.bit(Letters.RETRANSMISSION, side);
                }
                long after = bits & ~FlowBits.flag(FlowBits.AWAIT_ACK_SHIFT, side);
                return counters.increment(record, at, after, Counters.RETRANSMISSIONS, side);
            }
            return bits;
        }
        TcpOptions options = packet.tcpOptions();
        int scale = options.hasWindowScale() ? options.windowScale() : FlowBits.NO_SCALE;
        long after = bits | FlowBits.flag(FlowBits.SYN_SHIFT, side);
        after &= ~(15L << (FlowBits.SCALE_SHIFT + 4 * side));
        after |= (long) scale << (FlowBits.SCALE_SHIFT + 4 * side);
        if (side == 0) {
            memory.set(INT, table.farAt(record) + INITIAL_SEQUENCE, sequence);
        }
        if (!FlowBits.has(bits, FlowBits.NEXT_SHIFT, side)) {
            memory.set(INT, nextAt, end);
            after |= FlowBits.flag(FlowBits.NEXT_SHIFT, side);
            RoundTrips trips = roundTrips;
            if (trips != null) {
                after = trips.awaitAcknowledgment(memory, at, after, side, sequence + 1, now);
            }
        }
        return after;
    }

    private void connected(int record, long at, long bits, long now) {
        RoundTrips trips = roundTrips;
        if (trips != null && (bits & FlowBits.FLIPPED) == 0) {
            connectNanos = Math.max(0, now - memory.get(LONG, table.farAt(record) + STARTED));
            if (trips.connected(memory, at, connectNanos)) {
                findings |= CONNECTED;
            }
        }
    }

    private long reset(long at, long bits, int side, PacketCursor packet) {
        if (FlowBits.state(bits) >= States.CLOSED) {
            return bits;
        }
        if (isOutsideWindow(at, bits, side, packet.tcpSequence())) {
            findings |= RESET_IGNORED;
            return bits;
        }
        return FlowBits.withState(bits, States.RESET);
    }

    private boolean isOutsideWindow(long at, long bits, int side, int sequence) {
        int other = 1 - side;
        boolean bothSyns = (bits >>> FlowBits.SYN_SHIFT & 3) == 3;
        if (!bothSyns || !FlowBits.has(bits, FlowBits.ACK_SHIFT, other)) {
            return false;
        }
        if (sequence == memory.get(INT, at + NEXT + 4L * side)) {
            return false;
        }
        int scale = FlowBits.scale(bits, other);
        boolean scaled =
                scale != FlowBits.NO_SCALE && FlowBits.scale(bits, side) != FlowBits.NO_SCALE;
        int window = (memory.get(SHORT, at + WINDOW + 2L * other) & 0xffff) << (scaled ? scale : 0);
        int distance = sequence - memory.get(INT, at + ACK + 4L * other);
        return distance < 0 || distance > window;
    }

    /** The state after a segment without SYN and RST. */
    private long advance(long at, long bits, int side, int flags, int payload) {
        int state = FlowBits.state(bits);
        if (state >= States.CLOSED) {
            return bits;
        }
        int fins = (int) (bits >>> FlowBits.FIN_SHIFT) & 3;
        if (fins == 3) {
            boolean closed = finAcknowledged(at, bits, 0) && finAcknowledged(at, bits, 1);
            return FlowBits.withState(bits, closed ? States.CLOSED : States.CLOSING);
        }
        if (fins != 0) {
            return FlowBits.withState(bits, States.FIN_WAIT);
        }
        boolean ack = (flags & ACK_FLAG) != 0;
        boolean opened =
                state == States.SYN_RECEIVED
                        ? ack
                        : state == States.SYN_SENT && ack && (side == 0 || payload != 0);
        return opened ? FlowBits.withState(bits, States.ESTABLISHED) : bits;
    }

    private boolean finAcknowledged(long at, long bits, int side) {
        int other = 1 - side;
        return FlowBits.has(bits, FlowBits.ACK_SHIFT, other)
                && memory.get(INT, at + ACK + 4L * other) - memory.get(INT, at + NEXT + 4L * side)
                        >= 0;
    }
}
