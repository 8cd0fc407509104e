package io.flowscope.tracker;

/**
 * How a flow's packets are distributed in size and time; measured only if {@link
 * TrackerOptions#moments()}.
 *
 * @param initiatorBytes wire lengths of the initiator's packets
 * @param responderBytes wire lengths of the responder's packets
 * @param initiatorIntervals nanoseconds between one packet of the initiator and its next
 * @param responderIntervals nanoseconds between one packet of the responder and its next
 * @param intervals nanoseconds between one packet of the flow and the next, whoever sent them
 */
public record FlowMoments(
        Distribution initiatorBytes,
        Distribution responderBytes,
        Distribution initiatorIntervals,
        Distribution responderIntervals,
        Distribution intervals) {}
