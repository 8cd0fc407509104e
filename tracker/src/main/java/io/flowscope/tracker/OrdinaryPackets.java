package io.flowscope.tracker;

import static io.flowscope.tracker.table.FlowLayout.BITS;
import static io.flowscope.tracker.table.FlowLayout.BYTES;
import static io.flowscope.tracker.table.FlowLayout.LAST;
import static io.flowscope.tracker.table.FlowLayout.LONG;
import static io.flowscope.tracker.table.FlowLayout.PACKETS;
import static io.flowscope.tracker.table.FlowLayout.PACKETS_MASK;
import static io.flowscope.tracker.table.FlowLayout.PAYLOAD;
import static io.flowscope.tracker.table.FlowLayout.VERSION_SHIFT;
import static io.flowscope.tracker.table.FlowLayout.WINDOWS_AND_VERSION;

import io.flowscope.tracker.packet.PacketCursor;
import io.flowscope.tracker.table.FlowBits;
import io.flowscope.tracker.table.FlowTable;
import io.flowscope.tracker.table.Timeouts;
import io.flowscope.tracker.tcp.Segments;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/**
 * The common case, in few methods that the compiler joins: a packet of a living flow that changes
 * nothing but its numbers. Does exactly what {@link FlowEngine} does with any packet. The memory is
 * handed from method to method, because then it is checked but once.
 *
 * <p>Owner: the tracker's thread.
 */
final class OrdinaryPackets {
    /** Verdict: an ordinary packet of another protocol. Those of TCP are {@link Segments}'. */
    static final int NOT_TCP = 4;

    private static final long VERSION_MASK = 0xffffL << VERSION_SHIFT;

    private final FlowTable table;
    private final MemorySegment memory;
    private final Timeouts timeouts;
    private final Segments segments;
    private final boolean enabled;

    /**
     * @param enabled false if there is more to be done for every packet than is done here
     */
    OrdinaryPackets(FlowTable table, Timeouts timeouts, Segments segments, boolean enabled) {
        this.table = table;
        this.memory = table.memory();
        this.timeouts = timeouts;
        this.segments = segments;
        this.enabled = enabled;
    }

    /**
     * Counts a packet if it is ordinary.
     *
     * @param record where its flow probably is
     * @return 0 if it is not; nothing has changed then
     */
    int take(Lane lane, int record, long now) {
        MemorySegment memory = this.memory;
        long at = table.at(record);
        long bits = memory.get(LONG, at + BITS);
        if ((bits & FlowBits.LIVE) == 0 || !table.matches(memory, record, at, lane.key)) {
            return 0;
        }
        int side = FlowEngine.side(lane.key, bits);
        int verdict = judge(memory, at, bits, side, lane, now);
        if (verdict != 0) {
            count(memory, at, bits, side, lane.packet, verdict, now);
        }
        return verdict;
    }

    /** 0 if a packet is not ordinary, else what is to be done with it. */
    private int judge(MemorySegment memory, long at, long bits, int side, Lane lane, long now) {
        PacketCursor packet = lane.packet;
        long sideAt = at + 8L * side;
        long sinceLast = now - memory.get(LONG, sideAt + LAST);
        if (Long.compareUnsigned(sinceLast, timeouts.briefestNanos()) >= 0 || !enabled) {
            return 0;
        }
        if ((bits & FlowBits.TCP) != 0) {
            return segments.judge(memory, at, bits, side, packet);
        }
        boolean first = (memory.get(LONG, sideAt + PACKETS) & PACKETS_MASK) == 0;
        return first || packet.icmpType() >= 0 ? 0 : NOT_TCP;
    }

    private void count(
            MemorySegment memory,
            long at,
            long bits,
            int side,
            PacketCursor packet,
            int verdict,
            long now) {
        long sideAt = at + 8L * side;
        memory.set(LONG, sideAt + PACKETS, memory.get(LONG, sideAt + PACKETS) + 1);
        VarHandle.storeStoreFence();
        memory.set(LONG, sideAt + LAST, now);
        memory.set(LONG, sideAt + BYTES, memory.get(LONG, sideAt + BYTES) + packet.length());
        int payload = packet.payloadLength();
        if (payload != 0) {
            memory.set(LONG, sideAt + PAYLOAD, memory.get(LONG, sideAt + PAYLOAD) + payload);
        }
        long windows = nextVersion(memory.get(LONG, at + WINDOWS_AND_VERSION));
        if (verdict != NOT_TCP) {
            windows = withWindow(windows, side, packet.tcpWindow());
            long after = segments.applyOrdinary(memory, at, bits, side, packet, verdict, now);
            if (after != bits) {
                memory.set(LONG, at + BITS, after);
            }
        }
        VarHandle.storeStoreFence();
        memory.set(LONG, at + WINDOWS_AND_VERSION, windows);
    }

    private static long nextVersion(long windows) {
        long version = (windows + (1L << VERSION_SHIFT)) & VERSION_MASK;
        return (windows & ~VERSION_MASK) | version;
    }

    private static long withWindow(long windows, int side, int window) {
        int shift = 16 * side;
        return (windows & ~(0xffffL << shift)) | ((long) window << shift);
    }
}
