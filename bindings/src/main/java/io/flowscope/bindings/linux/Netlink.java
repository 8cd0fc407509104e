package io.flowscope.bindings.linux;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Walking netlink messages and the attributes in them. Both begin with their length and are padded
 * to four bytes; rtnetlink's {@code rtattr} and {@code nlattr} are the same thing.
 */
public final class Netlink {
    private static final int ALIGNMENT_MASK = 3;

    private Netlink() {}

    /** The next multiple of four: {@code NLMSG_ALIGN}, {@code RTA_ALIGN}, {@code NLA_ALIGN}. */
    public static int align(int bytes) {
        return (bytes + ALIGNMENT_MASK) & ~ALIGNMENT_MASK;
    }

    /** A message with so much after its header, unpadded: {@code NLMSG_LENGTH}. */
    public static int messageLength(int payloadBytes) {
        return (int) nlmsghdr.sizeof() + payloadBytes;
    }

    /** An attribute with so much after its header, unpadded: {@code RTA_LENGTH}. */
    public static int attributeLength(int payloadBytes) {
        return (int) rtattr.sizeof() + payloadBytes;
    }

    /**
     * The length of the message at an offset, if it lies within the memory up to {@code end}:
     * {@code NLMSG_OK}. The next message begins {@code align(length)} further.
     *
     * @return -1 if there is no whole message
     */
    public static int messageAt(MemorySegment memory, long offset, long end) {
        if (end - offset < nlmsghdr.sizeof()) {
            return -1;
        }
        int length = memory.get(ValueLayout.JAVA_INT_UNALIGNED, offset);
        return length >= nlmsghdr.sizeof() && length <= end - offset ? length : -1;
    }

    /**
     * The offset of the payload of the first attribute of a type, or -1 if there is none or what
     * precedes it is damaged. Its length: {@link #attributePayloadBytes}.
     */
    public static long attribute(MemorySegment memory, long offset, long end, int type) {
        long at = offset;
        while (end - at >= rtattr.sizeof()) {
            int length = memory.get(ValueLayout.JAVA_SHORT_UNALIGNED, at) & 0xFFFF;
            if (length < rtattr.sizeof() || length > end - at) {
                return -1;
            }
            int flagged = memory.get(ValueLayout.JAVA_SHORT_UNALIGNED, at + Short.BYTES) & 0xFFFF;
            if ((flagged & linux_h.NLA_TYPE_MASK()) == type) {
                return at + rtattr.sizeof();
            }
            at += align(length);
        }
        return -1;
    }

    /** The length of the payload that {@link #attribute} found. */
    public static int attributePayloadBytes(MemorySegment memory, long payloadOffset) {
        long header = payloadOffset - rtattr.sizeof();
        int length = memory.get(ValueLayout.JAVA_SHORT_UNALIGNED, header) & 0xFFFF;
        return length - (int) rtattr.sizeof();
    }
}
