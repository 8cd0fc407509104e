package io.flowscope.capture;

import io.flowscope.bindings.linux.ErrnoCapture;
import io.flowscope.bindings.linux.InterfaceCalls;
import io.flowscope.bindings.linux.MessageCalls;
import io.flowscope.bindings.linux.MessageVector;
import io.flowscope.bindings.linux.iovec;
import io.flowscope.bindings.linux.linux_h;
import io.flowscope.bindings.linux.msghdr;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Sends numbered frames of an EtherType that nobody else uses. */
final class TestSender implements AutoCloseable {
    static final int ETHER_TYPE = 0x88b5;
    static final String FILTER = "ether proto 0x88b5";
    static final int NUMBER_OFFSET = 24;
    private static final int BURST = 64;
    private static final int MAX_FRAME = 16384;
    private static final ValueLayout.OfInt NUMBER =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private final Arena arena = Arena.ofShared();
    private final PacketSocket socket;
    private final MemorySegment frames;
    private final MemorySegment messages;
    private int sent;

    /**
     * @param bypass past the queue, which is faster; then nobody sees on the sending interface what
     *     is sent
     */
    private TestSender(String interfaceName, boolean bypass) {
        ErrnoCapture errno = ErrnoCapture.allocate(arena);
        socket = PacketSocket.open(errno, interfaceName);
        socket.bindForSending(errno, InterfaceCalls.if_nametoindex(errno, interfaceName));
        int past = bypass ? 1 : 0;
        socket.trySet(errno, linux_h.SOL_PACKET(), linux_h.PACKET_QDISC_BYPASS(), past);
        frames = arena.allocate((long) BURST * MAX_FRAME);
        messages = arena.allocate(BURST * MessageVector.BYTES, 8);
        for (int i = 0; i < BURST; i++) {
            MemorySegment frame = frames.asSlice((long) i * MAX_FRAME, MAX_FRAME);
            frame.set(ValueLayout.JAVA_BYTE, 0, (byte) 2);
            frame.set(ValueLayout.JAVA_BYTE, 6, (byte) 2);
            frame.set(ValueLayout.JAVA_BYTE, 11, (byte) 1);
            frame.set(NUMBER, 12, ETHER_TYPE << 16);
        }
    }

    /** On the far side. */
    static TestSender far(TestNetwork network) {
        return network.callFar(() -> new TestSender(network.far, true));
    }

    static TestSender on(String interfaceName) {
        return new TestSender(interfaceName, true);
    }

    /** So that those who capture on the same interface see what is sent. */
    static TestSender seenOn(String interfaceName) {
        return new TestSender(interfaceName, false);
    }

    /** How many were sent so far; the next has this number. */
    int sent() {
        return sent;
    }

    /** A template of all frames' first bytes, to be changed before sending. */
    void header(byte... bytes) {
        for (int i = 0; i < BURST; i++) {
            MemorySegment.copy(
                    bytes, 0, frames, ValueLayout.JAVA_BYTE, (long) i * MAX_FRAME, bytes.length);
        }
    }

    /** From now on each frame stands behind a header that tells what is left to the hardware. */
    void useVirtioHeaders() {
        try (Arena call = Arena.ofConfined()) {
            ErrnoCapture errno = ErrnoCapture.allocate(call);
            socket.set(errno, linux_h.PACKET_VNET_HDR(), "PACKET_VNET_HDR", 1);
        }
    }

    /** Sends one frame as {@link #header} has it, without a number. */
    void sendAsIs(int lengthBytes) {
        try (Arena call = Arena.ofConfined()) {
            long result =
                    MessageCalls.send(
                            ErrnoCapture.allocate(call),
                            socket.descriptor(),
                            frames,
                            lengthBytes,
                            0);
            if (result < 0) {
                throw SystemErrors.failure("send", "the test", (int) result);
            }
        }
    }

    /** Sends so many frames of so many bytes, as fast as possible. */
    void send(int count, int lengthBytes) {
        try (Arena call = Arena.ofConfined()) {
            ErrnoCapture errno = ErrnoCapture.allocate(call);
            MemorySegment vectors = iovec.allocateArray(BURST, call);
            for (int i = 0; i < BURST; i++) {
                MemorySegment vector = iovec.asSlice(vectors, i);
                iovec.iov_base(vector, frames.asSlice((long) i * MAX_FRAME, lengthBytes));
                iovec.iov_len(vector, lengthBytes);
                MemorySegment header =
                        messages.asSlice(MessageVector.headerOffset(i), msghdr.sizeof());
                msghdr.msg_iov(header, vector);
                msghdr.msg_iovlen(header, 1);
            }
            int left = count;
            while (left > 0) {
                int burst = Math.min(left, BURST);
                for (int i = 0; i < burst; i++) {
                    frames.set(NUMBER, (long) i * MAX_FRAME + NUMBER_OFFSET, sent + i);
                }
                int went = MessageCalls.sendmmsg(errno, socket.descriptor(), messages, burst, 0);
                if (went > 0) {
                    left -= went;
                    sent += went;
                } else if (went != -linux_h.ENOBUFS() && went != -linux_h.EINTR()) {
                    throw SystemErrors.failure("sendmmsg", "the test", went);
                }
            }
        }
    }

    @Override
    public void close() {
        socket.close(ErrnoCapture.allocate(arena));
        arena.close();
    }
}
