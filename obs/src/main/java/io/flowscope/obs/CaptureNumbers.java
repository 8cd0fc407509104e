package io.flowscope.obs;

/**
 * What a source of packets has received and lost since it was opened.
 *
 * @param packets handed over or dropped: every packet the source knows of
 * @param drops lost because nobody read in time
 * @param freezes times the ring was found full
 */
public record CaptureNumbers(long packets, long drops, long freezes) {
    /** Nothing received. */
    public static final CaptureNumbers NONE = new CaptureNumbers(0, 0, 0);

    CaptureNumbers plus(CaptureNumbers other) {
        return new CaptureNumbers(
                packets + other.packets, drops + other.drops, freezes + other.freezes);
    }

    /** Lost packets as a share of all, 0 to 1. */
    public double dropRatio() {
        return packets == 0 ? 0 : (double) drops / packets;
    }
}
