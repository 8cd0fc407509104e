package io.flowscope.cli.top;

/** What a key press asks for. */
public enum Key {
    /** Nothing: whoever waits for keys is to look at what else has happened. */
    NONE,
    /** Leave. */
    QUIT,
    /** Stop the display, or let it go on; packets are tracked all the same. */
    PAUSE,
    /** Show the keys, or no more. */
    HELP,
    /** Whatever is shown on top of the flows goes. */
    BACK,
    /** The next order. */
    SORT_NEXT,
    /** By speed. */
    SORT_RATE,
    /** By bytes. */
    SORT_BYTES,
    /** By packets. */
    SORT_PACKETS,
    /** By round trip. */
    SORT_RTT,
    /** By retransmissions. */
    SORT_RETRANSMITS,
    /** Draw everything anew. */
    REDRAW,
    /** Stop the process until the shell lets it go on. */
    SUSPEND
}
