package io.flowscope.obs;

import io.flowscope.tracker.AnomalyKind;
import io.flowscope.tracker.EndReason;
import io.flowscope.tracker.Side;
import io.flowscope.tracker.Transport;

/**
 * The values of labels that come from enums. Every switch is exhaustive without a default: a new
 * constant without a label does not compile.
 */
public final class Labels {
    private Labels() {}

    /** Value of {@code l4}, and of {@code resource_type} where it counts flows. */
    public static String of(Transport transport) {
        return switch (transport) {
            case TCP -> "tcp";
            case UDP -> "udp";
            case OTHER -> "other";
        };
    }

    /** Value of {@code reason}. */
    public static String of(EndReason reason) {
        return switch (reason) {
            case FIN -> "fin";
            case RST -> "rst";
            case IDLE -> "idle";
            case EVICTED -> "evicted";
            case BUFFER_OVERFLOW -> "buffer_overflow";
            case PARSE_ERROR -> "parse_error";
            case REUSED -> "reused";
            case FINISHED -> "finished";
        };
    }

    /** Value of {@code kind}. */
    public static String of(AnomalyKind kind) {
        return switch (kind) {
            case BUFFER_OVERFLOW -> "buffer_overflow";
            case OOO_SEGMENT -> "ooo_segment";
            case FLOW_TABLE_EVICTION -> "flow_table_eviction";
            case PARSE_ERROR -> "parse_error";
            case RETRANSMISSION_INCONSISTENT -> "retransmission_inconsistent";
            case GAP -> "gap";
            case OUT_OF_WINDOW -> "out_of_window";
            case HIGH_WATERMARK -> "high_watermark";
        };
    }

    /** Value of {@code side}. */
    public static String of(Side side) {
        return switch (side) {
            case INITIATOR -> "initiator";
            case RESPONDER -> "responder";
        };
    }
}
