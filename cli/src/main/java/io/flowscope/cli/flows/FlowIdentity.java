package io.flowscope.cli.flows;

import io.flowscope.tracker.key.CommunityId;
import io.flowscope.tracker.packet.Encapsulation;

import java.util.Locale;

/** Names that are derived from what a flow is. */
final class FlowIdentity {
    private final CommunityId communityId = new CommunityId();

    /** The identity that other tools give the same flow; ICMP's type and code are its ports. */
    String communityId(FlowRow row) {
        boolean icmp = row.icmpType >= 0;
        return communityId.of(
                row.ipVersion == 6,
                row.protocol,
                row.sourceHigh,
                row.sourceLow,
                icmp ? row.icmpType : row.sourcePort,
                row.destinationHigh,
                row.destinationLow,
                icmp ? row.icmpCode : row.destinationPort);
    }

    /** What a tunnel is called, such as "vxlan" or "gtp-u". */
    static String label(Encapsulation tunnel) {
        return tunnel.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
