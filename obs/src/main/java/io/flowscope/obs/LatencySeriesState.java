package io.flowscope.obs;

import java.util.concurrent.TimeUnit;

/**
 * A series of latencies from one refresh to the next: whether it still moves. Written by the thread
 * that refreshes, read by any.
 */
final class LatencySeriesState {
    /** How long the latest value is shown. */
    static final long SHOWN_NANOS = TimeUnit.MINUTES.toNanos(5);

    private final String type;
    private final String process;
    private volatile Latencies values = new Latencies();
    private long movedNanos;

    LatencySeriesState(String type, String process) {
        this.type = type;
        this.process = process;
    }

    String[] tags() {
        return new String[] {MetricNames.TYPE, type, MetricNames.PROCESS_NAME, process};
    }

    Latencies values() {
        return values;
    }

    double latestSeconds() {
        return values.lastNanos / 1e9;
    }

    /** Takes new values; true if the latest of them is still to be shown. */
    boolean update(Latencies now, long nowNanos) {
        if (now.count != values.count) {
            movedNanos = nowNanos;
        }
        values = now;
        return now.count != 0 && nowNanos - movedNanos < SHOWN_NANOS;
    }
}
