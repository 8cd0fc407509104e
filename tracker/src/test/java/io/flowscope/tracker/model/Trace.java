package io.flowscope.tracker.model;

import io.flowscope.tracker.AnomalyKind;
import io.flowscope.tracker.EndReason;
import io.flowscope.tracker.FlowListener;
import io.flowscope.tracker.FlowRecord;
import io.flowscope.tracker.FlowTracker;
import io.flowscope.tracker.FlowView;
import io.flowscope.tracker.Side;
import io.flowscope.tracker.TcpState;
import io.flowscope.tracker.TrackerOptions;
import io.flowscope.tracker.model.TestPacket.Endpoint;
import io.flowscope.tracker.packet.PacketCursor;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;

/** A tracker with short names for its events, for tests that tell a small story. */
public final class Trace implements FlowListener, AutoCloseable {
    public static final long SECOND = 1_000_000_000L;
    public static final long START = 1_700_000_000L * SECOND;
    public static final Endpoint CLIENT = new Endpoint(false, 9, 40000);
    public static final Endpoint SERVER = new Endpoint(false, 2, 80);

    public final List<String> events = new ArrayList<>();
    public final List<FlowRecord> ended = new ArrayList<>();
    public final FlowTracker tracker;
    private final Arena arena = Arena.ofConfined();

    public Trace() {
        this(TrackerOptions.builder().anomalies(true).build());
    }

    public Trace(TrackerOptions options) {
        tracker = new FlowTracker(options, this);
    }

    /** Tracks packets, each at its own time after the start. */
    public Trace send(TestPacket... packets) {
        for (TestPacket packet : packets) {
            TestPacket timed = packet.copy();
            timed.time = START + packet.time;
            new PacketBatch(arena, List.of(timed)).feed(tracker, 0, 1);
        }
        return this;
    }

    /** The flow that ended last. */
    public FlowRecord last() {
        return ended.getLast();
    }

    /** Events of flows since the last call, without packets. */
    public List<String> take() {
        List<String> taken = events.stream().filter(e -> !e.startsWith("packet")).toList();
        events.clear();
        return taken;
    }

    /** The record of the only live flow. */
    public FlowRecord live() {
        List<FlowRecord> flows = tracker.snapshot();
        if (flows.size() != 1) {
            throw new AssertionError(flows.size() + " flows: " + flows);
        }
        return flows.getFirst();
    }

    @Override
    public void onStarted(FlowView flow) {
        events.add("started");
    }

    @Override
    public void onAnomaly(FlowView flow, AnomalyKind kind, Side side) {
        events.add(kind.label());
    }

    @Override
    public void onEstablished(FlowView flow) {
        events.add("established");
    }

    @Override
    public void onStateChange(FlowView flow, TcpState from, TcpState to) {
        events.add(to.label());
    }

    @Override
    public void onPacket(FlowView flow, Side side, PacketCursor packet) {
        events.add("packet");
    }

    @Override
    public void onIcmpError(FlowView flow, int type, int code) {
        events.add("icmp " + type + "/" + code);
    }

    @Override
    public void onInterim(FlowView flow) {
        events.add("interim");
    }

    @Override
    public void onEnded(FlowView flow, EndReason reason) {
        events.add("ended " + reason.label());
        ended.add(flow.toRecord());
    }

    @Override
    public void close() {
        tracker.close();
        arena.close();
    }
}
