package io.flowscope.tracker;

import io.flowscope.tracker.packet.PacketCursor;
import io.flowscope.tracker.table.FlowBits;
import io.flowscope.tracker.tcp.RoundTrips;
import io.flowscope.tracker.tcp.Segments;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;

/**
 * Tells listener, hook and tap what became of a packet and of flows, in the promised order: start,
 * anomalies, state, packet, what its payload brought, interim, end. Counts anomalies.
 *
 * <p>Owner: the tracker's thread.
 */
final class FlowReports {
    final FlowView view;
    private final EventSink events;
    private final Tally tally;
    private final Segments segments;
    private final @Nullable RoundTrips roundTrips;
    private final @Nullable Observers observers;
    private final @Nullable FlowTap tap;
    private final @Nullable InterimReports interim;
    private final boolean packetEvents;
    private final boolean watchesOrdinary;
    private final boolean watchesPackets;

    FlowReports(
            Arena arena,
            TrackerOptions options,
            FlowStore store,
            Tally tally,
            EventSink events,
            Segments segments,
            @Nullable RoundTrips roundTrips,
            @Nullable FlowTap tap) {
        this.events = events;
        this.tally = tally;
        this.segments = segments;
        this.roundTrips = roundTrips;
        this.tap = tap;
        view = new FlowView(store);
        observers = Observers.find(options, tally, store.table);
        interim =
                options.activeTimeout() != null && events.wantsInterim()
                        ? new InterimReports(
                                arena, options.maxFlows(), options.activeTimeout().toNanos())
                        : null;
        packetEvents = events.wantsPackets();
        watchesOrdinary = packetEvents || tap != null || interim != null;
        watchesPackets = watchesOrdinary || (Gates.METRICS && observers != null);
    }

    @Nullable Observers observers() {
        return observers;
    }

    /** Whether somebody wants to know of every packet, so that {@link #packet} must be called. */
    boolean watchesPackets() {
        return watchesPackets;
    }

    /** A flow has a record from now on; {@link #changes} says so when its packet is counted. */
    void opened(int record, long now) {
        if (interim != null) {
            interim.start(record, now);
        }
    }

    /** What comes before the packet's own event. */
    void changes(
            int record, int side, boolean starts, boolean changed, int stateBefore, boolean tcp) {
        view.moveTo(record);
        if (starts) {
            if ((Gates.METRICS || Gates.TRACING) && observers != null) {
                observers.started(view);
            }
            events.started(view);
            if (tap != null) {
                tap.onStarted(record);
            }
        }
        if (tcp && segments.findings() != 0) {
            findings(record, side, segments.findings());
        }
        if (changed) {
            view.moveTo(record);
            events.state(view, TcpState.of(stateBefore), view.state());
        }
    }

    private void findings(int record, int side, int found) {
        if ((found & Segments.RESET_IGNORED) != 0) {
            tally.add(Tally.RESETS_IGNORED, 1);
        }
        if (tap != null && tap.reports(record)) {
            if ((found & Segments.RESET_IGNORED) != 0) {
                anomaly(record, AnomalyKind.OUT_OF_WINDOW, side(side));
            }
            return;
        }
        if ((found & Segments.OUT_OF_ORDER) != 0) {
            anomaly(record, AnomalyKind.OOO_SEGMENT, side(side));
        }
        if ((found & (Segments.OUT_OF_WINDOW | Segments.RESET_IGNORED)) != 0) {
            anomaly(record, AnomalyKind.OUT_OF_WINDOW, side(side));
        }
        if ((found & Segments.GAP) != 0) {
            anomaly(record, AnomalyKind.GAP, side(1 - side));
        }
    }

    /** Counts an anomaly and reports it if that is wanted. */
    void anomaly(int record, AnomalyKind kind, Side side) {
        tally.add(Tally.anomalies(kind), 1);
        view.moveTo(record);
        if ((Gates.METRICS || Gates.TRACING) && observers != null) {
            observers.anomaly(view, kind, side);
        }
        events.anomaly(view, kind, side);
    }

    /** The packet's own event. */
    void packet(int record, int side, PacketCursor packet) {
        if (packetEvents) {
            events.packet(view.moveTo(record), side(side), packet);
        }
    }

    /** An error that a packet brought about another one, which was a flow's. */
    void icmpError(int record, PacketCursor packet) {
        tally.add(Tally.ICMP_ERRORS, 1);
        events.icmpError(view.moveTo(record), packet.icmpType(), packet.icmpCode());
    }

    /**
     * An ordinary packet, for all who watch. Nearly every packet is one: of metrics only what this
     * packet has is looked at.
     *
     * @param bits the flow's
     * @param verdict of {@link OrdinaryPackets}
     */
    void ordinary(int record, Lane lane, long bits, int verdict, long now) {
        if (watchesOrdinary) {
            int side = FlowEngine.side(lane.key, bits);
            packet(record, side, lane.packet);
            payload(record, side, lane.packet, false, now);
            return;
        }
        if (Gates.METRICS && observers != null) {
            if ((bits & FlowBits.LOCAL) != 0) {
                observers.bytes(record, FlowEngine.side(lane.key, bits), lane.packet);
            }
            if ((verdict & Segments.PROGRESS) != 0) {
                latencies(observers, record, false, now);
            }
        }
    }

    /**
     * What follows the packet's own event.
     *
     * @param judged whether its TCP header was looked at in full, so that there can be findings
     */
    void payload(int record, int side, PacketCursor packet, boolean judged, long now) {
        if (tap != null) {
            tap.onPacket(record, side, packet, now);
        }
        if (Gates.METRICS && observers != null) {
            observers.bytes(record, side, packet);
            latencies(observers, record, judged, now);
        }
        if (interim != null && interim.isDue(record, now)) {
            events.interim(view.moveTo(record));
        }
    }

    private void latencies(Observers to, int record, boolean judged, long now) {
        if (judged && (segments.findings() & Segments.CONNECTED) != 0) {
            to.latency(record, LatencyKind.CONNECT, segments.connectNanos(), now);
        }
        long sample = roundTrips == null ? RoundTrips.NONE : roundTrips.takeSample();
        if (sample != RoundTrips.NONE) {
            to.latency(record, LatencyKind.ROUND_TRIP, sample, now);
        }
    }

    /** Time went on, with or without packets. */
    void time(long now) {
        if (tap != null) {
            tap.onTime(now);
        }
    }

    /** A flow ends soon: what its streams still hold comes before its end. */
    void ending(int record, long now) {
        if (tap != null) {
            tap.onEnding(record, now);
        }
    }

    /** The last that is heard of a flow, whose record still holds it. */
    void ended(int record, EndReason reason) {
        view.moveTo(record);
        if ((Gates.METRICS || Gates.TRACING) && observers != null) {
            observers.ended(view, reason);
        }
        events.ended(view, reason);
    }

    private static Side side(int number) {
        return number == 0 ? Side.INITIATOR : Side.RESPONDER;
    }
}
