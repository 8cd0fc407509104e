package io.flowscope.tracker.session;

/** What a parser says after each call: whether it wants to be called again for this flow. */
public enum ParserStatus {
    /** Go on. */
    CONTINUE,
    /**
     * Nothing more to be read here: the protocol ended, became opaque (encryption, a tunnel), or
     * cannot be followed beyond a gap. Not an error.
     */
    DONE,
    /** The bytes are not this protocol; {@link SessionParser#failure()} says why. */
    FAILED
}
