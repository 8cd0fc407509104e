package io.flowscope.tracker.session.flow;

import io.flowscope.tracker.Side;
import io.flowscope.tracker.session.CloseReason;

/** Where messages go; the tracker, which knows the flow by the number it gave. */
public interface SessionHost {
    /** A message is complete. */
    void onMessage(int record, Side side, long timestampNanos, Object message);

    /**
     * A flow's parser was closed.
     *
     * @param side whose bytes, or end, was the last that it was shown
     * @param detail why it failed; empty otherwise
     */
    void onParserClosed(int record, Side side, String protocol, CloseReason reason, String detail);

    /** Nothing more of a flow is read, whether it ever had a parser or not; may be told twice. */
    void onUnread(int record);
}
