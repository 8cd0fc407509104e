package io.flowscope.capture;

import java.lang.foreign.ValueLayout;

/** Hands the packets of a batch over one by one. */
final class BatchUnpacking {
    private BatchUnpacking() {}

    static BatchHandler of(PacketHandler handler) {
        return (memory, descriptors, count) -> {
            for (int i = 0; i < count; i++) {
                long at = (long) i * PacketDescriptor.BYTES;
                handler.onPacket(
                        memory,
                        descriptors.get(ValueLayout.JAVA_LONG, at + PacketDescriptor.OFFSET),
                        descriptors.get(ValueLayout.JAVA_INT, at + PacketDescriptor.CAPTURED),
                        descriptors.get(ValueLayout.JAVA_INT, at + PacketDescriptor.LENGTH),
                        descriptors.get(ValueLayout.JAVA_LONG, at + PacketDescriptor.TIMESTAMP));
            }
        };
    }
}
