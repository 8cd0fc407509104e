package io.flowscope.bindings.linux;

import java.lang.foreign.MemorySegment;

/**
 * What comes beside a message of {@code recvmsg}: time stamps, {@code tpacket_auxdata}. Each part
 * begins with a {@code cmsghdr} and is padded to eight bytes.
 */
public final class ControlMessages {
    private static final long ALIGNMENT_MASK = Long.BYTES - 1;
    private static final long HEADER_BYTES = align(cmsghdr.sizeof());

    private ControlMessages() {}

    /** The next multiple of eight: {@code CMSG_ALIGN}. */
    public static long align(long bytes) {
        return (bytes + ALIGNMENT_MASK) & ~ALIGNMENT_MASK;
    }

    /** Room for one part with so much data: {@code CMSG_SPACE}. */
    public static long space(long dataBytes) {
        return HEADER_BYTES + align(dataBytes);
    }

    /** What {@code cmsg_len} says of so much data: {@code CMSG_LEN}. */
    public static long length(long dataBytes) {
        return HEADER_BYTES + dataBytes;
    }

    /**
     * The offset of the data of the first part of a kind, or -1 if there is none.
     *
     * @param control where {@code msg_control} points, aligned to eight bytes
     * @param controlBytes {@code msg_controllen} after the call
     */
    public static long find(MemorySegment control, long controlBytes, int level, int type) {
        long at = 0;
        while (controlBytes - at >= HEADER_BYTES) {
            long length = control.get(linux_h.C_LONG, at + cmsghdr.cmsg_len$offset());
            if (length < HEADER_BYTES || length > controlBytes - at) {
                return -1;
            }
            if (control.get(linux_h.C_INT, at + cmsghdr.cmsg_level$offset()) == level
                    && control.get(linux_h.C_INT, at + cmsghdr.cmsg_type$offset()) == type) {
                return at + HEADER_BYTES;
            }
            at += align(length);
        }
        return -1;
    }
}
