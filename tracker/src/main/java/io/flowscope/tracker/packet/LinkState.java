package io.flowscope.tracker.packet;

import org.jspecify.annotations.Nullable;

/**
 * What the headers before an IP header said. The decoder fills one tentatively while it looks
 * whether a payload is a tunnel, and copies it to the packet's only if it is.
 */
final class LinkState {
    long mac = -1;
    int macLayout;
    int etherType;
    int vlanCount;
    int outerTag;
    int innerTag;
    @Nullable Encapsulation tunnel;
    long tunnelId;

    void clear() {
        mac = -1;
        macLayout = MacAddresses.ETHERNET;
        etherType = 0;
        vlanCount = 0;
        outerTag = 0;
        innerTag = 0;
        tunnel = null;
        tunnelId = 0;
    }

    void copyFrom(LinkState other) {
        mac = other.mac;
        macLayout = other.macLayout;
        etherType = other.etherType;
        vlanCount = other.vlanCount;
        outerTag = other.outerTag;
        innerTag = other.innerTag;
        tunnel = other.tunnel;
        tunnelId = other.tunnelId;
    }

    void tag(int tagControl) {
        if (vlanCount++ == 0) {
            outerTag = tagControl;
        }
        innerTag = tagControl;
    }

    void tunnel(Encapsulation kind, long id) {
        tunnel = kind;
        tunnelId = id;
    }
}
