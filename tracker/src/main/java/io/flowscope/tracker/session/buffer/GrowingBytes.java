package io.flowscope.tracker.session.buffer;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * Bytes gathered over several calls, up to a limit. The array is kept for reuse as long as it is
 * small; {@link #clear()} gives a large one back, so that a flow that once needed much does not
 * keep it.
 */
public final class GrowingBytes {
    private static final byte[] NOTHING = new byte[0];
    private static final int KEPT_BYTES = 2048;

    private final int limit;
    private byte[] bytes = NOTHING;
    private int length;

    /** An empty buffer that never holds more than the limit. */
    public GrowingBytes(int limit) {
        this.limit = limit;
    }

    /** Appends a range; false, and nothing appended, if the limit would be passed. */
    public boolean append(byte[] source, int from, int count) {
        if (!reserve(count)) {
            return false;
        }
        System.arraycopy(source, from, bytes, length, count);
        length += count;
        return true;
    }

    /** Appends a range of a segment; false, and nothing appended, if the limit would be passed. */
    public boolean append(MemorySegment source, long from, int count) {
        if (!reserve(count)) {
            return false;
        }
        MemorySegment.copy(source, ValueLayout.JAVA_BYTE, from, bytes, length, count);
        length += count;
        return true;
    }

    private boolean reserve(int count) {
        if (count > limit - length) {
            return false;
        }
        int needed = length + count;
        if (needed > bytes.length) {
            int grown = Math.max(needed, Math.min(limit, Math.max(256, bytes.length * 2)));
            bytes = Arrays.copyOf(bytes, grown);
        }
        return true;
    }

    /** The array behind; valid up to {@link #length()} and until the next append. */
    public byte[] bytes() {
        return bytes;
    }

    /** How many bytes are held. */
    public int length() {
        return length;
    }

    /** How much more fits. */
    public int room() {
        return limit - length;
    }

    /** Forgets the bytes, and a large array with them. */
    public void clear() {
        length = 0;
        if (bytes.length > KEPT_BYTES) {
            bytes = NOTHING;
        }
    }

    /** Forgets the bytes and the array. */
    public void release() {
        length = 0;
        bytes = NOTHING;
    }

    /** Bytes of heap behind this buffer. */
    public int heldBytes() {
        return bytes.length;
    }
}
