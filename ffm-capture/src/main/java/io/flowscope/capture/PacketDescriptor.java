package io.flowscope.capture;

/**
 * One packet of a batch, as a fixed record of 40 bytes in native byte order.
 *
 * <pre>
 *   0        8          16        20      24        26     28         32       34        36
 *   +--------+----------+---------+-------+---------+------+----------+--------+---------+------+
 *   | offset | time, ns | captured| length| linkType| flags| interface| vlanTci| vlanTpid| hash |
 *   | 8      | 8        | 4       | 4     | 2       | 2    | 4        | 2      | 2       | 4    |
 *   +--------+----------+---------+-------+---------+------+----------+--------+---------+------+
 * </pre>
 *
 * <p>The capture and the tracker module each have this class, so that neither needs the other; a
 * test holds them equal.
 */
public final class PacketDescriptor {
    /** Size of one record. */
    public static final int BYTES = 40;

    /** long: where the packet's first byte is in the batch's memory. */
    public static final int OFFSET = 0;

    /** long: nanoseconds since the epoch. */
    public static final int TIMESTAMP = 8;

    /** int: bytes present, never more than {@link #LENGTH}'s value. */
    public static final int CAPTURED = 16;

    /** int: bytes on the wire. */
    public static final int LENGTH = 20;

    /** unsigned short: the LINKTYPE_ number of the tcpdump project's registry. */
    public static final int LINK_TYPE = 24;

    /** unsigned short: the FLAG_ bits and the direction. */
    public static final int FLAGS = 26;

    /** int: the kernel's interface index, or the interface's number in a file; -1 if unknown. */
    public static final int INTERFACE = 28;

    /**
     * unsigned short: the tag control information that the kernel took out of the frame; see {@link
     * #FLAG_VLAN}.
     */
    public static final int VLAN_TCI = 32;

    /** unsigned short: the tag protocol identifier that the kernel took out of the frame. */
    public static final int VLAN_TPID = 34;

    /** int: the receive hash computed by the driver or the kernel; 0 if there is none. */
    public static final int HASH = 36;

    /** The three low bits of the flags are the direction. */
    public static final int DIRECTION_MASK = 7;

    /** The source does not say. */
    public static final int DIRECTION_UNKNOWN = 0;

    /** Received, addressed to this host. */
    public static final int DIRECTION_IN = 1;

    /** Sent by this host. */
    public static final int DIRECTION_OUT = 2;

    /** Received, link-layer broadcast. */
    public static final int DIRECTION_BROADCAST = 3;

    /** Received, link-layer multicast. */
    public static final int DIRECTION_MULTICAST = 4;

    /** Seen in promiscuous mode, addressed to somebody else. */
    public static final int DIRECTION_OTHER_HOST = 5;

    /** Fewer bytes are present than were on the wire. */
    public static final int FLAG_TRUNCATED = 1 << 3;

    /** The receiver verified the transport checksum. */
    public static final int FLAG_CHECKSUM_VALID = 1 << 4;

    /**
     * The transport checksum is still to be computed by the sending hardware: it is wrong here, and
     * no error.
     */
    public static final int FLAG_CHECKSUM_NOT_READY = 1 << 5;

    /** {@link #VLAN_TCI} and {@link #VLAN_TPID} hold a tag that is not in the frame. */
    public static final int FLAG_VLAN = 1 << 6;

    /**
     * The frame was merged or is to be segmented by hardware or kernel; it may be longer than the
     * link allows.
     */
    public static final int FLAG_GSO = 1 << 7;

    /** The timestamp is the network adapter's. */
    public static final int FLAG_HARDWARE_TIME = 1 << 8;

    private PacketDescriptor() {}
}
