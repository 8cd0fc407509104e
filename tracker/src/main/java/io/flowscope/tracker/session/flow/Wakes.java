package io.flowscope.tracker.session.flow;

import org.jspecify.annotations.Nullable;

import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * Sessions whose parsers want to be called at a time, earliest first. A session is in here at most
 * once; one that closed stays until its time or until the closed are the majority.
 */
final class Wakes {
    private static final int FEW = 64;

    private final PriorityQueue<FlowSession> queue =
            new PriorityQueue<>(Comparator.comparingLong(FlowSession::queuedNanos));
    private int closed;

    void add(FlowSession session) {
        queue.add(session);
    }

    void remove(FlowSession session) {
        queue.remove(session);
    }

    /** A session that is in here has closed. */
    void closed() {
        closed++;
        if (closed > FEW && closed > queue.size() / 2) {
            queue.removeIf(FlowSession::isClosed);
            closed = 0;
        }
    }

    int size() {
        return queue.size();
    }

    /** Takes out the next session whose time has come, null if there is none. */
    @Nullable FlowSession due(long nowNanos) {
        FlowSession first = queue.peek();
        while (first != null && first.queuedNanos() <= nowNanos) {
            queue.remove();
            first.unqueued();
            if (!first.isClosed()) {
                return first;
            }
            closed = Math.max(0, closed - 1);
            first = queue.peek();
        }
        return null;
    }
}
