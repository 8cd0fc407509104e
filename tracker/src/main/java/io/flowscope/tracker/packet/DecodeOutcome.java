package io.flowscope.tracker.packet;

/** What became of a packet in the decoder: matched, or why it belongs to no flow. */
public enum DecodeOutcome {
    /** Addresses and, where the protocol has them, ports are known. */
    MATCHED,
    /** No IP in it, such as ARP, a control frame, or an encrypted wireless frame. */
    NOT_IP,
    /** The headers go on behind the captured bytes before ports or addresses. */
    TRUNCATED,
    /** A header contradicts itself, the one around it, or the length of the packet. */
    MALFORMED,
    /** More layers than the decoder follows. */
    TOO_DEEP,
    /** The decoder does not know this link type. */
    UNSUPPORTED_LINK_TYPE;

    static final int OK = 0;
    static final int NO_IP = 1;
    static final int SHORT = 2;
    static final int BAD = 3;
    static final int DEEP = 4;
    static final int UNKNOWN_LINK = 5;

    private static final DecodeOutcome[] VALUES = values();

    /** The constants above are ordinals: the cursor stores an int, which needs no write barrier. */
    static DecodeOutcome of(int ordinal) {
        return VALUES[ordinal];
    }
}
