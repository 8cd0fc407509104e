package io.flowscope.tracker;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;

/** When each flow was last reported, where an active timeout is set. */
final class InterimReports {
    private final MemorySegment memory;
    private final long timeoutNanos;

    InterimReports(SegmentAllocator allocator, int capacity, long timeoutNanos) {
        this.memory = allocator.allocate(8L * capacity, 64);
        this.timeoutNanos = timeoutNanos;
    }

    void start(int record, long now) {
        memory.setAtIndex(JAVA_LONG, record, now);
    }

    /** Whether a flow is to be reported now; if so, the next report is a timeout later. */
    boolean isDue(int record, long now) {
        long last = memory.getAtIndex(JAVA_LONG, record);
        if (now - last < timeoutNanos && now >= last) {
            return false;
        }
        memory.setAtIndex(JAVA_LONG, record, now);
        return now >= last;
    }
}
