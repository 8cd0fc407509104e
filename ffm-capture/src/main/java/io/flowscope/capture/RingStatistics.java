package io.flowscope.capture;

/**
 * What a ring did since it was opened.
 *
 * @param packets that passed the filter, delivered or dropped
 * @param drops lost because the ring was full
 * @param freezes times the ring was found full
 * @param delivered handed to the handler
 * @param blocks of the ring that were read
 * @param sequenceGaps blocks that the kernel numbered and that were never seen
 * @param polls times the reader went to sleep
 * @param ringBytes size of the ring that was had, which may be less than was asked for
 */
public record RingStatistics(
        long packets,
        long drops,
        long freezes,
        long delivered,
        long blocks,
        long sequenceGaps,
        long polls,
        long ringBytes) {}
