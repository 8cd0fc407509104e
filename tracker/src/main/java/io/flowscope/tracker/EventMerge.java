package io.flowscope.tracker;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Brings the events of several trackers into one order: that of the packets that caused them. Each
 * tracker's thread fills its own list, already in that order; the caller's thread merges them.
 */
final class EventMerge {
    private static final class Queue {
        final List<FlowEvent> events = new ArrayList<>();
        final List<Long> orders = new ArrayList<>();
        LongSupplier order = () -> 0;
        int next;

        void add(FlowEvent event) {
            events.add(event);
            orders.add(order.getAsLong());
        }
    }

    private final List<Queue> queues = new ArrayList<>();
    private final Consumer<? super FlowEvent> to;

    /** For a number of trackers, 0 if their events are not to be merged. */
    EventMerge(int shards, Consumer<? super FlowEvent> to) {
        this.to = to;
        for (int i = 0; i < shards; i++) {
            queues.add(new Queue());
        }
    }

    /** The listener of one tracker. */
    FlowListener listener(int shard) {
        Queue queue = queues.get(shard);
        return FlowEvent.listener(queue::add);
    }

    /** Says what tells where a tracker's present event belongs among all. */
    void attach(int shard, LongSupplier order) {
        if (!queues.isEmpty()) {
            queues.get(shard).order = order;
        }
    }

    /** The caller's thread, when the others are done. */
    void deliver() {
        try {
            Queue first = first();
            while (first != null) {
                to.accept(first.events.get(first.next++));
                first = first();
            }
        } finally {
            for (Queue queue : queues) {
                queue.events.clear();
                queue.orders.clear();
                queue.next = 0;
            }
        }
    }

    private @Nullable Queue first() {
        Queue first = null;
        for (Queue queue : queues) {
            boolean left = queue.next < queue.events.size();
            if (left && (first == null || order(queue) < order(first))) {
                first = queue;
            }
        }
        return first;
    }

    private static long order(Queue queue) {
        return queue.orders.get(queue.next);
    }
}
