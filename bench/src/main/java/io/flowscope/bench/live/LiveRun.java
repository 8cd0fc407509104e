package io.flowscope.bench.live;

/**
 * What a receiver got of what was sent to it.
 *
 * @param receiver its name
 * @param round in which turn it was
 * @param asked packets per second asked of the sender; 0 for as many as it can
 * @param perSecond packets per second that it sent
 * @param sent how many packets
 * @param received how many of them the receiver saw
 * @param drops how many the receiver says were lost
 * @param nanos its CPU nanoseconds per packet received, user and system
 */
public record LiveRun(
        String receiver,
        int round,
        long asked,
        double perSecond,
        long sent,
        long received,
        long drops,
        double nanos) {
    /** How many are missing. */
    public long lost() {
        return sent - received;
    }
}
