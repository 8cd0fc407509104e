package io.flowscope.tracker.session;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;

/**
 * Makes one protocol's parsers for one tracker, and holds what they share (scratch buffers, tables
 * with a bound over all flows). Used by the tracker's thread only.
 *
 * @param <M> the kind of message
 */
public interface ParserFactory<M> extends AutoCloseable {
    /**
     * Judges the first bytes of a stream, of whichever side spoke first. {@link Probe#MORE} asks to
     * be called again with a longer prefix; after {@value #PROBE_BYTES} bytes it counts as no.
     */
    default Probe probeStream(MemorySegment memory, long offset, int length) {
        return Probe.NO;
    }

    /** Judges a flow's first datagram; {@link Probe#MORE} counts as no. */
    default Probe probeDatagram(MemorySegment memory, long offset, int length) {
        return Probe.NO;
    }

    /** A parser for a TCP flow, or null if the protocol has none. */
    default @Nullable SessionParser<M> newStreamParser(Ports ports) {
        return null;
    }

    /** A parser for a UDP flow, or null if the protocol has none. */
    default @Nullable DatagramParser<M> newDatagramParser(Ports ports) {
        return null;
    }

    /** Releases what the parsers share; called after the last parser was closed. */
    @Override
    default void close() {}

    /** The longest prefix that a probe is shown. */
    int PROBE_BYTES = 64;
}
