package io.flowscope.tracker;

import io.flowscope.tracker.packet.PacketCursor;

/**
 * Where streams and sessions are joined to the tracker. There is at most one implementation at a
 * time, so that the calls stay monomorphic; a tracker without streams has none, and pays a test
 * against null.
 */
interface FlowTap {
    /** A flow has started; its first packet comes next. */
    void onStarted(int record);

    /** A packet was counted and reported: now its payload. */
    void onPacket(int record, int side, PacketCursor packet, long now);

    /** A flow is about to end: what is held back is flushed, then parsers are closed. */
    void onEnding(int record, long now);

    /** Time has passed; called when the table is swept. */
    void onTime(long now);

    /** Whether anomalies of this flow's sequence numbers are reported from the streams instead. */
    boolean reports(int record);
}
