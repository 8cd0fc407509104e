package io.flowscope.capture;

import io.flowscope.bindings.linux.ErrnoCapture;

import java.lang.foreign.MemorySegment;

/** Frames that wait to be sent. For one thread. */
interface FrameQueue {
    /** Longest frame that fits. */
    int maxFrameBytes();

    /**
     * The offset in {@link #memory()} at which the next frame's bytes are to be put, -1 while there
     * is no room.
     */
    long next();

    MemorySegment memory();

    /** The frame at {@link #next()} is complete. */
    void add(int lengthBytes);

    /**
     * Sends what waits, as far as the kernel takes it now.
     *
     * @return 0, or the negated errno that says why something still waits
     */
    int flush(ErrnoCapture errno);

    /** Whether frames wait or are being sent. */
    boolean isEmpty();

    /** Frames that the kernel has not taken yet. */
    int unsentFrames();

    /** Bytes of the frames that the kernel has not taken yet. */
    long unsentBytes();

    /** Frames that the kernel refused for good. */
    long refused();
}
