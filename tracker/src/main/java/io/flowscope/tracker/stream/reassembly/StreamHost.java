package io.flowscope.tracker.stream.reassembly;

import io.flowscope.tracker.AnomalyKind;
import io.flowscope.tracker.FlowView;
import io.flowscope.tracker.stream.StreamEnd;

/** What the reassembler needs of the tracker that drives it. */
public interface StreamHost {
    /**
     * The view of a flow, for a consumer to look at during its call.
     *
     * @param flow the number given to {@link Reassembler#open}
     */
    FlowView flow(long flow);

    /**
     * Something is wrong with a stream; told directly before the bytes or the gap it concerns, at
     * most once per side and kind in one call of the reassembler.
     *
     * @param side 0 for the initiator's stream, 1 for the responder's
     * @param bytes how many bytes are concerned
     */
    void onAnomaly(long flow, int side, AnomalyKind kind, long bytes, long nowNanos);

    /**
     * A stream failed: {@link StreamEnd#BUFFER_OVERFLOW} or {@link StreamEnd#PARSE_ERROR}, which is
     * the reason with which the flow will end, unless an earlier failure is. Of an overflow the
     * anomaly was told before.
     */
    void onFailure(long flow, int side, StreamEnd failure, long nowNanos);

    /**
     * A side is over for good, and its consumer has been told: its numbers.
     *
     * @param droppedOutOfOrder how often bytes were dropped because of their position
     * @param oversizeBytes bytes given up because of a limit of memory
     * @param highWaterBytes the most that ever waited behind a hole
     */
    void onClosed(
            long flow, int side, long droppedOutOfOrder, long oversizeBytes, int highWaterBytes);
}
