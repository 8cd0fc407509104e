package io.flowscope.tracker.key;

import io.flowscope.tracker.packet.PacketCursor;

/** Tells apart flows whose addresses and ports are the same: two tenants, two networks. */
@FunctionalInterface
public interface PacketTag {
    /** The tag of a matched packet. */
    int of(PacketCursor packet);

    /** The VLAN id of the outermost tag, -1 for none. */
    static PacketTag outerVlan() {
        return PacketCursor::outerVlanId;
    }

    /** The VLAN id of the innermost tag, -1 for none. */
    static PacketTag innerVlan() {
        return PacketCursor::innerVlanId;
    }

    /** The innermost tunnel's identity, 0 for none. */
    static PacketTag tunnelId() {
        return packet -> (int) packet.tunnelId();
    }

    /** The interface. */
    static PacketTag interfaceIndex() {
        return PacketCursor::interfaceIndex;
    }
}
