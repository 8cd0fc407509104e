package io.flowscope.capture;

import static io.flowscope.bindings.linux.linux_h.MSG_DONTWAIT;

import io.flowscope.bindings.linux.ErrnoCapture;
import io.flowscope.bindings.linux.MessageCalls;
import io.flowscope.bindings.linux.MessageVector;
import io.flowscope.bindings.linux.iovec;
import io.flowscope.bindings.linux.linux_h;
import io.flowscope.bindings.linux.msghdr;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Frames for sendmmsg, where there is no transmit ring: many for one call, each copied by it. */
final class MessageQueue implements FrameQueue {
    private static final int BURST = 64;

    private final PacketSocket socket;
    private final MemorySegment memory;
    private final MemorySegment vectors;
    private final MemorySegment messages;
    private final int maxFrameBytes;
    private int first;
    private int end;
    private long refused;

    MessageQueue(Arena arena, PacketSocket socket, int maxFrameBytes) {
        this.socket = socket;
        this.maxFrameBytes = maxFrameBytes;
        memory = arena.allocate((long) BURST * maxFrameBytes, 64);
        vectors = iovec.allocateArray(BURST, arena);
        messages = arena.allocate(BURST * MessageVector.BYTES, 8);
        for (int i = 0; i < BURST; i++) {
            MemorySegment vector = iovec.asSlice(vectors, i);
            iovec.iov_base(vector, memory.asSlice((long) i * maxFrameBytes));
            MemorySegment header = messages.asSlice(MessageVector.headerOffset(i), msghdr.sizeof());
            msghdr.msg_iov(header, vector);
            msghdr.msg_iovlen(header, 1);
        }
    }

    @Override
    public int maxFrameBytes() {
        return maxFrameBytes;
    }

    @Override
    public long next() {
        return end < BURST ? (long) end * maxFrameBytes : -1;
    }

    @Override
    public MemorySegment memory() {
        return memory;
    }

    @Override
    public void add(int lengthBytes) {
        vectors.set(linux_h.C_LONG, end * iovec.sizeof() + iovec.iov_len$offset(), lengthBytes);
        end++;
    }

    @Override
    public int flush(ErrnoCapture errno) {
        while (first < end) {
            int sent =
                    MessageCalls.sendmmsg(
                            errno,
                            socket.descriptor(),
                            messages.asSlice(MessageVector.headerOffset(first)),
                            end - first,
                            MSG_DONTWAIT());
            if (sent > 0) {
                first += sent;
            } else if (sent == -linux_h.EMSGSIZE() || sent == -linux_h.EINVAL()) {
                refused++;
                first++;
            } else {
                boolean later =
                        sent == -linux_h.EAGAIN()
                                || sent == -linux_h.ENOBUFS()
                                || sent == -linux_h.EINTR();
                return later ? 0 : sent;
            }
        }
        first = 0;
        end = 0;
        return 0;
    }

    @Override
    public boolean isEmpty() {
        return first == end;
    }

    @Override
    public int unsentFrames() {
        return end - first;
    }

    @Override
    public long unsentBytes() {
        long sum = 0;
        for (int i = first; i < end; i++) {
            sum += vectors.get(linux_h.C_LONG, i * iovec.sizeof() + iovec.iov_len$offset());
        }
        return sum;
    }

    @Override
    public long refused() {
        return refused;
    }
}
