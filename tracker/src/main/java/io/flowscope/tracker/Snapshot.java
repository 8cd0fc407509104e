package io.flowscope.tracker;

import static io.flowscope.tracker.table.FlowLayout.BITS;
import static io.flowscope.tracker.table.FlowLayout.FAR_BYTES;
import static io.flowscope.tracker.table.FlowLayout.LONG;
import static io.flowscope.tracker.table.FlowLayout.PACKETS;
import static io.flowscope.tracker.table.FlowLayout.SHORT;
import static io.flowscope.tracker.table.FlowLayout.STARTED;
import static io.flowscope.tracker.table.FlowLayout.VERSION;

import io.flowscope.tracker.table.FlowBits;
import io.flowscope.tracker.table.FlowTable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;

/**
 * Copies the live records from another thread than the tracker's.
 *
 * <ol>
 *   <li>A record's version agrees with its numbers of packets (modulo 65 536) when it is whole. The
 *       tracker counts a packet first, or makes the version disagree, then changes the record, and
 *       sets the version last; fences keep these stores in this order.
 *   <li>A copy counts if version and packets agreed before it and are the same in and after it, and
 *       if it is still the same flow: the same start and, of four bits that change from one flow in
 *       a record to the next, the same turn. So the version may wrap around and records may be used
 *       again. Where so many flows have ended meanwhile that the turn may have come round, the copy
 *       does not count.
 *   <li>Otherwise it is made again; the tracker never waits.
 * </ol>
 */
final class Snapshot {
    /** Fewer ends cannot bring a record's four bits of turn round. */
    private static final int TURNS = 15;

    private final FlowStore store;
    private final FlowTable table;
    private final MemorySegment memory;
    private final MemorySegment copy;
    private final int hotBytes;
    private int tag;
    private long endsBefore;

    private Snapshot(FlowStore store, Arena arena) {
        this.store = store;
        table = store.table;
        memory = table.memory();
        hotBytes = table.recordBytes();
        copy = arena.allocate(hotBytes + FAR_BYTES + MomentTable.RECORD_BYTES, 64);
    }

    static List<FlowRecord> take(FlowStore store) {
        try (Arena arena = Arena.ofConfined()) {
            Snapshot snapshot = new Snapshot(store, arena);
            FlowView view = new FlowView(store);
            List<FlowRecord> records = new ArrayList<>(store.table.live());
            int used = store.table.used();
            for (int record = 0; record < used; record++) {
                snapshot.add(record, view, records);
            }
            return records;
        }
    }

    private void add(int record, FlowView view, List<FlowRecord> to) {
        while (true) {
            if (!copyWhole(record)) {
                Thread.onSpinWait();
                continue;
            }
            long bits = copy.get(LONG, BITS);
            if ((bits & FlowBits.LIVE) == 0) {
                return;
            }
            FlowRecord made = view.showCopy(copy, record, tag).toRecord(null);
            if ((bits & FlowBits.CARRIED) == 0 || isUnchanged(record)) {
                to.add(made);
                return;
            }
        }
    }

    private boolean copyWhole(int record) {
        endsBefore = store.ends();
        VarHandle.loadLoadFence();
        long at = table.at(record);
        short version = memory.get(SHORT, at + VERSION);
        long packets = memory.get(LONG, at + PACKETS) + memory.get(LONG, at + PACKETS + 8);
        if (((packets ^ version) & 0xffff) != 0) {
            return false;
        }
        VarHandle.loadLoadFence();
        MemorySegment.copy(memory, at, copy, 0, hotBytes);
        MemorySegment.copy(memory, table.farAt(record), copy, hotBytes, FAR_BYTES);
        tag = table.tag(record);
        if (store.moments != null) {
            store.moments.copyTo(copy, hotBytes + (long) FAR_BYTES, record);
        }
        long copied = copy.get(LONG, PACKETS) + copy.get(LONG, PACKETS + 8);
        return copied == packets && copy.get(SHORT, VERSION) == version && isUnchanged(record);
    }

    private boolean isUnchanged(int record) {
        VarHandle.loadLoadFence();
        long at = table.at(record);
        boolean sameFlow =
                ((memory.get(LONG, at + BITS) ^ copy.get(LONG, BITS)) & FlowBits.TURN_MASK) == 0
                        && memory.get(LONG, table.farAt(record) + STARTED)
                                == copy.get(LONG, hotBytes + (long) STARTED);
        boolean same =
                sameFlow
                        && (memory.get(SHORT, at + VERSION) & 0xffff)
                                == (copy.get(SHORT, VERSION) & 0xffff)
                        && memory.get(LONG, at + PACKETS) == copy.get(LONG, PACKETS)
                        && memory.get(LONG, at + PACKETS + 8) == copy.get(LONG, PACKETS + 8);
        VarHandle.loadLoadFence();
        return same && store.ends() - endsBefore < TURNS;
    }
}
