package io.flowscope.tracker.model;

import io.flowscope.tracker.AnomalyKind;
import io.flowscope.tracker.EndReason;
import io.flowscope.tracker.FlowListener;
import io.flowscope.tracker.FlowRecord;
import io.flowscope.tracker.FlowView;
import io.flowscope.tracker.RoundTripStatistics;
import io.flowscope.tracker.Side;
import io.flowscope.tracker.SideStatistics;
import io.flowscope.tracker.TcpState;
import io.flowscope.tracker.packet.PacketCursor;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Events as lines of text, each with everything the flow's record says at that moment. */
public final class EventLog implements FlowListener {
    public final List<String> lines = new ArrayList<>();

    @Override
    public void onStarted(FlowView flow) {
        lines.add("started " + text(flow.toRecord()));
    }

    @Override
    public void onAnomaly(FlowView flow, AnomalyKind kind, Side side) {
        lines.add("anomaly " + kind.label() + " " + side + " " + text(flow.toRecord()));
    }

    @Override
    public void onEstablished(FlowView flow) {
        lines.add("established " + text(flow.toRecord()));
    }

    @Override
    public void onStateChange(FlowView flow, TcpState from, TcpState to) {
        lines.add("state " + from + " " + to + " " + text(flow.toRecord()));
    }

    @Override
    public void onPacket(FlowView flow, Side side, PacketCursor packet) {
        lines.add("packet " + side + " " + packet.timestampNanos() + " " + text(flow.toRecord()));
    }

    @Override
    public void onIcmpError(FlowView flow, int type, int code) {
        lines.add("icmp " + type + "/" + code + " " + text(flow.toRecord()));
    }

    @Override
    public void onInterim(FlowView flow) {
        lines.add("interim " + text(flow.toRecord()));
    }

    @Override
    public void onEnded(FlowView flow, EndReason reason) {
        lines.add("ended " + reason.label() + " " + text(flow.toRecord()));
    }

    static String text(FlowRecord flow) {
        RoundTripStatistics trips = flow.roundTrips();
        return String.join(
                " ",
                flow.protocol()
                        + ("/" + flow.initiatorAddress() + ":" + flow.initiatorPort())
                        + (">" + flow.responderAddress() + ":" + flow.responderPort()),
                flow.flipped() ? "flipped" : "straight",
                flow.startedNanos() + "-" + flow.lastSeenNanos(),
                side(flow.initiator()),
                side(flow.responder()),
                flow.state().name(),
                flow.history().isEmpty() ? "-" : flow.history(),
                "rtt " + trips.count() + "," + trips.min() + "," + trips.max(),
                trips.sum() + "," + trips.last(),
                "connect " + flow.connectNanos(),
                "vlan " + flow.vlan(),
                flow.tunnel() == null ? "-" : flow.tunnel().name().toLowerCase(Locale.ROOT),
                "icmp " + flow.icmpType() + "/" + flow.icmpCode(),
                String.valueOf(flow.reason()));
    }

    private static String side(SideStatistics side) {
        return "[%d p %d b %d pl %d re %d ooo %d dup %d zw %d win %d-%d if%d]"
                .formatted(
                        side.packets(),
                        side.bytes(),
                        side.payloadBytes(),
                        side.retransmissions(),
                        side.outOfOrder(),
                        side.duplicateAcks(),
                        side.zeroWindows(),
                        side.window(),
                        side.firstNanos(),
                        side.lastNanos(),
                        side.interfaceIndex());
    }
}
