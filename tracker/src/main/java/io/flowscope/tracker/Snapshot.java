package io.flowscope.tracker;

import static io.flowscope.tracker.table.FlowLayout.BITS;
import static io.flowscope.tracker.table.FlowLayout.FAR_BYTES;
import static io.flowscope.tracker.table.FlowLayout.PACKETS;
import static io.flowscope.tracker.table.FlowLayout.VERSION;
import static io.flowscope.tracker.table.FlowLayout.getLong;
import static io.flowscope.tracker.table.FlowLayout.getShort;

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
 *   <li>The tracker makes a record's version odd before it changes the record and even afterwards,
 *       with fences that keep these stores outside.
 *   <li>A copy counts if the version before and after it is the same even number. Because the
 *       version has only 16 bits, the numbers of packets must agree as well: these grow with every
 *       change but the record's removal.
 *   <li>Otherwise it is made again; the tracker never waits.
 * </ol>
 */
final class Snapshot {
    private final FlowStore store;
    private final FlowTable table;
    private final MemorySegment memory;
    private final MemorySegment copy;
    private final int hotBytes;
    private int tag;

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
            long bits = getLong(copy, BITS);
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
        long at = table.at(record);
        int version = getShort(memory, at + VERSION);
        if ((version & 1) != 0) {
            return false;
        }
        VarHandle.loadLoadFence();
        MemorySegment.copy(memory, at, copy, 0, hotBytes);
        MemorySegment.copy(memory, table.farAt(record), copy, hotBytes, FAR_BYTES);
        tag = table.tag(record);
        if (store.moments != null) {
            store.moments.copyTo(copy, hotBytes + (long) FAR_BYTES, record);
        }
        return getShort(copy, VERSION) == version && isUnchanged(record);
    }

    private boolean isUnchanged(int record) {
        VarHandle.loadLoadFence();
        long at = table.at(record);
        return getShort(memory, at + VERSION) == getShort(copy, VERSION)
                && getLong(memory, at + PACKETS) == getLong(copy, PACKETS)
                && getLong(memory, at + PACKETS + 8) == getLong(copy, PACKETS + 8);
    }
}
