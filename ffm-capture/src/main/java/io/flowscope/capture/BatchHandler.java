package io.flowscope.capture;

import java.lang.foreign.MemorySegment;

/** Receives packets a batch at a time, in the order in which they were captured. */
@FunctionalInterface
public interface BatchHandler {
    /**
     * Called by the reading thread. Both segments belong to the source and are valid until the call
     * returns.
     *
     * @param memory holds the packets' bytes
     * @param descriptors one record of {@link PacketDescriptor#BYTES} bytes per packet
     * @param count how many records are valid
     */
    void onBatch(MemorySegment memory, MemorySegment descriptors, int count);
}
