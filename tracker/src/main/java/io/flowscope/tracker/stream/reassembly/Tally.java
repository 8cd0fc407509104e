package io.flowscope.tracker.stream.reassembly;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;

/** Counts bytes for a side and for all sides together, under the names of {@link SideRecord}. */
final class Tally {
    private final long[] totals = new long[SideRecord.BYTES >> 3];
    long opened;
    long delivered;
    long gaps;
    long evictedSides;

    /** Adds to one of the long counters. */
    void add(MemorySegment record, long at, int field, long bytes) {
        record.set(JAVA_LONG, at + field, record.get(JAVA_LONG, at + field) + bytes);
        totals[field >> 3] += bytes;
    }

    /** Bytes given up because of where they lie: those of one segment, or what waited together. */
    void addOutOfOrder(MemorySegment record, long at, long bytes) {
        if (bytes > 0) {
            long count = at + SideRecord.OUT_OF_ORDER_SEGMENTS;
            record.set(JAVA_INT, count, record.get(JAVA_INT, count) + 1);
            add(record, at, SideRecord.OUT_OF_ORDER, bytes);
        }
    }

    long total(int field) {
        return totals[field >> 3];
    }
}
