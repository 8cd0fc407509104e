package io.flowscope.tracker;

/**
 * An observer beside the listener: metrics or tracing. Called on the tracker's thread, before the
 * listener hears the same, and only if its gate in {@link Gates} is open. It must not throw, block
 * or allocate per flow. A view is valid during the call.
 */
public interface FlowHook {
    /** A tracker begins to work; the measurements can be read from any thread from here on. */
    default void onAttached(TrackerMeasurements measurements) {}

    /** The tracker is being closed; its measurements stay as they are. */
    default void onDetached(TrackerMeasurements measurements) {}

    /** A flow has started. */
    default void onStarted(FlowView flow) {}

    /** Something is wrong with a flow; called for every anomaly, wanted as event or not. */
    default void onAnomaly(FlowView flow, AnomalyKind kind, Side side) {}

    /**
     * A flow's stream is over, once per side that was reassembled, before the flow's end.
     *
     * @param droppedOutOfOrder how often bytes were dropped because of their position
     * @param droppedOversizeBytes bytes that were dropped because a buffer was full
     * @param highWatermarkBytes the most bytes that were held at a time
     */
    default void onReassembled(
            FlowView flow,
            Side side,
            long droppedOutOfOrder,
            long droppedOversizeBytes,
            long highWatermarkBytes) {}

    /** A flow has ended, with its final numbers. */
    default void onEnded(FlowView flow, EndReason reason) {}

    /**
     * A session's message is complete; only with {@link Gates#MESSAGES}.
     *
     * @param message immutable
     */
    default void onMessage(FlowView flow, Side side, Object message) {}
}
