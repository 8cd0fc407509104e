package io.flowscope.capture;

import io.flowscope.bindings.MemoryLoan;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** How a source's batches reach a handler. */
final class Batches {
    /**
     * Checked mode: each batch is lent for the time of the call only, so that a handler that keeps
     * a packet gets an exception instead of other packets' bytes.
     */
    static final boolean CHECKED = Boolean.getBoolean("flowscope.checked");

    private Batches() {}

    static void deliver(
            BatchHandler handler, MemorySegment memory, MemorySegment descriptors, int count) {
        if (!CHECKED) {
            handler.onBatch(memory, descriptors, count);
            return;
        }
        try (Arena arena = Arena.ofConfined()) {
            handler.onBatch(
                    MemoryLoan.lend(memory, arena), MemoryLoan.lend(descriptors, arena), count);
        }
    }

    /** Hands the packets of each batch on one at a time. */
    static BatchHandler oneByOne(PacketHandler handler) {
        return (memory, descriptors, count) -> {
            long end = (long) count * PacketDescriptor.BYTES;
            for (long at = 0; at < end; at += PacketDescriptor.BYTES) {
                handler.onPacket(
                        memory,
                        descriptors.get(
                                ValueLayout.JAVA_LONG_UNALIGNED, at + PacketDescriptor.OFFSET),
                        descriptors.get(
                                ValueLayout.JAVA_INT_UNALIGNED, at + PacketDescriptor.CAPTURED),
                        descriptors.get(
                                ValueLayout.JAVA_INT_UNALIGNED, at + PacketDescriptor.LENGTH),
                        descriptors.get(
                                ValueLayout.JAVA_LONG_UNALIGNED, at + PacketDescriptor.TIMESTAMP));
            }
        };
    }
}
