package io.flowscope.bench.pass;

import com.sun.management.ThreadMXBean;

import io.flowscope.capture.BatchHandler;
import io.flowscope.capture.PacketHandler;

import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;

/**
 * Counts what the calling thread allocates from one packet's end to the end of the last: what a
 * source and a handler need once, before the first packet, does not count.
 */
final class Allocation {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** Single packets are looked at this seldom, because looking takes time. */
    private static final int STRIDE_PACKETS = 1_024;

    private long first = -1;
    private long last;

    private Allocation() {}

    private void look() {
        long now = THREADS.getCurrentThreadAllocatedBytes();
        if (first < 0) {
            first = now;
        }
        last = now;
    }

    private long bytes() {
        return last - first;
    }

    /** Around a handler of batches. */
    static final class OfBatches implements BatchHandler {
        private final BatchHandler handler;
        private final Allocation allocation = new Allocation();

        OfBatches(BatchHandler handler) {
            this.handler = handler;
        }

        @Override
        public void onBatch(MemorySegment memory, MemorySegment descriptors, int count) {
            handler.onBatch(memory, descriptors, count);
            allocation.look();
        }

        long bytes() {
            return allocation.bytes();
        }
    }

    /** Around a handler of packets. */
    static final class OfPackets implements PacketHandler {
        private final PacketHandler handler;
        private final Allocation allocation = new Allocation();
        private int packets;

        OfPackets(PacketHandler handler) {
            this.handler = handler;
        }

        @Override
        public void onPacket(
                MemorySegment memory, long offset, int captured, int length, long timestampNanos) {
            handler.onPacket(memory, offset, captured, length, timestampNanos);
            if (++packets % STRIDE_PACKETS == 0) {
                allocation.look();
            }
        }

        long bytes() {
            return allocation.bytes();
        }
    }
}
