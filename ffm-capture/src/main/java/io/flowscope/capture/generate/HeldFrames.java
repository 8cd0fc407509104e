package io.flowscope.capture.generate;

import java.lang.foreign.MemorySegment;

/**
 * Frames that are captured later than they were sent: copies in a few slots of the generator's
 * memory, each with the packet count at which it is due. A frame for which there is no slot is not
 * held.
 */
final class HeldFrames {
    static final int SLOTS = 64;

    private final MemorySegment memory;
    private final long firstSlot;
    private final long slotBytes;
    private final int[] length = new int[SLOTS];
    private final long[] due = new long[SLOTS];
    private int held;
    private long earliest = Long.MAX_VALUE;

    HeldFrames(MemorySegment memory, long firstSlot, long slotBytes) {
        this.memory = memory;
        this.firstSlot = firstSlot;
        this.slotBytes = slotBytes;
    }

    /** Whether a frame was kept; if not, nothing happened. */
    boolean hold(long from, int frameLength, long dueAt) {
        if (held == SLOTS) {
            return false;
        }
        int slot = 0;
        while (length[slot] != 0) {
            slot++;
        }
        MemorySegment.copy(memory, from, memory, firstSlot + slot * slotBytes, frameLength);
        length[slot] = frameLength;
        due[slot] = dueAt;
        earliest = Math.min(earliest, dueAt);
        held++;
        return true;
    }

    boolean isDue(long now) {
        return earliest <= now;
    }

    boolean isEmpty() {
        return held == 0;
    }

    /** Writes the frame that is due first. @return its length */
    int release(long to) {
        int first = -1;
        long next = Long.MAX_VALUE;
        for (int slot = 0; slot < SLOTS; slot++) {
            if (length[slot] == 0) {
                continue;
            }
            if (first < 0 || due[slot] < due[first]) {
                next = first < 0 ? next : Math.min(next, due[first]);
                first = slot;
            } else {
                next = Math.min(next, due[slot]);
            }
        }
        int frameLength = length[first];
        MemorySegment.copy(memory, firstSlot + first * slotBytes, memory, to, frameLength);
        length[first] = 0;
        held--;
        earliest = next;
        return frameLength;
    }
}
