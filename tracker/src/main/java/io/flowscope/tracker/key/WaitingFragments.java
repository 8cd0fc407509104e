package io.flowscope.tracker.key;

/**
 * Fragments that were seen before it was known which flow they belong to: to be added to the side
 * that sent the first fragment, without a packet event each.
 */
public final class WaitingFragments {
    int packets;
    long wireBytes;
    long payloadBytes;
    long firstNanos;
    long lastNanos;

    WaitingFragments() {}

    void clear() {
        packets = 0;
        wireBytes = 0;
        payloadBytes = 0;
        firstNanos = 0;
        lastNanos = 0;
    }

    void add(int packets, long wireBytes, long payloadBytes, long firstNanos, long lastNanos) {
        boolean none = this.packets == 0;
        this.packets += packets;
        this.wireBytes += wireBytes;
        this.payloadBytes += payloadBytes;
        this.firstNanos = none ? firstNanos : Math.min(this.firstNanos, firstNanos);
        this.lastNanos = none ? lastNanos : Math.max(this.lastNanos, lastNanos);
    }

    void addAll(WaitingFragments other) {
        if (other.packets != 0) {
            add(
                    other.packets,
                    other.wireBytes,
                    other.payloadBytes,
                    other.firstNanos,
                    other.lastNanos);
        }
    }

    /** How many fragments; 0 if none waited. */
    public int packets() {
        return packets;
    }

    /** Their bytes on the wire. */
    public long wireBytes() {
        return wireBytes;
    }

    /**
     * Their bytes of the datagram's payload; 0 if the datagram was put together, because then its
     * payload holds them.
     */
    public long payloadBytes() {
        return payloadBytes;
    }

    /** Timestamp of the earliest. */
    public long firstNanos() {
        return firstNanos;
    }

    /** Timestamp of the latest. */
    public long lastNanos() {
        return lastNanos;
    }
}
