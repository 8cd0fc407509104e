package io.flowscope.tracker.key;

import io.flowscope.tracker.packet.PacketCursor;

/**
 * Says which flow a packet belongs to. Called once per packet on the tracker's thread: no
 * allocation, no locks, and nothing kept of the cursor.
 */
@FunctionalInterface
public interface KeyExtractor {
    /**
     * Writes the packet's key and direction.
     *
     * @param packet decoded; matched, or anything if {@link #acceptsUnmatched()}
     * @param into to be filled
     * @return false if the packet belongs to no flow
     */
    boolean extract(PacketCursor packet, KeyBuffer into);

    /**
     * Whether the key is made of ports: then fragments go to the flow of their first fragment, and
     * TCP flows have TCP's life cycle.
     */
    default boolean usesTransport() {
        return false;
    }

    /** Whether packets without IP can have a key. */
    default boolean acceptsUnmatched() {
        return false;
    }

    /** Whether the key's bytes are the user's own, so that nobody else can read them. */
    default boolean custom() {
        return true;
    }

    /**
     * Whether keys with the same addresses may belong to different networks; then fragments of
     * different interfaces, VLANs or tunnels are never taken for one datagram.
     */
    default boolean tagged() {
        return false;
    }
}
