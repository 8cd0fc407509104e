package io.flowscope.capture;

import static io.flowscope.bindings.linux.linux_h.MAP_SHARED;
import static io.flowscope.bindings.linux.linux_h.MSG_DONTWAIT;
import static io.flowscope.bindings.linux.linux_h.PACKET_TX_RING;
import static io.flowscope.bindings.linux.linux_h.PACKET_VERSION;
import static io.flowscope.bindings.linux.linux_h.PROT_READ;
import static io.flowscope.bindings.linux.linux_h.PROT_WRITE;
import static io.flowscope.bindings.linux.linux_h.SOL_PACKET;
import static io.flowscope.bindings.linux.linux_h.TPACKET_V2;

import io.flowscope.bindings.linux.ErrnoCapture;
import io.flowscope.bindings.linux.MappedMemory;
import io.flowscope.bindings.linux.MessageCalls;
import io.flowscope.bindings.linux.SocketCalls;
import io.flowscope.bindings.linux.linux_h;
import io.flowscope.bindings.linux.tpacket_req;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * A mapped ring of frames that the kernel sends from where they are (TPACKET_V2). Each slot begins
 * with its status and the frame's length, the frame follows at byte 32:
 *
 * <pre>
 *   0        4        8                 32
 *   +--------+--------+-----------------+------------
 *   | status | length | (kernel's)      | frame …
 *   +--------+--------+-----------------+------------
 * </pre>
 */
final class TransmitRing implements FrameQueue {
    private static final int HEADER_BYTES = 32;
    private static final int LENGTH_OFFSET = 4;
    private static final VarHandle STATUS = ValueLayout.JAVA_INT.varHandle();

    private static final int AVAILABLE = 0;
    private static final int SEND_REQUEST = 1;
    private static final int WRONG_FORMAT = 4;

    private final PacketSocket socket;
    private final MemorySegment memory;
    private final int slotBytes;
    private final int slots;
    private final int maxFrameBytes;
    private int slot;
    private int oldest;
    private int waiting;
    private long refused;

    private TransmitRing(
            PacketSocket socket,
            MemorySegment memory,
            int slotBytes,
            int slots,
            int maxFrameBytes) {
        this.socket = socket;
        this.memory = memory;
        this.slotBytes = slotBytes;
        this.slots = slots;
        this.maxFrameBytes = maxFrameBytes;
    }

    /** Sets the ring up, before the socket is bound; null where the kernel refuses one. */
    static @Nullable TransmitRing create(
            ErrnoCapture errno, Arena arena, PacketSocket socket, int slots, int maxFrameBytes) {
        int slotBytes =
                Math.max(2048, Integer.highestOneBit(maxFrameBytes + HEADER_BYTES - 1) << 1);
        int blockBytes = Math.max(slotBytes, 1 << 16);
        int perBlock = blockBytes / slotBytes;
        int blocks = (slots + perBlock - 1) / perBlock;
        if (socket.trySet(errno, SOL_PACKET(), PACKET_VERSION(), TPACKET_V2()) < 0) {
            return null;
        }
        try (Arena call = Arena.ofConfined()) {
            MemorySegment request = tpacket_req.allocate(call);
            tpacket_req.tp_block_size(request, blockBytes);
            tpacket_req.tp_block_nr(request, blocks);
            tpacket_req.tp_frame_size(request, slotBytes);
            tpacket_req.tp_frame_nr(request, perBlock * blocks);
            int result =
                    SocketCalls.setsockopt(
                            errno,
                            socket.descriptor(),
                            SOL_PACKET(),
                            PACKET_TX_RING(),
                            request,
                            (int) tpacket_req.sizeof());
            if (result < 0) {
                return null;
            }
        }
        MemorySegment memory =
                MappedMemory.map(
                        errno,
                        arena,
                        (long) blockBytes * blocks,
                        PROT_READ() | PROT_WRITE(),
                        MAP_SHARED(),
                        socket.descriptor(),
                        0);
        return memory.address() == 0
                ? null
                : new TransmitRing(socket, memory, slotBytes, perBlock * blocks, maxFrameBytes);
    }

    @Override
    public int maxFrameBytes() {
        return maxFrameBytes;
    }

    @Override
    public MemorySegment memory() {
        return memory;
    }

    private long at(int index) {
        return (long) index * slotBytes;
    }

    @Override
    public long next() {
        return waiting < slots ? at(slot) + HEADER_BYTES : -1;
    }

    @Override
    public void add(int lengthBytes) {
        long at = at(slot);
        memory.set(ValueLayout.JAVA_INT, at + LENGTH_OFFSET, lengthBytes);
        // Release pairs with the kernel's reading of the status: the frame is written before.
        STATUS.setRelease(memory, at, SEND_REQUEST);
        slot = slot + 1 == slots ? 0 : slot + 1;
        waiting++;
    }

    @Override
    public int flush(ErrnoCapture errno) {
        long result =
                MessageCalls.send(
                        errno, socket.descriptor(), MemorySegment.NULL, 0, MSG_DONTWAIT());
        reclaim();
        return result < 0 && result != -linux_h.EAGAIN() ? (int) result : 0;
    }

    /** Takes back what the kernel has sent, and what it never will. */
    private void reclaim() {
        while (waiting > 0) {
            // Acquire pairs with the kernel's release of the slot: it has read the frame before.
            int status = (int) STATUS.getAcquire(memory, at(oldest));
            if ((status & WRONG_FORMAT) != 0) {
                refused++;
                STATUS.setRelease(memory, at(oldest), AVAILABLE);
            } else if ((status & 3) != AVAILABLE) {
                return;
            }
            oldest = oldest + 1 == slots ? 0 : oldest + 1;
            waiting--;
        }
    }

    @Override
    public boolean isEmpty() {
        reclaim();
        return waiting == 0;
    }

    @Override
    public int unsentFrames() {
        int count = 0;
        for (int i = 0; i < waiting; i++) {
            count += isUnsent((oldest + i) % slots) ? 1 : 0;
        }
        return count;
    }

    @Override
    public long unsentBytes() {
        long sum = 0;
        for (int i = 0; i < waiting; i++) {
            int index = (oldest + i) % slots;
            if (isUnsent(index)) {
                sum += memory.get(ValueLayout.JAVA_INT, at(index) + LENGTH_OFFSET);
            }
        }
        return sum;
    }

    private boolean isUnsent(int index) {
        return (int) STATUS.getAcquire(memory, at(index)) == SEND_REQUEST;
    }

    @Override
    public long refused() {
        return refused;
    }
}
