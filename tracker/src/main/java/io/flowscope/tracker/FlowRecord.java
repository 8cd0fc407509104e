package io.flowscope.tracker;

import io.flowscope.tracker.key.FlowKey;
import io.flowscope.tracker.packet.Encapsulation;

import org.jspecify.annotations.Nullable;

/**
 * A flow at one moment, to keep.
 *
 * @param key what makes it this flow
 * @param protocol protocol number, 0 where the key has none
 * @param initiatorIsSecond whether the initiator is the key's second end
 * @param flipped whether the first packet was a SYN-ACK, whose receiver was taken for the initiator
 * @param startedNanos time of the first packet, nanoseconds since the epoch
 * @param lastSeenNanos time of the last packet
 * @param initiator what the initiator has sent
 * @param responder what the responder has sent
 * @param state TCP state
 * @param history letters of what each side has shown, upper case for the initiator
 * @param roundTrips TCP round trips
 * @param connectNanos from SYN to SYN-ACK, -1 if not both were seen
 * @param vlan VLAN id of the first packet, -1 for none
 * @param tunnel what the first packet was wrapped in, null for nothing
 * @param icmpType type of an ICMP flow's first packet, -1 for other flows
 * @param icmpCode code of an ICMP flow's first packet, -1 for other flows
 * @param moments distribution of sizes and intervals, null unless measured
 * @param reason why it ended, null while it lives
 */
public record FlowRecord(
        FlowKey key,
        int protocol,
        boolean initiatorIsSecond,
        boolean flipped,
        long startedNanos,
        long lastSeenNanos,
        SideStatistics initiator,
        SideStatistics responder,
        TcpState state,
        String history,
        RoundTripStatistics roundTrips,
        long connectNanos,
        int vlan,
        @Nullable Encapsulation tunnel,
        int icmpType,
        int icmpCode,
        @Nullable FlowMoments moments,
        @Nullable EndReason reason) {

    /** The initiator's address as text. */
    public String initiatorAddress() {
        return initiatorIsSecond ? key.b() : key.a();
    }

    /** The responder's address as text. */
    public String responderAddress() {
        return initiatorIsSecond ? key.a() : key.b();
    }

    /** The initiator's port. */
    public int initiatorPort() {
        return initiatorIsSecond ? key.bPort() : key.aPort();
    }

    /** The responder's port. */
    public int responderPort() {
        return initiatorIsSecond ? key.aPort() : key.bPort();
    }

    /** From the first packet to the last. */
    public long durationNanos() {
        return Math.max(0, lastSeenNanos - startedNanos);
    }

    /** What one side has sent. */
    public SideStatistics side(Side side) {
        return side == Side.INITIATOR ? initiator : responder;
    }

    /** The transport. */
    public Transport transport() {
        return Transport.of(protocol);
    }
}
