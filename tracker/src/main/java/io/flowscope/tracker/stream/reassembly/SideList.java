package io.flowscope.tracker.stream.reassembly;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;

/**
 * A queue of sides, linked through their records: entering at the tail, leaving from anywhere, both
 * at once. Membership is for the caller to know.
 */
final class SideList {
    private final StreamRecords records;
    private final int previous;
    private final int next;
    private int head;
    private int tail;

    /**
     * @param link where in a side's record the two ints are
     */
    SideList(StreamRecords records, int link) {
        this.records = records;
        this.previous = link;
        this.next = link + 4;
    }

    /** The side that has been in the list for longest, or 0. */
    int head() {
        return head;
    }

    void append(int side) {
        MemorySegment slab = records.segment(side);
        long at = records.offset(side);
        slab.set(JAVA_INT, at + previous, tail);
        slab.set(JAVA_INT, at + next, 0);
        if (tail == 0) {
            head = side;
        } else {
            records.segment(tail).set(JAVA_INT, records.offset(tail) + next, side);
        }
        tail = side;
    }

    void remove(int side) {
        MemorySegment slab = records.segment(side);
        long at = records.offset(side);
        int before = slab.get(JAVA_INT, at + previous);
        int after = slab.get(JAVA_INT, at + next);
        if (before == 0) {
            head = after;
        } else {
            records.segment(before).set(JAVA_INT, records.offset(before) + next, after);
        }
        if (after == 0) {
            tail = before;
        } else {
            records.segment(after).set(JAVA_INT, records.offset(after) + previous, before);
        }
    }
}
