package io.flowscope.obs.trace;

import io.flowscope.obs.Labels;
import io.flowscope.obs.jfr.AnomalyEvent;
import io.flowscope.obs.jfr.FlowEndedEvent;
import io.flowscope.tracker.AnomalyKind;
import io.flowscope.tracker.EndReason;
import io.flowscope.tracker.FlowHook;
import io.flowscope.tracker.FlowView;
import io.flowscope.tracker.Side;

import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.apache.logging.log4j.message.StringMapMessage;

/**
 * Reports flows, anomalies and messages to three loggers, as maps that a JSON layout prints field
 * by field, and to the flight recorder. Nothing is made before the level, or the recording, has
 * been asked. One hook may serve any number of trackers.
 *
 * <ul>
 *   <li>{@code flowscope.flow}, INFO: {@code flow started} with l4; {@code flow ended} with l4,
 *       reason, packets, bytes
 *   <li>{@code flowscope.anomaly}, WARN: kind, side, l4
 *   <li>{@code flowscope.message}, TRACE: side, message; only with its own gate
 * </ul>
 */
public final class TracingHook implements FlowHook {
    private static final Logger FLOW = LogManager.getLogger("flowscope.flow");
    private static final Logger ANOMALY = LogManager.getLogger("flowscope.anomaly");
    private static final Logger MESSAGE = LogManager.getLogger("flowscope.message");

    private static final String EVENT = "event";

    /** A hook. */
    public TracingHook() {}

    @Override
    public void onStarted(FlowView flow) {
        if (FLOW.isInfoEnabled()) {
            FLOW.info(
                    new StringMapMessage()
                            .with(EVENT, "flow started")
                            .with("l4", Labels.of(flow.transport())));
        }
    }

    @Override
    public void onEnded(FlowView flow, EndReason reason) {
        if (FLOW.isInfoEnabled()) {
            FLOW.info(
                    new StringMapMessage()
                            .with(EVENT, "flow ended")
                            .with("l4", Labels.of(flow.transport()))
                            .with("reason", Labels.of(reason))
                            .with("packets", flow.packets())
                            .with("bytes", flow.bytes()));
        }
        FlowEndedEvent event = new FlowEndedEvent();
        if (event.isEnabled()) {
            event.l4 = Labels.of(flow.transport());
            event.reason = Labels.of(reason);
            event.packets = flow.packets();
            event.bytes = flow.bytes();
            event.flowDuration = flow.durationNanos();
            event.commit();
        }
    }

    @Override
    public void onAnomaly(FlowView flow, AnomalyKind kind, Side side) {
        if (ANOMALY.isWarnEnabled()) {
            ANOMALY.warn(
                    new StringMapMessage()
                            .with(EVENT, "anomaly")
                            .with("kind", Labels.of(kind))
                            .with("side", Labels.of(side))
                            .with("l4", Labels.of(flow.transport())));
        }
        AnomalyEvent event = new AnomalyEvent();
        if (event.isEnabled()) {
            event.kind = Labels.of(kind);
            event.side = Labels.of(side);
            event.l4 = Labels.of(flow.transport());
            event.commit();
        }
    }

    @Override
    public void onMessage(FlowView flow, Side side, Object message) {
        if (MESSAGE.isTraceEnabled()) {
            MESSAGE.trace(
                    new StringMapMessage()
                            .with("side", Labels.of(side))
                            .with("message", message.toString()));
        }
    }
}
