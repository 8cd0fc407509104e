package io.flowscope.obs;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The histograms that trackers themselves count for one registry; null is one that the registry's
 * own meter is fed for, or that is not wanted.
 */
record OwnHistograms(
        @Nullable OwnHistogram duration,
        @Nullable OwnHistogram packets,
        @Nullable OwnHistogram bytes,
        @Nullable OwnHistogram initiatorsHighWatermark,
        @Nullable OwnHistogram respondersHighWatermark) {
    List<OwnHistogram> all() {
        return Stream.of(duration, packets, bytes, initiatorsHighWatermark, respondersHighWatermark)
                .filter(Objects::nonNull)
                .toList();
    }

    /** For one more tracker. */
    FlowBuckets open() {
        return new FlowBuckets(
                open(duration),
                open(packets),
                open(bytes),
                open(initiatorsHighWatermark),
                open(respondersHighWatermark));
    }

    private static @Nullable Buckets open(@Nullable OwnHistogram of) {
        return of == null ? null : of.open();
    }

    /** A tracker counts no more. */
    void close(FlowBuckets buckets) {
        close(duration, buckets.duration());
        close(packets, buckets.packets());
        close(bytes, buckets.bytes());
        close(initiatorsHighWatermark, buckets.initiatorsHighWatermark());
        close(respondersHighWatermark, buckets.respondersHighWatermark());
    }

    private static void close(@Nullable OwnHistogram of, @Nullable Buckets buckets) {
        if (of != null && buckets != null) {
            of.close(buckets);
        }
    }

    void drain() {
        all().forEach(OwnHistogram::drain);
    }
}
