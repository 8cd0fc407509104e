package io.flowscope.tracker;

/**
 * Round trips of a flow in nanoseconds. A round trip is seen from the point of capture as two
 * halves, to the one end and back and to the other end and back; their sum is what counts here.
 *
 * @param count how many were measured; the others are 0 if none was
 * @param min the shortest
 * @param max the longest
 * @param sum of all
 * @param last the latest
 */
public record RoundTripStatistics(long count, long min, long max, long sum, long last) {
    /** None measured. */
    public static final RoundTripStatistics NONE = new RoundTripStatistics(0, 0, 0, 0, 0);

    /** The average, 0 if none was measured. */
    public double mean() {
        return count == 0 ? 0 : (double) sum / count;
    }
}
