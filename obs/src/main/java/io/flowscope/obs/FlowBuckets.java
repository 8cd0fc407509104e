package io.flowscope.obs;

import org.jspecify.annotations.Nullable;

/** What one tracker counts of its flows for one registry; the tracker's thread writes. */
record FlowBuckets(
        @Nullable Buckets duration,
        @Nullable Buckets packets,
        @Nullable Buckets bytes,
        @Nullable Buckets initiatorsHighWatermark,
        @Nullable Buckets respondersHighWatermark)
        implements FlowEndQueue.Meters {
    @Override
    public void flow(long durationNanos, long flowPackets, long flowBytes) {
        record(duration, durationNanos);
        record(packets, flowPackets);
        record(bytes, flowBytes);
    }

    @Override
    public void highWatermark(int side, long held) {
        record(side == 0 ? initiatorsHighWatermark : respondersHighWatermark, held);
    }

    private static void record(@Nullable Buckets into, long sample) {
        if (into != null) {
            into.record(sample);
        }
    }
}
