package io.flowscope.tracker.session;

import io.flowscope.tracker.Side;

/**
 * Takes the messages of one flow's parser, in the order in which they were completed.
 *
 * @param <M> the kind of message
 */
@FunctionalInterface
public interface MessageSink<M> {
    /**
     * A message is complete.
     *
     * @param side who sent its last byte; for a message about both sides (an exchange, an
     *     unanswered query), who asked
     * @param timestampNanos the packet's time that completed it, nanoseconds since the epoch
     * @param message immutable; may be kept
     */
    void onMessage(Side side, long timestampNanos, M message);
}
