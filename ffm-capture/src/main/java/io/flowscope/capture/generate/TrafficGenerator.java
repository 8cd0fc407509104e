package io.flowscope.capture.generate;

import io.flowscope.capture.BatchHandler;
import io.flowscope.capture.CaptureStatistics;
import io.flowscope.capture.PacketDescriptor;
import io.flowscope.capture.PacketHandler;
import io.flowscope.capture.PacketSource;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A packet source that makes its packets up: whole Ethernet frames with right lengths and
 * checksums, the same for the same seed on every machine. Nothing is written to a file and no time
 * passes; the packets' timestamps are made up as well.
 */
public final class TrafficGenerator implements PacketSource {
    private static final boolean CHECKED = Boolean.getBoolean("flowscope.checked");
    private static final int BATCH_PACKETS = 1_024;
    private static final VarHandle PACKETS;

    static {
        try {
            PACKETS =
                    MethodHandles.lookup()
                            .findVarHandle(TrafficGenerator.class, "packets", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final FrameStream frames;
    private final MemorySegment memory;
    private final MemorySegment descriptors;
    private volatile boolean stopped;
    private volatile boolean closed;

    /** Written by the reading thread only. */
    @SuppressWarnings("unused")
    private long packets;

    private TrafficGenerator(FrameStream frames) {
        this.frames = frames;
        memory = frames.memory();
        descriptors =
                Arena.ofAuto().allocate((long) BATCH_PACKETS * PacketDescriptor.BYTES, Long.BYTES);
    }

    /** As many flows and packets as specified. */
    public static TrafficGenerator of(TrafficSpec spec) {
        return new TrafficGenerator(new BulkTraffic(spec));
    }

    /**
     * A few hundred packets of an office network: name look-ups over UDP and TCP, web pages, TLS
     * handshakes, a retransmission, a refused connection, pings, fragments, IPv6, VLAN tags and a
     * VXLAN tunnel. Timestamps are whole microseconds.
     */
    public static TrafficGenerator mix(long seed) {
        return new TrafficGenerator(new Mix(seed));
    }

    /** Ethernet. */
    @Override
    public int linkType() {
        return 1;
    }

    @Override
    public long forEachBatch(BatchHandler handler) {
        enter();
        long total = 0;
        while (!stopped) {
            int count = 0;
            long offset = 0;
            while (count < BATCH_PACKETS && offset < FrameStream.BATCH_BYTES) {
                int length = frames.next(offset);
                if (length == 0) {
                    break;
                }
                describe((long) count * PacketDescriptor.BYTES, offset, length);
                count++;
                offset += length;
            }
            if (count == 0) {
                break;
            }
            total += count;
            count(count);
            deliver(handler, offset, count);
        }
        return total;
    }

    @Override
    public long forEach(PacketHandler handler) {
        enter();
        long total = 0;
        while (!stopped) {
            int length = frames.next(0);
            if (length == 0) {
                break;
            }
            total++;
            count(1);
            if (CHECKED) {
                try (Arena arena = Arena.ofConfined()) {
                    MemorySegment frame =
                            arena.allocate(length).copyFrom(memory.asSlice(0, length));
                    handler.onPacket(frame, 0, length, length, frames.timestampNanos());
                }
            } else {
                handler.onPacket(memory, 0, length, length, frames.timestampNanos());
            }
        }
        return total;
    }

    private void count(int more) {
        PACKETS.setOpaque(this, (long) PACKETS.get(this) + more);
    }

    private void enter() {
        if (closed) {
            throw new IllegalStateException("this generator is closed");
        }
    }

    private void describe(long at, long offset, int length) {
        descriptors.set(ValueLayout.JAVA_LONG, at + PacketDescriptor.OFFSET, offset);
        descriptors.set(
                ValueLayout.JAVA_LONG, at + PacketDescriptor.TIMESTAMP, frames.timestampNanos());
        descriptors.set(ValueLayout.JAVA_INT, at + PacketDescriptor.CAPTURED, length);
        descriptors.set(ValueLayout.JAVA_INT, at + PacketDescriptor.LENGTH, length);
        descriptors.set(ValueLayout.JAVA_SHORT, at + PacketDescriptor.LINK_TYPE, (short) 1);
        descriptors.set(ValueLayout.JAVA_INT, at + PacketDescriptor.INTERFACE, -1);
    }

    private void deliver(BatchHandler handler, long used, int count) {
        if (!CHECKED) {
            handler.onBatch(memory, descriptors, count);
            return;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment frameCopy = arena.allocate(used).copyFrom(memory.asSlice(0, used));
            long bytes = (long) count * PacketDescriptor.BYTES;
            MemorySegment descriptorCopy =
                    arena.allocate(bytes, Long.BYTES).copyFrom(descriptors.asSlice(0, bytes));
            handler.onBatch(frameCopy, descriptorCopy, count);
        }
    }

    /** What happened to the packets so far; to be asked by the reading thread. */
    public TrafficCounts counts() {
        return frames.counts();
    }

    /** Nothing is ever dropped here: what a specification calls lost was never captured. */
    @Override
    public CaptureStatistics statistics() {
        return new CaptureStatistics((long) PACKETS.getOpaque(this), 0, 0);
    }

    @Override
    public void stop() {
        stopped = true;
    }

    /** Ends the reading; the memory goes when nobody refers to it any more. */
    @Override
    public void close() {
        closed = true;
        stopped = true;
    }
}
