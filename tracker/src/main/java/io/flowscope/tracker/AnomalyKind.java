package io.flowscope.tracker;

/** What is not as it should be with a flow; always counted, an event if asked for. */
public enum AnomalyKind {
    /** A stream's buffer reached its limit. */
    BUFFER_OVERFLOW("buffer_overflow"),
    /** A segment came later than its successors. */
    OOO_SEGMENT("ooo_segment"),
    /** A flow was ended to make room. */
    FLOW_TABLE_EVICTION("flow_table_eviction"),
    /** A parser could not read a stream. */
    PARSE_ERROR("parse_error"),
    /** The same bytes came again with other contents. */
    RETRANSMISSION_INCONSISTENT("retransmission_inconsistent"),
    /** Bytes of a stream are missing for good. */
    GAP("gap"),
    /** A segment, or a RST, outside the window. */
    OUT_OF_WINDOW("out_of_window"),
    /** A stream's buffer is nearly full. */
    HIGH_WATERMARK("high_watermark");

    private final String label;

    AnomalyKind(String label) {
        this.label = label;
    }

    /** The name in metrics and output. */
    public String label() {
        return label;
    }
}
