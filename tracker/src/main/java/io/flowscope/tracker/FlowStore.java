package io.flowscope.tracker;

import static io.flowscope.tracker.table.FlowLayout.BITS;
import static io.flowscope.tracker.table.FlowLayout.LONG;
import static io.flowscope.tracker.table.FlowLayout.PACKETS;
import static io.flowscope.tracker.table.FlowLayout.SHORT;
import static io.flowscope.tracker.table.FlowLayout.VERSION;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.flowscope.tracker.key.KeyExtractor;
import io.flowscope.tracker.table.Carries;
import io.flowscope.tracker.table.FlowTable;
import io.flowscope.tracker.table.InterfaceNames;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Everything that is kept per flow: the table, and beside it what only some trackers have.
 *
 * <p>Owner: the tracker's thread.
 */
final class FlowStore {
    /** Half of the version's range away from what it should be. */
    private static final long DISAGREES = 0x8000;

    private static final VarHandle ENDS;

    static {
        try {
            ENDS = MethodHandles.lookup().findVarHandle(FlowStore.class, "ends", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    final FlowTable table;
    final Carries carries;
    final InterfaceNames interfaces = new InterfaceNames();
    final @Nullable MomentTable moments;
    final boolean roundTrips;
    final boolean custom;

    private final @Nullable MemorySegment hookWords;

    /** Whether any record's word was ever set; until then there is nothing to read or to clear. */
    private boolean hookWordsUsed;

    private Object @Nullable [] attachments;
    private int ending = FlowTable.NONE;

    @SuppressWarnings("UnusedVariable") // through ENDS
    private long ends;

    private @Nullable EndReason endingReason;

    FlowStore(Arena arena, TrackerOptions options) {
        KeyExtractor extractor = options.extractor();
        roundTrips = options.roundTrips();
        custom = extractor.custom();
        table = new FlowTable(arena, options.maxFlows(), roundTrips, extractor.tagged(), custom);
        carries = new Carries(arena, options.maxFlows());
        hookWords =
                Gates.METRICS || Gates.TRACING ? arena.allocate(8L * options.maxFlows(), 64) : null;
        moments = options.moments() ? new MomentTable(arena, options.maxFlows()) : null;
    }

    @Nullable Object attachment(int record) {
        Object[] all = attachments;
        return all == null ? null : all[record];
    }

    void attach(int record, @Nullable Object attachment) {
        Object[] all = attachments;
        if (all == null) {
            if (attachment == null) {
                return;
            }
            all = new Object[table.capacity()];
            attachments = all;
        }
        all[record] = attachment;
    }

    long hookWord(int record) {
        return hookWords != null && hookWordsUsed ? hookWords.getAtIndex(JAVA_LONG, record) : 0;
    }

    void hookWord(int record, long word) {
        if (hookWords != null && (word != 0 || hookWordsUsed)) {
            hookWordsUsed = true;
            hookWords.setAtIndex(JAVA_LONG, record, word);
        }
    }

    long setBits(int record, long mask, boolean on) {
        long at = table.at(record) + BITS;
        long bits = table.memory().get(LONG, at);
        long changed = on ? bits | mask : bits & ~mask;
        table.memory().set(LONG, at, changed);
        return changed;
    }

    /** Lets nobody believe a copy of a record from here to {@link #endChange}. */
    void beginChange(long at) {
        MemorySegment memory = table.memory();
        memory.set(SHORT, at + VERSION, (short) (packets(at) ^ DISAGREES));
        VarHandle.storeStoreFence();
    }

    /** The record is whole: its version agrees with its packets. */
    void endChange(long at) {
        VarHandle.storeStoreFence();
        table.memory().set(SHORT, at + VERSION, (short) packets(at));
    }

    private long packets(long at) {
        MemorySegment memory = table.memory();
        return memory.get(LONG, at + PACKETS) + memory.get(LONG, at + PACKETS + 8);
    }

    /** From here to {@link #ended} the record shows why it ends. */
    void ending(int record, EndReason reason) {
        ending = record;
        endingReason = reason;
    }

    void ended(int record) {
        if (attachments != null) {
            attachments[record] = null;
        }
        hookWord(record, 0);
        ending = FlowTable.NONE;
        endingReason = null;
        ENDS.setOpaque(this, ends + 1);
        VarHandle.storeStoreFence();
    }

    /** How many flows have ended, before their records were used again; from any thread. */
    long ends() {
        return (long) ENDS.getOpaque(this);
    }

    @Nullable EndReason endReason(int record) {
        return record == ending ? endingReason : null;
    }
}
