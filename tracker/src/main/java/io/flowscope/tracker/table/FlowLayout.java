package io.flowscope.tracker.table;

import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Where each field of a flow's record is. A record has two hot lines of 64 bytes that an ordinary
 * packet touches, a third one for round trips where they are measured, and 48 far bytes elsewhere
 * for what a flow's beginning and end, IPv6 and loss need.
 *
 * <pre>
 *   hot line 0                                                  (identity, time, packets)
 *    0        8        16       24               32       40       48       56
 *   +--------+--------+--------+----------------+--------+--------+--------+--------+
 *   | key 0  | key 1  | bits   | history|timeout| last I | last R | pkts I | pkts R |
 *   | 8      | 8      | 8      | 53     |11     | 8      | 8      | 40|16|8| 40|16|8|
 *   +--------+--------+--------+----------------+--------+--------+--------+--------+
 *   hot line 1                                                  (bytes, sequence numbers)
 *    64       72       80       88       96     104    112    116     118   120   124   126
 *   +--------+--------+--------+--------+------+------+------+-------+-----+-----+-----+-----------+
 *   | bytes I| bytes R| paylo.I| paylo.R| next | ack  |window|version|owner| hole| vlan| interface |
 *   | 48|16  | 48|16  | 48|16  | 48|16  | 4, 4 | 4, 4 | 2, 2 | 2     | 2   | 4   | 2   | 1, 1      |
 *   +--------+--------+--------+--------+------+------+------+-------+-----+-----+-----+-----------+
 *   line 2, only where round trips are measured; a value of 40 bits is 4 bytes and, behind, 1
 *    128    136          152                  172    176          184            189
 *   +------+------------+--------------------+------+------------+--------------+--------+
 *   | sum  | sent I, R  | 5 low parts, 4 each| count| awaited I,R| 5 high parts | unused |
 *   +------+------------+--------------------+------+------------+--------------+--------+
 *   far
 *    0                        24       32                 40         44
 *   +------------------------+--------+------------------+----------+------------------+
 *   | key 2, key 3, key 4    | started| first of other   | hole from| initial sequence |
 *   +------------------------+--------+------------------+----------+------------------+
 * </pre>
 *
 * <p>I is the initiator's, R the responder's. Counters share a word: packets (40 bits) with
 * retransmissions (16) and zero windows (8), bytes (48) with duplicate acknowledgments (16),
 * payload bytes (48) with segments out of order (16). Adding to the low part never reaches the high
 * part; a high part that is full is carried over into {@link Carries}.
 *
 * <p>Owner: the tracker's thread, which alone writes. {@link #VERSION} is odd while it does, so
 * that another thread can copy a record and see whether the copy is whole.
 */
public final class FlowLayout {
    // The unaligned layouts save a check per access; every field is aligned.

    /** A long in the table. */
    public static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** An int in the table. */
    public static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** A short in the table. */
    public static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** A byte in the table. */
    public static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;

    /** First word of the key. In a free record the number of the next free one. */
    public static final int KEY_0 = 0;

    /** Second word of the key. */
    public static final int KEY_1 = 8;

    /** State and flags, see {@link FlowBits}. */
    public static final int BITS = 16;

    /** Order of the history's letters in the low 53 bits; number of the timeout in the high 11. */
    public static final int HISTORY = 24;

    /** long[2]: time of each side's last packet; 0 before its first. */
    public static final int LAST = 32;

    /** long[2]: packets, retransmissions, zero windows. */
    public static final int PACKETS = 48;

    /** long[2]: wire bytes, duplicate acknowledgments. */
    public static final int BYTES = 64;

    /** long[2]: payload bytes, segments out of order. */
    public static final int PAYLOAD = 80;

    /** int[2]: the sequence number after the highest that a side sent. */
    public static final int NEXT = 96;

    /** int[2]: the highest acknowledgment that a side sent. */
    public static final int ACK = 104;

    /** unsigned short[2]: the last window that a side announced, not scaled. */
    public static final int WINDOW = 112;

    /** unsigned short: packets of both sides, modulo 65 536, when the record is whole. */
    public static final int VERSION = 116;

    /** unsigned short: whom the flow's numbers are attributed to, 0 if unknown. */
    public static final int OWNER = 118;

    /** long: windows, version and owner in one, for a packet that changes the first two. */
    public static final int WINDOWS_AND_VERSION = WINDOW;

    /** Where the version is in {@link #WINDOWS_AND_VERSION}. */
    public static final int VERSION_SHIFT = 32;

    /** int: bytes missing behind {@link #HOLE_START}; 0 if nothing is. */
    public static final int HOLE_LENGTH = 120;

    /** unsigned short: VLAN id plus one of the first packet, 0 for none. */
    public static final int VLAN = 124;

    /** byte[2]: number in {@link InterfaceNames}, 0 if unknown. */
    public static final int INTERFACE = 126;

    /** Bytes of a record without round trips. */
    public static final int RECORD_BYTES = 128;

    /** Where the round trips' line begins in a record. */
    public static final int ROUND_TRIPS = 128;

    /** Bytes of a record with round trips. */
    public static final int RECORD_BYTES_WITH_ROUND_TRIPS = 192;

    /** long[3], far: the rest of a long key. */
    public static final int FAR_KEY = 0;

    /** long, far: time of the first packet. */
    public static final int STARTED = 24;

    /** long, far: time of the first packet of the side that did not send the first of all. */
    public static final int FIRST_OTHER = 32;

    /** int, far: where the remembered hole begins. */
    public static final int HOLE_START = 40;

    /**
     * int, far: sequence number of the initiator's SYN; for ICMP its first type (×256) and code.
     */
    public static final int INITIAL_SEQUENCE = 44;

    /** Bytes of a record's far part. */
    public static final int FAR_BYTES = 48;

    /** Where the number of the timeout is in {@link #HISTORY}. */
    public static final int TIMEOUT_SHIFT = 53;

    /** The history in {@link #HISTORY}. */
    public static final long HISTORY_MASK = (1L << TIMEOUT_SHIFT) - 1;

    /** The low part of {@link #PACKETS}. */
    public static final long PACKETS_MASK = (1L << 40) - 1;

    /** The low part of {@link #BYTES} and of {@link #PAYLOAD}. */
    public static final long BYTES_MASK = (1L << 48) - 1;

    private FlowLayout() {}
}
