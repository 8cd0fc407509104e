package io.flowscope.cli.flows;

import io.flowscope.tracker.EndReason;
import io.flowscope.tracker.FlowView;
import io.flowscope.tracker.RoundTripStatistics;
import io.flowscope.tracker.Side;
import io.flowscope.tracker.TcpState;
import io.flowscope.tracker.packet.Encapsulation;

import org.jspecify.annotations.Nullable;

/**
 * One ended flow, copied out of the tracker's view so that it can be written at once, or kept and
 * sorted. Filled anew for each flow that is written at once: one object serves them all.
 */
public final class FlowRow {
    /** The input it was found in, null where there is only one. */
    @Nullable String file;

    /** Counts the rows of a run; breaks ties, so that equal input gives equal output. */
    long number;

    int protocol;
    int ipVersion;
    long sourceHigh;
    long sourceLow;
    long destinationHigh;
    long destinationLow;
    int sourcePort;
    int destinationPort;
    final SideCounts initiator = new SideCounts();
    final SideCounts responder = new SideCounts();
    long startedNanos;
    long lastSeenNanos;
    EndReason reason = EndReason.FINISHED;
    TcpState state = TcpState.ACTIVE;
    String history = "";
    boolean flipped;
    long roundTrips;
    long roundTripMinNanos;
    long roundTripSumNanos;
    int vlan = -1;
    int icmpType = -1;
    int icmpCode = -1;
    @Nullable Encapsulation tunnel;

    /** As Zeek names the protocol that was recognised; null where that is not asked. */
    @Nullable String service;

    /** What one side has sent. */
    static final class SideCounts {
        long packets;
        long bytes;
        long payload;
        long retransmits;

        /** As the IP headers state them; -1 where that is not asked, or not known. */
        long ipBytes = -1;

        /** The TCP flags of all packets, where {@link #ipBytes} is known. */
        int tcpFlags;

        private void fill(FlowView flow, Side side) {
            packets = flow.packets(side);
            bytes = flow.bytes(side);
            payload = flow.payloadBytes(side);
            retransmits = flow.retransmissions(side);
            ipBytes = FlowNotes.ipBytes(flow, side);
            tcpFlags = FlowNotes.tcpFlags(flow, side);
        }

        private void copy(SideCounts from) {
            packets = from.packets;
            bytes = from.bytes;
            payload = from.payload;
            retransmits = from.retransmits;
            ipBytes = from.ipBytes;
            tcpFlags = from.tcpFlags;
        }
    }

    /** Takes the numbers of a flow that has ended. */
    public FlowRow fill(FlowView flow, EndReason why, @Nullable String input) {
        file = input;
        protocol = flow.protocol();
        ipVersion = flow.ipVersion();
        sourceHigh = flow.addressHigh(Side.INITIATOR);
        sourceLow = flow.addressLow(Side.INITIATOR);
        destinationHigh = flow.addressHigh(Side.RESPONDER);
        destinationLow = flow.addressLow(Side.RESPONDER);
        sourcePort = flow.port(Side.INITIATOR);
        destinationPort = flow.port(Side.RESPONDER);
        initiator.fill(flow, Side.INITIATOR);
        responder.fill(flow, Side.RESPONDER);
        startedNanos = flow.startedNanos();
        lastSeenNanos = flow.lastSeenNanos();
        reason = why;
        state = flow.state();
        history = flow.history();
        flipped = flow.flipped();
        RoundTripStatistics times = flow.roundTrips();
        roundTrips = times.count();
        roundTripMinNanos = times.min();
        roundTripSumNanos = times.sum();
        vlan = flow.vlan();
        icmpType = flow.icmpType();
        icmpCode = flow.icmpCode();
        tunnel = flow.tunnel();
        service = FlowNotes.service(flow);
        return this;
    }

    /** The same row, with its place among all. */
    public FlowRow numbered(long place) {
        number = place;
        return this;
    }

    /** Another row with the same values, to keep. */
    public FlowRow copy() {
        FlowRow copy = new FlowRow();
        copy.file = file;
        copy.number = number;
        copy.protocol = protocol;
        copy.ipVersion = ipVersion;
        copy.sourceHigh = sourceHigh;
        copy.sourceLow = sourceLow;
        copy.destinationHigh = destinationHigh;
        copy.destinationLow = destinationLow;
        copy.sourcePort = sourcePort;
        copy.destinationPort = destinationPort;
        copy.initiator.copy(initiator);
        copy.responder.copy(responder);
        copy.startedNanos = startedNanos;
        copy.lastSeenNanos = lastSeenNanos;
        copy.reason = reason;
        copy.state = state;
        copy.history = history;
        copy.flipped = flipped;
        copy.roundTrips = roundTrips;
        copy.roundTripMinNanos = roundTripMinNanos;
        copy.roundTripSumNanos = roundTripSumNanos;
        copy.vlan = vlan;
        copy.icmpType = icmpType;
        copy.icmpCode = icmpCode;
        copy.tunnel = tunnel;
        copy.service = service;
        return copy;
    }

    /** Whether its protocol has ports, though they be 0. */
    boolean hasPorts() {
        return Protocols.hasPorts(protocol);
    }

    long packets() {
        return initiator.packets + responder.packets;
    }

    long bytes() {
        return initiator.bytes + responder.bytes;
    }

    long payload() {
        return initiator.payload + responder.payload;
    }

    long retransmits() {
        return initiator.retransmits + responder.retransmits;
    }

    long durationNanos() {
        return Math.max(0, lastSeenNanos - startedNanos);
    }

    /** The mean round trip, 0 if none was measured. */
    long roundTripMeanNanos() {
        return roundTrips == 0 ? 0 : roundTripSumNanos / roundTrips;
    }
}
