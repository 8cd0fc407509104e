package io.flowscope.tracker.stream.reassembly;

/** What the tracker is told of while streams are put in order. */
public enum StreamAnomaly {
    /** A limit of memory cost bytes or ended a side. */
    BUFFER_OVERFLOW,
    /** Bytes came ahead of a hole. */
    OUT_OF_ORDER_SEGMENT,
    /** The same bytes came twice with different contents. */
    RETRANSMISSION_INCONSISTENT,
    /** Bytes are lost. */
    GAP,
    /** A segment so far ahead that it is not believed. */
    OUT_OF_WINDOW,
    /** A side holds a large share of what it may. */
    HIGH_WATERMARK
}
