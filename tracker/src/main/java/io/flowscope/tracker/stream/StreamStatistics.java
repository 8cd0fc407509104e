package io.flowscope.tracker.stream;

/**
 * The streams of one tracker in numbers, since it began; taken at one moment.
 *
 * @param opened streams that were opened, two sides each
 * @param open streams open now
 * @param deliveredBytes see {@link StreamView#deliveredBytes()}, like the next six
 * @param duplicateBytes of all sides
 * @param oversizeBytes of all sides
 * @param outOfOrderBytes of all sides
 * @param ignoredBytes of all sides
 * @param gapBytes of all sides
 * @param gaps of all sides
 * @param conflictBytes of all sides
 * @param endedForMemory sides ended because all streams together had reached their cap
 * @param memoryBytes memory that holds bytes now, behind holes or unconsumed
 * @param memoryHighWaterBytes the most it has been
 * @param memoryReservedBytes memory taken from the tracker's allocator for it
 */
public record StreamStatistics(
        long opened,
        long open,
        long deliveredBytes,
        long duplicateBytes,
        long oversizeBytes,
        long outOfOrderBytes,
        long ignoredBytes,
        long gapBytes,
        long gaps,
        long conflictBytes,
        long endedForMemory,
        long memoryBytes,
        long memoryHighWaterBytes,
        long memoryReservedBytes) {
    /** Of a tracker without streams. */
    public static final StreamStatistics NONE =
            new StreamStatistics(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
}
