package io.flowscope.tracker.stream.reassembly;

import static java.lang.foreign.ValueLayout.JAVA_INT;

/**
 * Sides by the pool memory they have, so that the largest is found at once: one list per amount,
 * counted in the pool's smallest blocks. Amounts beyond the last list share it.
 */
final class LargestSides {
    private final StreamRecords records;
    private final SideList[] lists;
    private int top;

    LargestSides(StreamRecords records, int amounts) {
        this.records = records;
        this.lists = new SideList[amounts + 1];
        for (int i = 0; i <= amounts; i++) {
            lists[i] = new SideList(records, SideRecord.SIZE_LINK);
        }
    }

    /** A side's amount has changed. */
    void update(int side, int poolBytes) {
        int wanted = Math.min(poolBytes >>> BlockPool.MIN_ORDER, lists.length - 1);
        long at = records.offset(side) + SideRecord.SIZE_BUCKET;
        int present = records.segment(side).get(JAVA_INT, at);
        if (wanted == present) {
            return;
        }
        if (present != 0) {
            lists[present].remove(side);
        }
        if (wanted != 0) {
            lists[wanted].append(side);
            top = Math.max(top, wanted);
        }
        records.segment(side).set(JAVA_INT, at, wanted);
    }

    /** Of the sides with most memory the one that came to that amount first, or 0 if none has. */
    int largest() {
        while (top > 0 && lists[top].head() == 0) {
            top--;
        }
        return top == 0 ? 0 : lists[top].head();
    }
}
