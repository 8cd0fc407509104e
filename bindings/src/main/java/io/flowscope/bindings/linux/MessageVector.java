package io.flowscope.bindings.linux;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Elements of {@code struct mmsghdr}, for {@link MessageCalls#sendmmsg} and {@link
 * MessageCalls#recvmmsg}: a {@code msghdr}, the bytes that went or came, padding.
 */
public final class MessageVector {
    /** One element in bytes. */
    public static final long BYTES = 64;

    /** Where the {@code msghdr} of an element is. */
    public static final long MSG_HDR_OFFSET = 0;

    /** Where the number of bytes that went or came is, an int. */
    public static final long MSG_LEN_OFFSET = 56;

    private MessageVector() {}

    /** Where the {@code msghdr} of element {@code index} begins. */
    public static long headerOffset(int index) {
        return index * BYTES + MSG_HDR_OFFSET;
    }

    /** How many bytes of element {@code index} went or came. */
    public static int length(MemorySegment vector, int index) {
        return vector.get(ValueLayout.JAVA_INT, index * BYTES + MSG_LEN_OFFSET);
    }
}
