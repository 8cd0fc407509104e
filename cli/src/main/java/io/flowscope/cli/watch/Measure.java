package io.flowscope.cli.watch;

import io.flowscope.tracker.FlowRecord;
import io.flowscope.tracker.FlowView;
import io.flowscope.tracker.RoundTripStatistics;
import io.flowscope.tracker.Side;

import java.util.function.ToLongFunction;

/** What flows are compared by; most first. */
@SuppressWarnings("ImmutableEnumChecker") // functions of their argument alone
public enum Measure {
    /** Wire bytes of both sides. */
    BYTES(FlowView::bytes, flow -> flow.initiator().bytes() + flow.responder().bytes()),
    /** Packets of both sides. */
    PACKETS(FlowView::packets, flow -> flow.initiator().packets() + flow.responder().packets()),
    /** Mean round trip in nanoseconds, 0 if none was measured. */
    ROUND_TRIP(flow -> mean(flow.roundTrips()), flow -> mean(flow.roundTrips())),
    /** Retransmitted segments of both sides. */
    RETRANSMITS(
            flow -> flow.retransmissions(Side.INITIATOR) + flow.retransmissions(Side.RESPONDER),
            flow -> flow.initiator().retransmissions() + flow.responder().retransmissions());

    private final ToLongFunction<FlowView> ofView;
    private final ToLongFunction<FlowRecord> ofRecord;

    Measure(ToLongFunction<FlowView> ofView, ToLongFunction<FlowRecord> ofRecord) {
        this.ofView = ofView;
        this.ofRecord = ofRecord;
    }

    private static long mean(RoundTripStatistics times) {
        return Math.round(times.mean());
    }

    /** Of a flow in the tracker. */
    public long of(FlowView flow) {
        return ofView.applyAsLong(flow);
    }

    /** Of a flow that was copied. */
    public long of(FlowRecord flow) {
        return ofRecord.applyAsLong(flow);
    }
}
