package io.flowscope.capture.generate;

/**
 * What a generator did so far.
 *
 * @param flows flows begun
 * @param sent packets sent by the flows, each counted once
 * @param lost of those, not captured
 * @param duplicated captured a second time, unchanged
 * @param reordered captured later than packets sent after them
 * @param retransmitted TCP segments sent a second time
 */
public record TrafficCounts(
        long flows, long sent, long lost, long duplicated, long reordered, long retransmitted) {
    /** Packets handed over once all held-back ones are out. */
    public long captured() {
        return sent - lost + duplicated + retransmitted;
    }
}
