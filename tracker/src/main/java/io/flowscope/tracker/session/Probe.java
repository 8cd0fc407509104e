package io.flowscope.tracker.session;

/** What a protocol says of a flow's first bytes. */
public enum Probe {
    /** They are mine. */
    YES,
    /** They are not mine, whatever follows. */
    NO,
    /** Too few to tell. */
    MORE
}
