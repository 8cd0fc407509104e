package io.flowscope.tracker;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Brings the results of several trackers into one order: that of the packets that caused them. Each
 * tracker's thread fills its own list, already in that order; the caller's thread merges them. The
 * results of a single tracker are not held back.
 */
final class ResultMerge<R> {
    private static final class Queue<R> {
        final List<R> results = new ArrayList<>();
        final List<Long> orders = new ArrayList<>();
        LongSupplier order = () -> 0;
        int next;

        void add(R result) {
            results.add(result);
            orders.add(order.getAsLong());
        }
    }

    private final List<Queue<R>> queues = new ArrayList<>();
    private final Consumer<? super R> to;

    /** For a number of trackers, 0 if there are no results. */
    ResultMerge(int shards, Consumer<? super R> to) {
        this.to = to;
        for (int i = 0; i < shards; i++) {
            queues.add(new Queue<>());
        }
    }

    /** Where one tracker's results go. */
    Consumer<R> of(int shard) {
        return queues.size() == 1 ? to::accept : queues.get(shard)::add;
    }

    /** Says what tells where a tracker's present result belongs among all. */
    void attach(int shard, LongSupplier order) {
        if (!queues.isEmpty()) {
            queues.get(shard).order = order;
        }
    }

    /** The caller's thread, when the others are done. */
    void deliver() {
        try {
            Queue<R> first = first();
            while (first != null) {
                to.accept(first.results.get(first.next++));
                first = first();
            }
        } finally {
            for (Queue<R> queue : queues) {
                queue.results.clear();
                queue.orders.clear();
                queue.next = 0;
            }
        }
    }

    private @Nullable Queue<R> first() {
        Queue<R> first = null;
        for (Queue<R> queue : queues) {
            boolean left = queue.next < queue.results.size();
            if (left && (first == null || order(queue) < order(first))) {
                first = queue;
            }
        }
        return first;
    }

    private static long order(Queue<?> queue) {
        return queue.orders.get(queue.next);
    }
}
