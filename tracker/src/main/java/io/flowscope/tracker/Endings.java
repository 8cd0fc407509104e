package io.flowscope.tracker;

import static io.flowscope.tracker.table.FlowLayout.BITS;
import static io.flowscope.tracker.table.FlowLayout.LONG;

import io.flowscope.tracker.key.KeyBuffer;
import io.flowscope.tracker.key.KeyHash;
import io.flowscope.tracker.table.Eviction;
import io.flowscope.tracker.table.FlowBits;
import io.flowscope.tracker.table.FlowTable;
import io.flowscope.tracker.table.Sweep;
import io.flowscope.tracker.tcp.States;

/**
 * Ends flows: those whose time is over, those that must make room, and in the end all. Where
 * several end in a row, the index is read ahead for all of them, so that they wait for memory
 * together.
 *
 * <p>Owner: the tracker's thread.
 */
final class Endings {
    /** Flows that are found before the first of them ends. */
    private static final int AHEAD = 16;

    private final FlowStore store;
    private final FlowTable table;
    private final Tally tally;
    private final Sweep sweep;
    private final Eviction eviction;
    private final KeyHash hash;
    private final FlowReports reports;
    private final KeyBuffer key = new KeyBuffer();
    private final int[] records = new int[AHEAD];
    private final int[] hashes = new int[AHEAD];

    /** Reads ahead end here, so that the compiler keeps them. */
    @SuppressWarnings("UnusedVariable")
    private long touched;

    Endings(FlowStore store, Tally tally, Sweep sweep, KeyHash hash, FlowReports reports) {
        this.store = store;
        this.table = store.table;
        this.tally = tally;
        this.sweep = sweep;
        this.eviction = new Eviction(table);
        this.hash = hash;
        this.reports = reports;
    }

    /** Ends what is expired among the records that the sweep's present step visits. */
    void expired(long now) {
        int count;
        do {
            count = findExpired(now);
            endAll(count, EndReason.IDLE, now);
        } while (count == AHEAD);
    }

    private int findExpired(long now) {
        int count = 0;
        while (count < AHEAD) {
            int record = sweep.nextExpired(now);
            if (record == FlowTable.NONE) {
                break;
            }
            records[count++] = record;
        }
        return count;
    }

    /** Ends all that is left, in the order of the records. */
    void finish(long now) {
        int count = 0;
        for (int record = 0; record < table.used(); record++) {
            if (table.isLive(record)) {
                records[count++] = record;
                if (count == AHEAD) {
                    endAll(count, EndReason.FINISHED, now);
                    count = 0;
                }
            }
        }
        endAll(count, EndReason.FINISHED, now);
    }

    private void endAll(int count, EndReason cause, long now) {
        long sum = 0;
        for (int i = 0; i < count; i++) {
            hashes[i] = hashOf(records[i]);
            sum += table.touchIndex(hashes[i]);
        }
        touched = sum;
        for (int i = 0; i < count; i++) {
            end(records[i], hashes[i], cause, now);
        }
    }

    /** Ends a flow of a full table. */
    void makeRoom(long now) {
        int record = eviction.choose();
        end(record, hashOf(record), EndReason.EVICTED, now);
    }

    /** Reads ahead what making room will look at. */
    long touchVictims(int count) {
        return eviction.touch(count);
    }

    /** A flow has closed and stays for its linger. */
    void lingers(int record) {
        eviction.onClosed(record);
    }

    private int hashOf(int record) {
        table.loadKey(record, key);
        return (int) (hash.hash(key) >>> 32);
    }

    /**
     * Ends a flow: flushes its streams, reports, frees the record.
     *
     * @param hashOfKey where the index has it
     */
    void end(int record, int hashOfKey, EndReason cause, long now) {
        reports.ending(record, now);
        EndReason reason = reason(table.memory().get(LONG, table.at(record) + BITS), cause);
        store.ending(record, reason);
        tally.add(Tally.ended(reason), 1);
        tally.add(Tally.LIVE, -1);
        try {
            reports.ended(record, reason);
            if (cause == EndReason.EVICTED) {
                reports.anomaly(record, AnomalyKind.FLOW_TABLE_EVICTION, Side.INITIATOR);
            }
        } finally {
            remove(record, hashOfKey);
        }
    }

    private static EndReason reason(long bits, EndReason cause) {
        int state = FlowBits.state(bits);
        EndReason reason =
                state == States.CLOSED
                        ? EndReason.FIN
                        : state == States.RESET ? EndReason.RST : cause;
        int failure = (int) (bits >>> FlowBits.FAILURE_SHIFT) & 3;
        if (failure == 0 || reason == EndReason.EVICTED || reason == EndReason.REUSED) {
            return reason;
        }
        return failure == FlowBits.FAILED_OVERFLOW
                ? EndReason.BUFFER_OVERFLOW
                : EndReason.PARSE_ERROR;
    }

    private void remove(int record, int hashOfKey) {
        long at = table.at(record);
        store.beginChange(at);
        table.remove(record, hashOfKey);
        store.endChange(at);
        store.ended(record);
    }
}
