package io.flowscope.tracker.table;

import static io.flowscope.tracker.table.FlowLayout.BITS;
import static io.flowscope.tracker.table.FlowLayout.LAST;
import static io.flowscope.tracker.table.FlowLayout.LONG;

import java.lang.foreign.MemorySegment;

/**
 * Chooses the flow that makes room in a full table. First the flow that closed longest ago among
 * the last {@link #REMEMBERED} that did and still linger. Otherwise a hand takes the next {@link
 * #REACH} records, and of these the one whose last packet is the oldest; of equally old ones the
 * first. So what was touched lately stays as long as something older is in reach, the choice
 * depends on nothing but the flows themselves, and its cost has a bound.
 */
public final class Eviction {
    /** Records among which the oldest is taken. */
    public static final int REACH = 8;

    /** How many closed flows are remembered. */
    public static final int REMEMBERED = 4096;

    private static final int FIRST_LINGERING = 6;

    private final FlowTable table;
    private final MemorySegment memory;
    private final int[] closed = new int[REMEMBERED];
    private int closedHead;
    private int closedCount;
    private int hand;

    /** For one table. */
    public Eviction(FlowTable table) {
        this.table = table;
        this.memory = table.memory();
    }

    /** A flow has closed and stays for its linger. */
    public void onClosed(int record) {
        if (closedCount == REMEMBERED) {
            closedHead = closedHead + 1 & REMEMBERED - 1;
            closedCount--;
        }
        closed[closedHead + closedCount & REMEMBERED - 1] = record;
        closedCount++;
    }

    /** The flow to end; there is one, because the table is full. */
    public int choose() {
        while (closedCount > 0) {
            int record = closed[closedHead];
            closedHead = closedHead + 1 & REMEMBERED - 1;
            closedCount--;
            if (lingers(memory.get(LONG, table.at(record) + BITS))) {
                return record;
            }
        }
        return oldestInReach();
    }

    private static boolean lingers(long bits) {
        return (bits & (FlowBits.LIVE | FlowBits.TCP)) == (FlowBits.LIVE | FlowBits.TCP)
                && FlowBits.state(bits) >= FIRST_LINGERING;
    }

    /**
     * Reads ahead of use what the next choices will look at, so that their misses overlap; the
     * result only forces the loads.
     */
    public long touch(int choices) {
        int used = table.used();
        int count = Math.min(choices * REACH, used);
        int record = hand >= used ? 0 : hand;
        long sum = 0;
        for (int i = 0; i < count; i++) {
            sum += memory.get(LONG, table.at(record) + LAST);
            record = record + 1 == used ? 0 : record + 1;
        }
        return sum;
    }

    private int oldestInReach() {
        int used = table.used();
        int reach = Math.min(REACH, used);
        int oldest = FlowTable.NONE;
        long oldestSeen = Long.MAX_VALUE;
        int record = hand >= used ? 0 : hand;
        for (int i = 0; i < reach; i++) {
            long seen = table.lastSeen(table.at(record));
            if (seen < oldestSeen || oldest == FlowTable.NONE) {
                oldest = record;
                oldestSeen = seen;
            }
            record = record + 1 == used ? 0 : record + 1;
        }
        hand = record;
        return oldest;
    }
}
