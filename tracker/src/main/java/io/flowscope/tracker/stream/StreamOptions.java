package io.flowscope.tracker.stream;

import java.util.ArrayList;
import java.util.List;

/**
 * Limits and policies of reassembly; immutable. {@link #defaults()}, or {@link #builder()}.
 *
 * @param overlap which copy counts where segments overlap
 * @param strict drops everything that is not in order instead of holding it
 * @param timeouts whether holes are given up by time ({@link #ackGraceNanos()}, {@link
 *     #stallNanos()}); if not, only by {@link #holdBytes()} and at the end of the flow
 * @param holdBytes bytes per side that may wait behind a hole; then the hole is given up
 * @param bufferBytes bytes per side that may be kept at all, be it behind a hole or unconsumed
 * @param overflow what happens at {@code bufferBytes}
 * @param memoryCapBytes memory for all streams together; never exceeded
 * @param memoryCap what happens at {@code memoryCapBytes}
 * @param windowBytes a segment that ends further ahead of the next expected byte is not believed,
 *     unless a second one continues it or the other end acknowledges about there
 * @param ackGraceNanos how long acknowledged bytes may still come
 * @param stallNanos how long a hole may stay without progress
 * @param highWatermarkPercent share of {@code holdBytes} at which a side is reported once
 */
public record StreamOptions(
        OverlapPolicy overlap,
        boolean strict,
        boolean timeouts,
        int holdBytes,
        int bufferBytes,
        OverflowPolicy overflow,
        long memoryCapBytes,
        MemoryCapPolicy memoryCap,
        int windowBytes,
        long ackGraceNanos,
        long stallNanos,
        int highWatermarkPercent) {

    private static final int MAX_BYTES = 1 << 28;

    /** Checks everything at once. */
    public StreamOptions {
        List<String> mistakes = new ArrayList<>();
        within(mistakes, "holdBytes", holdBytes, 1, MAX_BYTES);
        within(mistakes, "bufferBytes", bufferBytes, 1, MAX_BYTES);
        within(mistakes, "memoryCapBytes", memoryCapBytes, 0, 1L << 40);
        within(mistakes, "windowBytes", windowBytes, 1, MAX_BYTES);
        within(mistakes, "ackGraceNanos", ackGraceNanos, 0, Long.MAX_VALUE / 4);
        within(mistakes, "stallNanos", stallNanos, 0, Long.MAX_VALUE / 4);
        within(mistakes, "highWatermarkPercent", highWatermarkPercent, 1, 100);
        if (!mistakes.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", mistakes));
        }
    }

    /**
     * 256 KiB behind a hole, 1 MiB per side, 256 MiB in all, first copy wins, holes by evidence.
     */
    public static StreamOptions defaults() {
        return builder().build();
    }

    /** A builder that holds the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    private static void within(List<String> to, String name, long value, long least, long most) {
        if (value < least || value > most) {
            to.add(name + ": " + least + " to " + most + ", was " + value);
        }
    }

    /** Collects options; {@link #build()} checks them. */
    public static final class Builder {
        private OverlapPolicy overlap = OverlapPolicy.FIRST;
        private boolean strict;
        private boolean timeouts = true;
        private int holdBytes = 256 << 10;
        private int bufferBytes = 1 << 20;
        private OverflowPolicy overflow = OverflowPolicy.SLIDING_WINDOW;
        private long memoryCapBytes = 256L << 20;
        private MemoryCapPolicy memoryCap = MemoryCapPolicy.IGNORE_NEW;
        private int windowBytes = 1 << 20;
        private long ackGraceNanos = 10_000_000;
        private long stallNanos = 1_000_000_000;
        private int highWatermarkPercent = 75;

        private Builder() {}

        /** See {@link StreamOptions#overlap()}. */
        public Builder overlap(OverlapPolicy value) {
            overlap = value;
            return this;
        }

        /** See {@link StreamOptions#strict()}. */
        public Builder strict(boolean value) {
            strict = value;
            return this;
        }

        /** Holes are given up by amount and at the end only, never by time. */
        public Builder noTimeouts() {
            timeouts = false;
            return this;
        }

        /** See {@link StreamOptions#holdBytes()}. */
        public Builder holdBytes(int value) {
            holdBytes = value;
            return this;
        }

        /** See {@link StreamOptions#bufferBytes()}. */
        public Builder bufferBytes(int value) {
            bufferBytes = value;
            return this;
        }

        /** See {@link StreamOptions#overflow()}. */
        public Builder overflow(OverflowPolicy value) {
            overflow = value;
            return this;
        }

        /** See {@link StreamOptions#memoryCapBytes()}. */
        public Builder memoryCapBytes(long value) {
            memoryCapBytes = value;
            return this;
        }

        /** See {@link StreamOptions#memoryCap()}. */
        public Builder memoryCap(MemoryCapPolicy value) {
            memoryCap = value;
            return this;
        }

        /** See {@link StreamOptions#windowBytes()}. */
        public Builder windowBytes(int value) {
            windowBytes = value;
            return this;
        }

        /** See {@link StreamOptions#ackGraceNanos()}. */
        public Builder ackGraceNanos(long value) {
            ackGraceNanos = value;
            return this;
        }

        /** See {@link StreamOptions#stallNanos()}. */
        public Builder stallNanos(long value) {
            stallNanos = value;
            return this;
        }

        /** See {@link StreamOptions#highWatermarkPercent()}. */
        public Builder highWatermarkPercent(int value) {
            highWatermarkPercent = value;
            return this;
        }

        /** The options, or an exception that names every mistake. */
        public StreamOptions build() {
            return new StreamOptions(
                    overlap,
                    strict,
                    timeouts,
                    holdBytes,
                    bufferBytes,
                    overflow,
                    memoryCapBytes,
                    memoryCap,
                    windowBytes,
                    ackGraceNanos,
                    stallNanos,
                    highWatermarkPercent);
        }
    }
}
