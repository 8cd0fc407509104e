package io.flowscope.tracker;

import static io.flowscope.tracker.table.FlowLayout.BITS;
import static io.flowscope.tracker.table.FlowLayout.LONG;
import static io.flowscope.tracker.table.FlowLayout.OWNER;
import static io.flowscope.tracker.table.FlowLayout.SHORT;
import static io.flowscope.tracker.table.FlowLayout.STARTED;

import io.flowscope.tracker.packet.PacketCursor;
import io.flowscope.tracker.table.FlowBits;
import io.flowscope.tracker.table.FlowTable;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;

/**
 * A tracker's hooks and what it measures for them. Every call of this class stands behind a gate
 * and out of line, so that a tracker without hooks is compiled as if there were none.
 */
final class Observers {
    final TrackerMeasurements measurements;
    private final FlowHook[] hooks;
    private final FlowTable table;
    private final MemorySegment memory;

    private Observers(List<FlowHook> hooks, Tally tally, FlowTable table) {
        this.hooks = hooks.toArray(FlowHook[]::new);
        this.table = table;
        this.memory = table.memory();
        this.measurements = new TrackerMeasurements(tally);
    }

    /** The hooks that the options name, else those that are found; null if there are none. */
    static @Nullable Observers find(TrackerOptions options, Tally tally, FlowTable table) {
        List<FlowHook> hooks = new ArrayList<>();
        FlowHook metrics = options.metricsHook();
        FlowHook tracing = options.tracingHook();
        if (metrics != null) {
            Gates.require(Gates.METRICS, "flowscope.metrics");
            hooks.add(metrics);
        }
        if (tracing != null) {
            Gates.require(Gates.TRACING, "flowscope.tracing");
            hooks.add(tracing);
        }
        boolean search = (Gates.METRICS && metrics == null) || (Gates.TRACING && tracing == null);
        if (search) {
            for (FlowHookProvider provider : ServiceLoader.load(FlowHookProvider.class)) {
                add(hooks, Gates.METRICS && metrics == null ? provider.metrics() : null);
                add(hooks, Gates.TRACING && tracing == null ? provider.tracing() : null);
            }
        }
        return hooks.isEmpty() ? null : new Observers(hooks, tally, table);
    }

    private static void add(List<FlowHook> to, @Nullable FlowHook hook) {
        if (hook != null) {
            to.add(hook);
        }
    }

    void attached() {
        for (FlowHook hook : hooks) {
            hook.onAttached(measurements);
        }
    }

    void detached() {
        for (FlowHook hook : hooks) {
            hook.onDetached(measurements);
        }
    }

    void started(FlowView flow) {
        for (FlowHook hook : hooks) {
            hook.onStarted(flow);
        }
    }

    void anomaly(FlowView flow, AnomalyKind kind, Side side) {
        for (FlowHook hook : hooks) {
            hook.onAnomaly(flow, kind, side);
        }
    }

    void reassembled(
            FlowView flow,
            Side side,
            long droppedOutOfOrder,
            long droppedOversizeBytes,
            long highWatermarkBytes) {
        for (FlowHook hook : hooks) {
            hook.onReassembled(
                    flow, side, droppedOutOfOrder, droppedOversizeBytes, highWatermarkBytes);
        }
    }

    void message(FlowView flow, Side side, Object message) {
        for (FlowHook hook : hooks) {
            hook.onMessage(flow, side, message);
        }
    }

    void ended(FlowView flow, EndReason reason) {
        for (FlowHook hook : hooks) {
            hook.onEnded(flow, reason);
        }
    }

    /** Adds a packet's payload to its owner's bytes, in each direction that is this host's. */
    void bytes(int record, int side, PacketCursor packet) {
        long at = table.at(record);
        long bits = memory.get(LONG, at + BITS);
        int local = (int) (bits >>> FlowBits.LOCAL_SHIFT) & 3;
        if (local != 0) {
            int owner = (memory.get(SHORT, at + OWNER) & 0xffff);
            if ((local >> side & 1) != 0) {
                measurements.sent(owner, packet.payloadLength());
            }
            if ((local >> (1 - side) & 1) != 0) {
                measurements.received(owner, packet.payloadLength());
            }
        }
    }

    /** A latency of a flow. */
    void latency(int record, LatencyKind kind, long nanos, long now) {
        measurements.latency(
                kind, (memory.get(SHORT, table.at(record) + OWNER) & 0xffff), nanos, now);
    }

    /** Applies the attributions that have come since the last batch. */
    void attribute() {
        TrackerMeasurements.Attribution next = measurements.nextAttribution();
        while (next != null) {
            int record = next.slot();
            if (record >= 0
                    && record < table.used()
                    && table.isLive(record)
                    && memory.get(LONG, table.farAt(record) + STARTED) == next.startedNanos()) {
                memory.set(SHORT, table.at(record) + OWNER, (short) next.owner());
            } else {
                measurements.tooLate();
            }
            next = measurements.nextAttribution();
        }
    }
}
