package io.flowscope.tracker.key;

import java.util.ArrayList;
import java.util.List;

/**
 * How fragments of IP datagrams are brought together.
 *
 * @param maxDatagrams fragmented datagrams remembered at a time; beyond it the oldest is forgotten
 * @param timeoutNanos how long a datagram is remembered after its first fragment seen
 * @param reassemblyBytes memory for putting whole datagrams together, 64 KiB and a header each; 0
 *     leaves the fragments apart
 */
public record FragmentOptions(int maxDatagrams, long timeoutNanos, long reassemblyBytes) {
    /** 4096 datagrams, 30 seconds, no reassembly. */
    public static final FragmentOptions DEFAULT = new FragmentOptions(4096, 30_000_000_000L, 0);

    private static final int MOST_DATAGRAMS = 1 << 20;

    /** Checks all values; every mistake is named in one message. */
    public FragmentOptions {
        List<String> mistakes = new ArrayList<>();
        if (maxDatagrams < 1 || maxDatagrams > MOST_DATAGRAMS) {
            mistakes.add("maxDatagrams: 1 to " + MOST_DATAGRAMS + ", was " + maxDatagrams);
        }
        if (timeoutNanos < 1) {
            mistakes.add("timeoutNanos: at least 1, was " + timeoutNanos);
        }
        long most = (long) MOST_DATAGRAMS * FragmentReassembler.SLOT_BYTES;
        boolean reassembles = reassemblyBytes != 0;
        if (reassembles
                && (reassemblyBytes < FragmentReassembler.SLOT_BYTES || reassemblyBytes > most)) {
            mistakes.add(
                    "reassemblyBytes: 0 or %d to %d, was %d"
                            .formatted(FragmentReassembler.SLOT_BYTES, most, reassemblyBytes));
        }
        if (!mistakes.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", mistakes));
        }
    }

    /** The same with memory for putting datagrams together. */
    public FragmentOptions reassembling(long bytes) {
        return new FragmentOptions(maxDatagrams, timeoutNanos, bytes);
    }
}
