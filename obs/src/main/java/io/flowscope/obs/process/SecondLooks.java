package io.flowscope.obs.process;

import io.flowscope.tracker.TrackerMeasurements;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

/**
 * Flows whose owner was not to be found when they began: a connection may not be accepted yet, a
 * socket too new to be seen. Each waits for its next look, {@link #DELAYS_MILLIS} after the one
 * before; at most {@link #MOST} wait, so that sockets that nobody has cost little.
 *
 * <p>Owner: the thread that looks up.
 */
final class SecondLooks {
    static final int MOST = 512;
    private static final int[] DELAYS_MILLIS = {20, 100, 500};

    /**
     * A flow that waits.
     *
     * @param request as {@link FlowRequests} has it, own copy
     * @param looks how many there were
     */
    @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
    record Waiting(TrackerMeasurements measurements, long[] request, int looks, long dueNanos) {}

    /** By looks taken: each queue is in the order of time. */
    private final List<Queue<Waiting>> queues = new ArrayList<>();

    private int size;

    SecondLooks() {
        for (int i = 0; i < DELAYS_MILLIS.length; i++) {
            queues.add(new ArrayDeque<>());
        }
    }

    /** Keeps a flow for another look; false if it has had enough, or too many wait. */
    boolean add(TrackerMeasurements measurements, long[] request, int looks, long nowNanos) {
        if (looks > DELAYS_MILLIS.length || size == MOST) {
            return false;
        }
        int queue = looks - 1;
        long due = nowNanos + TimeUnit.MILLISECONDS.toNanos(DELAYS_MILLIS[queue]);
        queues.get(queue).add(new Waiting(measurements, request.clone(), looks, due));
        size++;
        return true;
    }

    /** Takes one whose time has come; null if there is none. */
    @Nullable Waiting due(long nowNanos) {
        for (Queue<Waiting> queue : queues) {
            Waiting first = queue.peek();
            if (first != null && first.dueNanos - nowNanos <= 0) {
                size--;
                return queue.remove();
            }
        }
        return null;
    }
}
