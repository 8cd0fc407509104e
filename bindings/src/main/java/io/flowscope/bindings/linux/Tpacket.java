package io.flowscope.bindings.linux;

/**
 * What {@code linux/if_packet.h} says in macros that take arguments, and what it says since kernels
 * newer than the headers that {@link linux_h} was made from.
 */
public final class Tpacket {
    /** Fan-out: outgoing packets do not go to the group; since Linux 6.3. */
    public static final int PACKET_FANOUT_FLAG_IGNORE_OUTGOING = 0x4000;

    /**
     * Frame state: a TCP packet that the sender or the receiver did not cut up; since Linux 6.1.
     */
    public static final int TP_STATUS_GSO_TCP = 1 << 8;

    private Tpacket() {}

    /** The next multiple of 16: {@code TPACKET_ALIGN}. */
    public static long align(long bytes) {
        long mask = linux_h.TPACKET_ALIGNMENT() - 1L;
        return (bytes + mask) & ~mask;
    }
}
