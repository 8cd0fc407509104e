package io.flowscope.capture;

import java.lang.foreign.MemorySegment;

/** Receives packets one at a time, for those who need no batch. */
@FunctionalInterface
public interface PacketHandler {
    /**
     * Called by the reading thread. The memory belongs to the source and is valid until the call
     * returns.
     *
     * @param memory holds the packet's bytes
     * @param offset where its first byte is
     * @param captured bytes present
     * @param length bytes on the wire
     * @param timestampNanos nanoseconds since the epoch
     */
    void onPacket(MemorySegment memory, long offset, int captured, int length, long timestampNanos);
}
