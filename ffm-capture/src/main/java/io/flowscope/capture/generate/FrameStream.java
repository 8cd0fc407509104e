package io.flowscope.capture.generate;

import java.lang.foreign.MemorySegment;

/** Where a generator's frames come from, one after the other. */
interface FrameStream {
    /** Room kept for a batch at the start of {@link #memory}. */
    long BATCH_BYTES = 256 << 10;

    /** Holds every frame that {@link #next} writes; its first part is free for the caller's use. */
    MemorySegment memory();

    /** No frame is longer. */
    int mostFrameBytes();

    /**
     * Writes the next frame.
     *
     * @return its length, or 0 at the end
     */
    int next(long offset);

    /** When the last frame was captured. */
    long timestampNanos();

    /** What happened to the packets so far. */
    TrafficCounts counts();
}
