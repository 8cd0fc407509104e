package io.flowscope.tracker.stream.reassembly;

/**
 * One side of a stream: 256 bytes in a slab of {@link StreamRecords}. The first line is all that a
 * segment in order touches; the second describes a hole; the others count and link.
 *
 * <pre>
 *   0          8         12      16          24                   56      60          64
 *   +----------+---------+-------+-----------+--------------------+-------+-----------+
 *   | next     | nextSeq | flags | delivered | samples (2 × 16)   | held  | directory |
 *   +----------+---------+-------+-----------+--------------------+-------+-----------+
 *   64          72        80          88         96        104        112   120       124
 *   +-----------+---------+-----------+----------+---------+----------+-----+---------+-------+
 *   | firstHeld | heldEnd | holeSince | ackSince | ackEnd  | lostEnd  | fin | lastAck | far   |
 *   +-----------+---------+-----------+----------+---------+----------+-----+---------+-------+
 *   128         136        144          152        160        168       176     180
 *   +-----------+----------+------------+----------+----------+---------+-------+-------------+
 *   | duplicate | oversize | outOfOrder | gapBytes | conflict | ignored | gaps  | highWater   |
 *   +-----------+----------+------------+----------+----------+---------+-------+-------------+
 *   184       192       200         208        216      220     224      228     232      240
 *   +---------+---------+-----------+----------+--------+-------+--------+-------+--------+---+
 *   | (free)  | ackLink | stallLink | sizeLink | bucket | pages | buffer | from  | length |   |
 *   +---------+---------+-----------+----------+--------+-------+--------+-------+--------+---+
 * </pre>
 *
 * <p>Positions are stream offsets (64 bits), sequence numbers are as on the wire (32 bits, they
 * wrap): {@code next} and {@code nextSeq} name the same byte and translate one into the other.
 */
final class SideRecord {
    static final int BYTES = 256;

    /** long: offset of the next byte that is due. */
    static final int NEXT = 0;

    /** int: its sequence number. */
    static final int NEXT_SEQ = 8;

    /** int: the bits below. */
    static final int FLAGS = 12;

    /** long: payload bytes handed over. */
    static final int DELIVERED = 16;

    /** Twice (offset × 16 + count, up to eight bytes): how the last segments in order began. */
    static final int SAMPLES = 24;

    /** int: payload bytes that wait. */
    static final int HELD = 56;

    /** int: the block that finds the pages; 0 if nothing ever waited, or nothing does. */
    static final int DIRECTORY = 60;

    /** long: offset of the first waiting byte; meaningless if none waits, like HELD_END. */
    static final int FIRST_HELD = 64;

    /** long: offset behind the last waiting byte. */
    static final int HELD_END = 72;

    /** long: time of the last progress, while the side is in the list of stalled ones. */
    static final int HOLE_SINCE = 80;

    /** long: since when the hole is acknowledged, while the side is in that list. */
    static final int ACK_SINCE = 88;

    /** long: offset up to which the other end has acknowledged. */
    static final int ACK_END = 96;

    /** long: up to here, what does not wait already was cut off by the capture. */
    static final int LOST_END = 104;

    /** long: offset of the FIN. */
    static final int FIN = 112;

    /** int: acknowledgment number last seen beyond NEXT_SEQ. */
    static final int LAST_ACK = 120;

    /** int: sequence number that would continue the last segment outside the window. */
    static final int FAR = 124;

    static final int DUPLICATE = 128;
    static final int OVERSIZE = 136;
    static final int OUT_OF_ORDER = 144;
    static final int GAP_BYTES = 152;
    static final int CONFLICT = 160;
    static final int IGNORED = 168;

    /** int. */
    static final int GAPS = 176;

    /** int. */
    static final int HIGH_WATER = 180;

    /** Two ints each: previous and next side of a {@link SideList}. */
    static final int ACK_LINK = 192;

    static final int STALL_LINK = 200;
    static final int SIZE_LINK = 208;

    /** int: in which list of {@link LargestSides} it is; 0 if it holds no memory. */
    static final int SIZE_BUCKET = 216;

    /** int: bytes of pool blocks that this side has. */
    static final int POOL_BYTES = 220;

    /** int: the block with unconsumed bytes, or 0. */
    static final int BUFFER = 224;

    /** int: where they begin in it. */
    static final int BUFFER_FROM = 228;

    /** int: how many they are; they end at NEXT. */
    static final int BUFFER_LENGTH = 232;

    /** The stream has an offset 0. */
    static final int ANCHORED = 1;

    /** Offset 0 is known from a SYN. */
    static final int SYN_SEEN = 1 << 1;

    /** FIN holds an offset that is not reached yet, or ended the side. */
    static final int FIN_SEEN = 1 << 2;

    /** The side has ended; its consumer has been told. */
    static final int ENDED = 1 << 3;

    /** Ended by a limit of memory: what still comes counts as oversize. */
    static final int OVERFLOWED = 1 << 4;

    /** Ended by its FIN: what still comes is a duplicate or out of order. */
    static final int FINISHED = 1 << 5;

    /** HELD is not 0. */
    static final int HOLDING = 1 << 6;

    /** ACK_END is beyond NEXT. */
    static final int ACKED_BEYOND = 1 << 7;

    /** LAST_ACK is set. */
    static final int ACK_KNOWN = 1 << 8;

    /** FAR is set. */
    static final int FAR_KNOWN = 1 << 9;

    /** Bytes wait until acknowledged, also in order. */
    static final int GATED = 1 << 10;

    /** BUFFER_LENGTH is not 0. */
    static final int BUFFERING = 1 << 11;

    /** The next sample goes to the second place. */
    static final int SAMPLE_TURN = 1 << 12;

    /** Is in the list of acknowledged holes. */
    static final int IN_ACKED = 1 << 13;

    /** Is in the list of holes that may stall. */
    static final int IN_STALLED = 1 << 14;

    /** The high-water mark was reported. */
    static final int MARKED = 1 << 15;

    /** What must be just so for the short way: {@code (flags & USUAL_MASK) == ANCHORED}. */
    static final int USUAL_MASK =
            ANCHORED | FIN_SEEN | ENDED | HOLDING | ACKED_BEYOND | GATED | BUFFERING;

    private SideRecord() {}
}
