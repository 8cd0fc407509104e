package io.flowscope.tracker.stream;

import io.flowscope.tracker.FlowView;
import io.flowscope.tracker.Side;

/**
 * One side of one flow's streams, while its consumer is called. A single object that is moved from
 * stream to stream: nothing of it may be kept.
 *
 * <p>Of the payload bytes that arrived, each is in exactly one of {@link #deliveredBytes()}, {@link
 * #duplicateBytes()}, {@link #oversizeBytes()}, {@link #outOfOrderBytes()} and {@link
 * #ignoredBytes()}, or still waits behind a hole. Of the stream's offsets, each up to the present
 * one was delivered, is in {@link #gapBytes()}, or was dropped as oversize.
 */
public interface StreamView {
    /** The flow. */
    FlowView flow();

    /** Who sends these bytes. */
    Side side();

    /**
     * The stream offset that the call is about; 0 is the byte after the SYN, or the first payload
     * byte seen where the capture began later.
     */
    long offset();

    /** The SYN was not seen: the stream may have begun before offset 0. */
    boolean startedMidStream();

    /** Payload bytes handed to the consumer. */
    long deliveredBytes();

    /** Payload bytes that had arrived before, or lost against another copy of themselves. */
    long duplicateBytes();

    /** Payload bytes given up because a limit of memory was reached. */
    long oversizeBytes();

    /**
     * Payload bytes given up because of their position: outside the window, before the first byte,
     * behind the FIN, or out of order in strict mode.
     */
    long outOfOrderBytes();

    /** Payload bytes that came after this side had been stopped by its consumer. */
    long ignoredBytes();

    /** Bytes that never came. */
    long gapBytes();

    /** How many gaps they form. */
    int gaps();

    /** Bytes that arrived twice with different contents, as far as that can be seen. */
    long conflictBytes();

    /** The most payload bytes that ever waited behind a hole. */
    int highWaterBytes();

    /** Ends this side: it is not reassembled any further. Takes effect when the call returns. */
    void stopSide();

    /** Ends both sides of this flow. Takes effect when the call returns. */
    void stop();

    /**
     * Ends both sides because the bytes are not what the consumer can read; the flow is tracked
     * further, and {@code parse_error} becomes the reason with which it ends.
     */
    void fail();
}
