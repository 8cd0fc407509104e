package io.flowscope.cli.flows;

import java.util.Comparator;
import java.util.function.ToLongFunction;

/** What rows can be sorted by. Equal ones keep the order in which the flows ended. */
public enum SortKey {
    /** Wire bytes of both sides, most first. */
    BYTES(row -> -row.bytes()),
    /** Packets of both sides, most first. */
    PACKETS(row -> -row.packets()),
    /** Payload bytes of both sides, most first. */
    PAYLOAD(row -> -row.payload()),
    /** Time from the first packet to the last, longest first. */
    DURATION(row -> -row.durationNanos()),
    /** Time of the first packet, earliest first. */
    START(row -> row.startedNanos),
    /** Time of the last packet, latest first. */
    LAST(row -> -row.lastSeenNanos),
    /** Mean round trip, longest first. */
    RTT(row -> -row.roundTripMeanNanos()),
    /** Retransmitted segments of both sides, most first. */
    RETRANSMITS(row -> -row.retransmits());

    @SuppressWarnings("ImmutableEnumChecker") // a comparator of numbers
    private final Comparator<FlowRow> order;

    SortKey(ToLongFunction<FlowRow> value) {
        order = Comparator.comparingLong(value).thenComparingLong(row -> row.number);
    }

    Comparator<FlowRow> order() {
        return order;
    }
}
