package io.flowscope.tracker.stream;

import java.lang.foreign.MemorySegment;

/**
 * Takes the two byte streams of one flow, each in order and without repetition. Called by the
 * thread that tracks the flow. {@code stream} and {@code memory} are valid during the call only.
 *
 * <p>Bytes that arrive in order are handed over where they are, in the packet. A consumer that
 * needs to see more before it can go on (a length field cut in two) says so by returning fewer
 * bytes than it was shown: the rest is kept off the heap and shown again, contiguous with what
 * follows. So the same method serves those who take what comes and those who peek and consume.
 */
@FunctionalInterface
public interface StreamConsumer {
    /**
     * The next bytes of one side. {@link StreamView#offset()} is the stream offset of the first.
     *
     * @param stream whose bytes these are; its methods also stop the stream
     * @param memory holds them until this call returns
     * @param at where they begin in the memory
     * @param length how many they are, at least 1
     * @param timestampNanos the time of the packet that made them available
     * @return how many of them are done with, 0 to {@code length}; the others are kept and come
     *     again as the beginning of a longer run, at most {@link StreamOptions#bufferBytes()} long
     */
    int onBytes(StreamView stream, MemorySegment memory, long at, int length, long timestampNanos);

    /**
     * Bytes are missing and will not come; {@link StreamView#offset()} is where they are missing.
     * What this consumer had left unconsumed before them is given up. The default is what suits a
     * parser: this side ends here.
     *
     * @param length how many bytes are missing
     * @param cause what makes it certain enough
     */
    default GapDecision onGap(StreamView stream, long length, GapCause cause, long timestampNanos) {
        return GapDecision.STOP_SIDE;
    }

    /**
     * Nothing more will come from this side. Called exactly once per side, for each side of every
     * flow that was opened, the initiator's first where both end together.
     */
    default void onEnd(StreamView stream, StreamEnd end, long timestampNanos) {}
}
