package io.flowscope.tracker.session;

/**
 * What parsers of streams and of datagrams have in common: time limits, what they hold, and why
 * they failed.
 *
 * @param <M> the kind of message
 */
public sealed interface MessageParser<M> extends AutoCloseable
        permits SessionParser, DatagramParser {
    /** Packet time has reached {@link #wakeNanos()}; the place for time limits. */
    default ParserStatus onTime(long nowNanos, MessageSink<? super M> sink) {
        return ParserStatus.CONTINUE;
    }

    /** When {@link #onTime} is wanted, in packet time; {@link Long#MAX_VALUE} for never. */
    default long wakeNanos() {
        return Long.MAX_VALUE;
    }

    /** Bytes held at the moment, for the bound over all parsers of a tracker. */
    default long heldBytes() {
        return 0;
    }

    /** Why the parser failed, as one sentence; empty as long as it has not. */
    default String failure() {
        return "";
    }

    /** Releases what the parser holds. Called once, last; emits nothing. */
    @Override
    default void close() {}
}
