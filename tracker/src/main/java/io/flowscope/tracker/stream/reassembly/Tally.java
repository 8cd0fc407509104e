package io.flowscope.tracker.stream.reassembly;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;

/** Counts bytes for a side and for all sides together, under the names of {@link SideRecord}. */
final class Tally {
    private final long[] totals = new long[SideRecord.PAIR_BYTES >> 3];
    long opened;
    long delivered;
    long gaps;
    long evictedSides;

    /** Adds to one of the long counters. */
    void add(MemorySegment record, long at, int field, long bytes) {
        record.set(JAVA_LONG, at + field, record.get(JAVA_LONG, at + field) + bytes);
        totals[field >> 3] += bytes;
        if (field == SideRecord.OUT_OF_ORDER && bytes != 0) {
            record.set(JAVA_LONG, at + SideRecord.DROPS, drops(record, at) + 1);
        }
    }

    private static long drops(MemorySegment record, long at) {
        return record.get(JAVA_LONG, at + SideRecord.DROPS);
    }

    long total(int field) {
        return totals[field >> 3];
    }
}
