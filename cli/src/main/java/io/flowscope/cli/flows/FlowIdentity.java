package io.flowscope.cli.flows;

import io.flowscope.tracker.packet.Encapsulation;

import java.util.Locale;

/** Names that are derived from a flow's tuple. */
final class FlowIdentity {
    String communityId(FlowRow row) {
        return "";
    }

    /** What a tunnel is called, such as "vxlan". */
    static String label(Encapsulation tunnel) {
        return tunnel.name().toLowerCase(Locale.ROOT);
    }
}
