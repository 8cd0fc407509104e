package io.flowscope.bench.live;

/**
 * What a receiver got of what was sent to it.
 *
 * @param receiver its name
 * @param round in which turn it was
 * @param asked packets per second asked of the sender; 0 for as many as it can
 * @param perSecond packets per second that it sent
 * @param wireDrops packets that the kernel gave up before they reached any socket
 * @param sent how many packets came as far as the receiver's socket
 * @param received how many of them the receiver saw
 * @param drops how many the receiver says were lost
 * @param nanos its CPU nanoseconds per packet received, user and system, all threads
 * @param threadNanos the same of the thread that receives alone
 * @param allocatedBytes what that thread allocated; -1 if it does not say
 */
public record LiveRun(
        String receiver,
        int round,
        long asked,
        double perSecond,
        long wireDrops,
        long sent,
        long received,
        long drops,
        double nanos,
        double threadNanos,
        long allocatedBytes) {
    /** How many are missing. */
    public long lost() {
        return sent - received;
    }
}
