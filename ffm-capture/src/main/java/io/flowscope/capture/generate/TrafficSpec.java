package io.flowscope.capture.generate;

import java.util.StringJoiner;

/**
 * What traffic to generate. Shares are from 0 to 1.
 *
 * @param seed the same seed gives the same bytes
 * @param flows how many flows in all
 * @param packets how many packets the flows send in all, spread evenly; losses are among them,
 *     duplicates and retransmissions come on top
 * @param concurrentFlows how many flows are under way at a time
 * @param payloadLeast the shortest payload of a data packet
 * @param payloadMost the longest payload of a data packet, at most {@value #PAYLOAD_LIMIT}
 * @param pureAckShare data packets of TCP that carry only an acknowledgement
 * @param lossShare packets that are missing
 * @param reorderShare packets that come one to four places late
 * @param duplicateShare packets that are captured twice
 * @param retransmissionShare TCP data packets that are sent again some packets later
 * @param udpShare flows of UDP; the others are TCP
 * @param ipv6Share flows over IPv6
 * @param vlanShare flows with a VLAN tag
 * @param vxlanShare flows inside a VXLAN tunnel
 * @param startNanos when the first packet is sent, nanoseconds since the epoch
 * @param gapNanos mean time between two packets
 */
public record TrafficSpec(
        long seed,
        int flows,
        long packets,
        int concurrentFlows,
        int payloadLeast,
        int payloadMost,
        double pureAckShare,
        double lossShare,
        double reorderShare,
        double duplicateShare,
        double retransmissionShare,
        double udpShare,
        double ipv6Share,
        double vlanShare,
        double vxlanShare,
        long startNanos,
        long gapNanos) {
    /** The longest payload: a jumbo frame. */
    public static final int PAYLOAD_LIMIT = 8_900;

    /** Checks all values. */
    public TrafficSpec {
        var wrong = new StringJoiner("; ");
        require(wrong, "flows", "from 1 to 100000000", flows, flows >= 1 && flows <= 100_000_000);
        require(wrong, "packets", "≥ flows", packets, packets >= flows);
        require(wrong, "concurrentFlows", "≥ 1", concurrentFlows, concurrentFlows >= 1);
        require(
                wrong,
                "payloadLeast",
                "from 0 to payloadMost",
                payloadLeast,
                payloadLeast >= 0 && payloadLeast <= payloadMost);
        require(
                wrong,
                "payloadMost",
                "≤ " + PAYLOAD_LIMIT,
                payloadMost,
                payloadMost <= PAYLOAD_LIMIT);
        share(wrong, "pureAckShare", pureAckShare);
        share(wrong, "lossShare", lossShare);
        share(wrong, "reorderShare", reorderShare);
        share(wrong, "duplicateShare", duplicateShare);
        share(wrong, "retransmissionShare", retransmissionShare);
        share(wrong, "udpShare", udpShare);
        share(wrong, "ipv6Share", ipv6Share);
        share(wrong, "vlanShare", vlanShare);
        share(wrong, "vxlanShare", vxlanShare);
        require(wrong, "startNanos", "≥ 0", startNanos, startNanos >= 0);
        require(
                wrong,
                "gapNanos",
                "from 0 to 1000000000",
                gapNanos,
                gapNanos >= 0 && gapNanos <= 1_000_000_000);
        if (wrong.length() > 0) {
            throw new IllegalArgumentException(wrong.toString());
        }
    }

    private static void require(
            StringJoiner wrong, String name, String rule, Object value, boolean holds) {
        if (!holds) {
            wrong.add(name + ": " + rule + ", was " + value);
        }
    }

    private static void share(StringJoiner wrong, String name, double value) {
        require(wrong, name, "from 0 to 1", value, value >= 0 && value <= 1);
    }

    /** With 1,000 TCP and UDP flows of 100 packets each, and nothing going wrong. */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects the values of a {@link TrafficSpec}. */
    public static final class Builder {
        private long seed = 1;
        private int flows = 1_000;
        private long packets = 100_000;
        private int concurrentFlows = Integer.MAX_VALUE;
        private int payloadLeast = 64;
        private int payloadMost = 256;
        private double pureAckShare = 0.2;
        private double lossShare;
        private double reorderShare;
        private double duplicateShare;
        private double retransmissionShare;
        private double udpShare = 0.1;
        private double ipv6Share;
        private double vlanShare;
        private double vxlanShare;
        private long startNanos = 1_700_000_000_000_000_000L;
        private long gapNanos = 1_000;

        private Builder() {}

        /** See {@link TrafficSpec#seed}. */
        public Builder seed(long value) {
            seed = value;
            return this;
        }

        /** See {@link TrafficSpec#flows}. */
        public Builder flows(int value) {
            flows = value;
            return this;
        }

        /** See {@link TrafficSpec#packets}. */
        public Builder packets(long value) {
            packets = value;
            return this;
        }

        /** See {@link TrafficSpec#concurrentFlows}; all flows unless set. */
        public Builder concurrentFlows(int value) {
            concurrentFlows = value;
            return this;
        }

        /** Payload sizes of data packets, evenly spread, both included. */
        public Builder payload(int least, int most) {
            payloadLeast = least;
            payloadMost = most;
            return this;
        }

        /** See {@link TrafficSpec#pureAckShare}. */
        public Builder pureAckShare(double value) {
            pureAckShare = value;
            return this;
        }

        /** See {@link TrafficSpec#lossShare}. */
        public Builder lossShare(double value) {
            lossShare = value;
            return this;
        }

        /** See {@link TrafficSpec#reorderShare}. */
        public Builder reorderShare(double value) {
            reorderShare = value;
            return this;
        }

        /** See {@link TrafficSpec#duplicateShare}. */
        public Builder duplicateShare(double value) {
            duplicateShare = value;
            return this;
        }

        /** See {@link TrafficSpec#retransmissionShare}. */
        public Builder retransmissionShare(double value) {
            retransmissionShare = value;
            return this;
        }

        /** See {@link TrafficSpec#udpShare}. */
        public Builder udpShare(double value) {
            udpShare = value;
            return this;
        }

        /** See {@link TrafficSpec#ipv6Share}. */
        public Builder ipv6Share(double value) {
            ipv6Share = value;
            return this;
        }

        /** See {@link TrafficSpec#vlanShare}. */
        public Builder vlanShare(double value) {
            vlanShare = value;
            return this;
        }

        /** See {@link TrafficSpec#vxlanShare}. */
        public Builder vxlanShare(double value) {
            vxlanShare = value;
            return this;
        }

        /** See {@link TrafficSpec#startNanos}. */
        public Builder startNanos(long value) {
            startNanos = value;
            return this;
        }

        /** See {@link TrafficSpec#gapNanos}. */
        public Builder gapNanos(long value) {
            gapNanos = value;
            return this;
        }

        /**
         * The specification.
         *
         * @throws IllegalArgumentException naming every value that is out of range
         */
        public TrafficSpec build() {
            return new TrafficSpec(
                    seed,
                    flows,
                    packets,
                    Math.min(concurrentFlows, flows),
                    payloadLeast,
                    payloadMost,
                    pureAckShare,
                    lossShare,
                    reorderShare,
                    duplicateShare,
                    retransmissionShare,
                    udpShare,
                    ipv6Share,
                    vlanShare,
                    vxlanShare,
                    startNanos,
                    gapNanos);
        }
    }
}
