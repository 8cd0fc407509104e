package io.flowscope.tracker.packet;

/** Which part of an IP datagram a packet carries. */
public enum FragmentState {
    /** A whole datagram. */
    NONE,
    /** The first of several fragments: it holds the transport header, or its beginning. */
    FIRST,
    /** A fragment behind the first: no ports in it. */
    LATER;

    static final int WHOLE = 0;
    static final int BEGIN = 1;
    static final int REST = 2;

    private static final FragmentState[] VALUES = values();

    static FragmentState of(int ordinal) {
        return VALUES[ordinal];
    }
}
