package io.flowscope.tracker.table;

/**
 * State and flags of a flow in one word, so that a packet reads and writes them once.
 *
 * <pre>
 *   63    60  58    57      56   55     50     46     45  44  40    22      14    12  10   8   6   5    4   1     0
 *   +------+-----+-------+----+------+------+------+-------+----+-----+-------+-----+---+----+---+---+----+---+-----+
 *   | turn |local|carried|hole|paused|tunnel|failed|distant|hole|await|letters|scale|ack|next|fin|syn|flip|2nd|state|live|
 *   +------+-----+-------+----+------+------+------+-------+----+-----+-------+-----+---+----+---+---+----+---+-----+
 * </pre>
 *
 * <p>Where there is one flag per side, the initiator's is the lower bit and the responder's is that
 * shifted by one.
 */
public final class FlowBits {
    /** The record holds a flow. */
    public static final long LIVE = 1;

    /** Three bits: ordinal of the TCP state. */
    public static final int STATE_SHIFT = 1;

    /** Mask of the state before shifting. */
    public static final long STATE_MASK = 7L << STATE_SHIFT;

    /** The initiator is the second end of the key. */
    public static final long INITIATOR_SECOND = 1L << 4;

    /** The first packet was a SYN-ACK and its receiver was taken for the initiator. */
    public static final long FLIPPED = 1L << 5;

    /** Per side: its SYN was seen. */
    public static final int SYN_SHIFT = 6;

    /** Per side: its FIN was seen. */
    public static final int FIN_SHIFT = 8;

    /** Per side: the next sequence number is known. */
    public static final int NEXT_SHIFT = 10;

    /** Per side: it has acknowledged something. */
    public static final int ACK_SHIFT = 12;

    /** Per side four bits: the announced window scale, 15 if none was. */
    public static final int SCALE_SHIFT = 14;

    /** The scale that stands for none announced. */
    public static final int NO_SCALE = 15;

    /** 18 bits: the letters of the history that are in it. */
    public static final int LETTERS_SHIFT = 22;

    /** Mask of the letters after shifting down. */
    public static final long LETTERS_MASK = (1L << 18) - 1;

    /** Per side: a round trip is awaited by acknowledgment. */
    public static final int AWAIT_ACK_SHIFT = 40;

    /** Per side: a round trip is awaited by echoed timestamp. */
    public static final int AWAIT_ECHO_SHIFT = 42;

    /** All four flags of awaited round trips. */
    public static final long AWAIT_MASK = 0xfL << AWAIT_ACK_SHIFT;

    /** The remembered hole, or the distant segment, is the responder's. */
    public static final int HOLE_SIDE_SHIFT = 44;

    /** The far part remembers the end of a segment beyond the window instead of a hole. */
    public static final long DISTANT = 1L << 45;

    /** Two bits: 0, or what failed first, see {@link #FAILED_OVERFLOW}. */
    public static final int FAILURE_SHIFT = 46;

    /** Value of the failure: a stream's buffer overflowed under dropFlow. */
    public static final int FAILED_OVERFLOW = 1;

    /** Value of the failure: a parser failed. */
    public static final int FAILED_PARSE = 2;

    /** TCP with its life cycle. */
    public static final long TCP = 1L << 48;

    /** Five bits: ordinal of the encapsulation plus one, 0 for none. */
    public static final int TUNNEL_SHIFT = 50;

    /** The user wants no packet events of this flow. */
    public static final long PAUSED = 1L << 55;

    /** A hole is remembered: {@link FlowLayout#HOLE_LENGTH} is not 0. */
    public static final long HOLE = 1L << 56;

    /** Part of a counter was carried over. */
    public static final long CARRIED = 1L << 57;

    /** Per side: the address is this host's. */
    public static final int LOCAL_SHIFT = 58;

    /** Of both sides. */
    public static final long LOCAL = 3L << LOCAL_SHIFT;

    /** Four bits that differ between a record's flow and the next flow in it. */
    public static final long TURN_MASK = 15L << 60;

    /** Added to the bits, and masked, it gives the next flow's turn. */
    public static final long TURN_STEP = 1L << 60;

    private FlowBits() {}

    /** The state's ordinal. */
    public static int state(long bits) {
        return (int) (bits >>> STATE_SHIFT) & 7;
    }

    /** The bits with another state. */
    public static long withState(long bits, int state) {
        return (bits & ~STATE_MASK) | ((long) state << STATE_SHIFT);
    }

    /** Whether a per-side flag is set. */
    public static boolean has(long bits, int shift, int side) {
        return ((bits >>> (shift + side)) & 1) != 0;
    }

    /** A per-side flag. */
    public static long flag(int shift, int side) {
        return 1L << (shift + side);
    }

    /** The announced window scale of a side. */
    public static int scale(long bits, int side) {
        return (int) (bits >>> (SCALE_SHIFT + 4 * side)) & 15;
    }
}
