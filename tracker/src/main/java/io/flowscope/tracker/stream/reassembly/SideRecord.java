package io.flowscope.tracker.stream.reassembly;

import java.nio.ByteOrder;

/**
 * One side of a stream. The records of both sides lie in one another: each line of 64 bytes has 32
 * of the initiator's and behind them 32 of the responder's, so that a segment in order and what it
 * acknowledges touch the first line only. The second line describes a hole; the others count and
 * link. One side's halves, with what to add to {@link StreamRecords#offset}:
 *
 * <pre>
 *     0           8           16          20         24          32
 *     +-----------+-----+-----+-----------+----------+-----------+
 *   0 | base      |nextSeq flags| baseSeq | held     | sample    |
 *     +-----------+-----------+-----------+----------+-----------+
 *  64 | firstHeld | heldEnd   | holeSince            | ackSince  |
 *     +-----------+-----------+-----------+----------+-----------+
 * 128 | ackEnd    | lostEnd   | fin                  |lastAck far|
 *     +-----------+-----------+----------------------+-----------+
 * 192 | duplicate | oversize  | outOfOrder           | gapBytes  |
 *     +-----------+-----------+-----------+----------+-----------+
 * 256 | conflict  | ignored   | gaps      | highWater| taken     |
 *     +-----------+-----------+-----------+----------+-----------+
 * 320 | ackLink   | stallLink | sizeLink             |bucket pool|
 *     +-----------+-----------+-----------+----------+-----------+
 * 384 |buffer from|len. direc.| drops                |           |
 *     +-----------+-----------+----------------------+-----------+
 * </pre>
 *
 * <p>Positions are stream offsets (64 bits), sequence numbers are as on the wire (32 bits, they
 * wrap). What is due next is known by its sequence number; its offset is {@code base} plus how far
 * {@code nextSeq} is from {@code baseSeq} ({@link StreamRecords#next}), so that a segment in order
 * writes one long.
 */
final class SideRecord {
    /** Bytes of both sides. */
    static final int PAIR_BYTES = 7 * 64;

    /** How far the responder's fields are behind the initiator's. */
    static final int STEP_BYTES = 32;

    /** long: offset of the byte that BASE_SEQ names, which is due or less than 4 GiB before it. */
    static final int BASE = 0;

    /** int: sequence number of the next byte that is due. */
    static final int NEXT_SEQ = 8;

    /** int: the bits below, and in the upper ones the length of the last segment in order. */
    static final int FLAGS = 12;

    /**
     * long: both of them in one; see {@link #seq} and {@link #flags}. Where it was written in
     * halves shortly before, reading it whole costs a stall.
     */
    static final int SEQ_AND_FLAGS = NEXT_SEQ;

    /** int. */
    static final int BASE_SEQ = 16;

    /** int: payload bytes that wait. */
    static final int HELD = 20;

    /** long: the first bytes of the last segment in order, up to eight, the first one lowest. */
    static final int SAMPLE = 24;

    /** long: offset of the first waiting byte; meaningless if none waits, like HELD_END. */
    static final int FIRST_HELD = 64;

    /** long: offset behind the last waiting byte. */
    static final int HELD_END = 72;

    /** long: time of the last progress, while the side is in the list of stalled ones. */
    static final int HOLE_SINCE = 80;

    /** long: since when the hole is acknowledged, while the side is in that list. */
    static final int ACK_SINCE = 88;

    /** long: offset up to which the other end has acknowledged. */
    static final int ACK_END = 128;

    /** long: up to here, what does not wait already was cut off by the capture. */
    static final int LOST_END = 136;

    /** long: offset of the FIN. */
    static final int FIN = 144;

    /**
     * long: until a FIN is known, where the stream began by the SYN before this one, 0 for none.
     */
    static final int OTHER_SYN = FIN;

    /** int: acknowledgment number last seen beyond NEXT_SEQ. */
    static final int LAST_ACK = 152;

    /** int: sequence number that would continue the last segment outside the window. */
    static final int FAR = 156;

    static final int DUPLICATE = 192;
    static final int OVERSIZE = 200;
    static final int OUT_OF_ORDER = 208;
    static final int GAP_BYTES = 216;
    static final int CONFLICT = 256;
    static final int IGNORED = 264;

    /** int. */
    static final int GAPS = 272;

    /** int. */
    static final int HIGH_WATER = 276;

    /**
     * long: bytes before the next one due that were neither delivered nor gaps, but lost to a
     * limit.
     */
    static final int TAKEN = 280;

    /** Two ints each: previous and next side of a {@link SideList}. */
    static final int ACK_LINK = 320;

    static final int STALL_LINK = 328;
    static final int SIZE_LINK = 336;

    /** int: in which list of {@link LargestSides} it is; 0 if it holds no memory. */
    static final int SIZE_BUCKET = 344;

    /** int: bytes of pool blocks that this side has. */
    static final int POOL_BYTES = 348;

    /** int: the block with unconsumed bytes, or 0. */
    static final int BUFFER = 384;

    /** int: where they begin in it. */
    static final int BUFFER_FROM = 388;

    /** int: how many they are; they end at the byte due next. */
    static final int BUFFER_LENGTH = 392;

    /** int: the block that finds the pages; 0 if nothing ever waited, or nothing does. */
    static final int DIRECTORY = 396;

    /** long: how often OUT_OF_ORDER has grown. */
    static final int DROPS = 400;

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

    /** ACK_END is beyond what is due. */
    static final int ACKED_BEYOND = 1 << 7;

    /** LAST_ACK is set. */
    static final int ACK_KNOWN = 1 << 8;

    /** FAR is set. */
    static final int FAR_KNOWN = 1 << 9;

    /** Bytes wait until acknowledged, also in order. */
    static final int GATED = 1 << 10;

    /** BUFFER_LENGTH is not 0. */
    static final int BUFFERING = 1 << 11;

    /** Is in the list of acknowledged holes. */
    static final int IN_ACKED = 1 << 12;

    /** Is in the list of holes that may stall. */
    static final int IN_STALLED = 1 << 13;

    /** The high-water mark was reported. */
    static final int MARKED = 1 << 14;

    /** What must be just so for the short way: {@code (flags & USUAL_MASK) == ANCHORED}. */
    static final int USUAL_MASK =
            ANCHORED | FIN_SEEN | ENDED | HOLDING | ACKED_BEYOND | GATED | BUFFERING;

    /** From here up FLAGS has the length of the segment that ends at the next byte due. */
    private static final int LENGTH_SHIFT = 15;

    private static final int LENGTH_MAX = -1 >>> LENGTH_SHIFT;
    private static final int FIRST_SHIFT =
            ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? 0 : 32;

    private SideRecord() {}

    static int seq(long seqAndFlags) {
        return (int) (seqAndFlags >>> FIRST_SHIFT);
    }

    static int flags(long seqAndFlags) {
        return (int) (seqAndFlags >>> (32 - FIRST_SHIFT));
    }

    /** Both after a segment in order. */
    static long moved(int seq, int flags, int length) {
        return Integer.toUnsignedLong(seq) << FIRST_SHIFT
                | Integer.toUnsignedLong(withLength(flags, length)) << (32 - FIRST_SHIFT);
    }

    /** 0 if the last thing that happened was not a segment in order. */
    static int lengthOfLast(int flags) {
        return flags >>> LENGTH_SHIFT;
    }

    static int withLength(int flags, int length) {
        return (flags & ~(-1 << LENGTH_SHIFT)) | (length > LENGTH_MAX ? 0 : length << LENGTH_SHIFT);
    }
}
