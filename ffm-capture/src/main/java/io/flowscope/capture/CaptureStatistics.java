package io.flowscope.capture;

/**
 * What a source received and what was lost, since it was opened.
 *
 * @param packets handed over or dropped: every packet the source knows of
 * @param drops lost in the kernel or the driver because nobody read in time
 * @param freezes times the ring was found full
 */
public record CaptureStatistics(long packets, long drops, long freezes) {
    /** Lost packets as a share of all, 0 to 1. */
    public double dropRatio() {
        return packets == 0 ? 0 : (double) drops / packets;
    }
}
