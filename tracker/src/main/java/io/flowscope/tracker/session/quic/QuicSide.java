package io.flowscope.tracker.session.quic;

import org.jspecify.annotations.Nullable;

/** One side's keys and handshake bytes. Fields are the parser's to read and set. */
final class QuicSide {
    /** Keys cost some 20 µs; a flow that makes us derive more than so many is passed over. */
    private static final int MAX_DERIVATIONS = 8;

    final CryptoStream stream = new CryptoStream();
    @Nullable InitialKeys keys;
    boolean announced;
    boolean helloSeen;
    private int derivations;

    /** Counts an attempt with new keys; true when there were too many. */
    boolean exhausted() {
        return ++derivations > MAX_DERIVATIONS;
    }

    /** A first connection attempt, or another one after a retry. */
    void restart(InitialKeys fresh) {
        keys = fresh;
        if (!helloSeen) {
            stream.release();
        }
    }
}
