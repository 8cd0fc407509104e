package io.flowscope.cli.top;

import io.flowscope.cli.watch.FlowBoard.Row;
import io.flowscope.cli.watch.Measure;

import java.util.Comparator;
import java.util.Locale;

/** What the flows are sorted by; most first, and of equal ones those with most bytes. */
public enum TopSort {
    /** Bytes per second of both sides since the last frame; of flows that have ended, bytes. */
    RATE(Measure.BYTES),
    /** Wire bytes of both sides. */
    BYTES(Measure.BYTES),
    /** Packets of both sides. */
    PACKETS(Measure.PACKETS),
    /** Mean round trip. */
    RTT(Measure.ROUND_TRIP),
    /** Retransmitted segments of both sides. */
    RETRANSMITS(Measure.RETRANSMITS);

    private final Measure measure;

    TopSort(Measure measure) {
        this.measure = measure;
    }

    /** What flows that have ended are sorted by. */
    Measure measure() {
        return measure;
    }

    /**
     * The first one is shown first; two rows that are equal otherwise differ in their beginning.
     */
    Comparator<Row> order() {
        Comparator<Row> most =
                this == RATE
                        ? Comparator.comparingLong(Row::bytesPerSecond)
                        : Comparator.comparingLong(row -> measure.of(row.flow()));
        return most.thenComparingLong(row -> Measure.BYTES.of(row.flow()))
                .reversed()
                .thenComparingLong(row -> row.flow().startedNanos());
    }

    TopSort next() {
        return values()[(ordinal() + 1) % values().length];
    }

    /** As it is typed. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
