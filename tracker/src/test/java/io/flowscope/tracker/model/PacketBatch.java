package io.flowscope.tracker.model;

import io.flowscope.tracker.FlowTracker;
import io.flowscope.tracker.PacketDescriptor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/**
 * Packets in memory with their descriptors, for a tracker to be fed with singly or in batches. In
 * checked mode a tracker is lent them for the time of a call, as by the sources of ffm-capture: one
 * that keeps a packet's memory fails.
 */
public final class PacketBatch {
    private static final boolean CHECKED = Boolean.getBoolean("flowscope.checked");

    public final MemorySegment memory;
    public final MemorySegment descriptors;
    public final int count;

    public PacketBatch(Arena arena, List<TestPacket> packets) {
        count = packets.size();
        List<byte[]> frames = packets.stream().map(TestPacket::bytes).toList();
        memory = arena.allocate(Math.max(1, frames.stream().mapToLong(f -> f.length).sum()));
        descriptors = arena.allocate((long) Math.max(1, count) * PacketDescriptor.BYTES, 8);
        long offset = 0;
        for (int i = 0; i < count; i++) {
            byte[] frame = frames.get(i);
            MemorySegment.copy(frame, 0, memory, ValueLayout.JAVA_BYTE, offset, frame.length);
            long at = (long) i * PacketDescriptor.BYTES;
            setLong(at + PacketDescriptor.OFFSET, offset);
            setLong(at + PacketDescriptor.TIMESTAMP, packets.get(i).time);
            setInt(at + PacketDescriptor.CAPTURED, frame.length);
            setInt(at + PacketDescriptor.LENGTH, frame.length);
            setInt(at + PacketDescriptor.LINK_TYPE, 1);
            setInt(at + PacketDescriptor.INTERFACE, packets.get(i).interfaceIndex);
            offset += frame.length;
        }
    }

    private void setLong(long at, long value) {
        descriptors.set(ValueLayout.JAVA_LONG, at, value);
    }

    private void setInt(long at, int value) {
        descriptors.set(ValueLayout.JAVA_INT, at, value);
    }

    /** Feeds a range of the packets as one batch. */
    public void feed(FlowTracker tracker, int from, int to) {
        long at = (long) from * PacketDescriptor.BYTES;
        MemorySegment records =
                descriptors.asSlice(at, (long) (to - from) * PacketDescriptor.BYTES);
        if (!CHECKED) {
            tracker.trackBatch(memory, records, to - from);
            return;
        }
        try (Arena lent = Arena.ofConfined()) {
            tracker.trackBatch(copy(lent, memory), copy(lent, records), to - from);
        }
    }

    /** Feeds all packets one by one; the interface, which single packets do not have, is lost. */
    public void feedSingly(FlowTracker tracker) {
        for (int i = 0; i < count; i++) {
            long at = (long) i * PacketDescriptor.BYTES;
            long offset = descriptors.get(ValueLayout.JAVA_LONG, at + PacketDescriptor.OFFSET);
            int captured = descriptors.get(ValueLayout.JAVA_INT, at + PacketDescriptor.CAPTURED);
            int length = descriptors.get(ValueLayout.JAVA_INT, at + PacketDescriptor.LENGTH);
            long time = descriptors.get(ValueLayout.JAVA_LONG, at + PacketDescriptor.TIMESTAMP);
            if (!CHECKED) {
                tracker.track(memory, offset, captured, length, time);
                continue;
            }
            try (Arena lent = Arena.ofConfined()) {
                MemorySegment frame = copy(lent, memory.asSlice(offset, captured));
                tracker.track(frame, 0, captured, length, time);
            }
        }
    }

    private static MemorySegment copy(Arena arena, MemorySegment from) {
        return arena.allocate(from.byteSize(), 8).copyFrom(from);
    }
}
