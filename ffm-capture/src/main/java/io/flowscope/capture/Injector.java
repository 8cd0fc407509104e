package io.flowscope.capture;

import static io.flowscope.bindings.linux.linux_h.ENOBUFS;
import static io.flowscope.bindings.linux.linux_h.PACKET_QDISC_BYPASS;

import io.flowscope.bindings.Platform;
import io.flowscope.bindings.linux.ErrnoCapture;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Sends frames on an interface, from a ring that the kernel shares where there is one. One thread
 * sends; any thread may {@link #stop()} or {@link #close()}.
 */
public final class Injector implements AutoCloseable {
    /** Ethernet header and two VLAN tags beyond the MTU. */
    private static final int LINK_BYTES = 22;

    private static final long FULL_WAIT_NANOS = 20_000;

    private final Arena arena;
    private final ErrnoCapture errno;
    private final PacketSocket socket;
    private final NetworkInterfaceState link;
    private final FrameQueue queue;
    private final Pacer pacer;
    private final List<String> notes = new ArrayList<>();
    private final LiveGate gate = new LiveGate(() -> {}, this::release);

    /** What was ever put into the queue; for the sending thread. */
    private long queuedPackets;

    private long queuedBytes;

    private final AtomicLong packets = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong tooLong = new AtomicLong();
    private final AtomicLong otherLink = new AtomicLong();
    private final AtomicLong truncated = new AtomicLong();

    private Injector(Arena arena, InjectorOptions options) {
        this.arena = arena;
        errno = ErrnoCapture.allocate(arena);
        link = NetworkInterfaceState.of(errno, options.interfaceName());
        socket = PacketSocket.open(errno, link.name());
        try {
            if (options.bypassQueue()) {
                socket.set(errno, PACKET_QDISC_BYPASS(), "PACKET_QDISC_BYPASS", 1);
            }
            int maxFrame = link.mtuBytes() + LINK_BYTES;
            FrameQueue ring =
                    TransmitRing.create(errno, arena, socket, options.ringFrames(), maxFrame);
            if (ring == null) {
                notes.add(
                        "the kernel refused a transmit ring (%s): frames are sent with sendmmsg"
                                .formatted(errno.name()));
                ring = new MessageQueue(arena, socket, maxFrame);
            }
            queue = ring;
            socket.bindForSending(errno, link.index());
        } catch (RuntimeException failure) {
            socket.close(errno);
            throw failure;
        }
        pacer = new Pacer(options.maxPacketsPerSecond(), options.maxBitsPerSecond());
    }

    /**
     * Opens an interface for sending.
     *
     * @throws CaptureException naming the call that failed, its errno and what to do
     */
    public static Injector open(InjectorOptions options) {
        String unsupported = Platform.unsupportedCause();
        if (unsupported != null) {
            throw new CaptureException(unsupported);
        }
        Arena arena = Arena.ofShared();
        try {
            return new Injector(arena, options);
        } catch (RuntimeException failure) {
            Arenas.close(arena);
            throw failure;
        }
    }

    /** What is otherwise than it was asked for, a sentence each. */
    public List<String> notes() {
        return List.copyOf(notes);
    }

    /**
     * Sends one frame, once the injector's limits allow; returns when it is with the kernel.
     *
     * @return false if it was left out as too long, or if the injector was stopped
     * @throws CaptureException if the interface cannot send, such as because it is down
     */
    public boolean send(MemorySegment memory, long offset, int lengthBytes) {
        gate.enter();
        try {
            boolean added = pace(lengthBytes, 0) && put(memory, offset, lengthBytes, 0);
            drain();
            return added;
        } finally {
            gate.leave();
        }
    }

    /**
     * Sends a source's packets. Tags that were taken out of frames are put back.
     *
     * @param source opened once per round, and closed after it
     * @return how many packets were handed to the kernel by this call
     * @throws CaptureException if the interface cannot send, such as because it is down
     */
    public long replay(Supplier<? extends PacketSource> source, ReplayOptions options) {
        gate.enter();
        try {
            long before = packets.get();
            for (long round = 0; options.loops() == 0 || round < options.loops(); round++) {
                long sent = packets.get();
                try (PacketSource packetSource = source.get()) {
                    Schedule schedule = new Schedule(options.speed());
                    packetSource.forEachBatch(
                            (memory, descriptors, count) -> {
                                replay(memory, descriptors, count, schedule);
                                if (gate.isStopping()) {
                                    packetSource.stop();
                                }
                            });
                }
                drain();
                if (gate.isStopping() || packets.get() == sent) {
                    break;
                }
            }
            return packets.get() - before;
        } finally {
            gate.leave();
        }
    }

    /** When packets are due, from when they were captured. */
    private static final class Schedule {
        private final double speed;
        private long firstCaptured = Long.MIN_VALUE;
        private long begunNanos;

        Schedule(double speed) {
            this.speed = speed;
        }

        /** The moment of {@link System#nanoTime()} at which a packet is due, 0 for at once. */
        long due(long capturedNanos) {
            if (speed == 0) {
                return 0;
            }
            if (firstCaptured == Long.MIN_VALUE) {
                firstCaptured = capturedNanos;
                begunNanos = System.nanoTime();
            }
            return begunNanos + (long) ((capturedNanos - firstCaptured) / speed);
        }
    }

    private void replay(
            MemorySegment memory, MemorySegment descriptors, int count, Schedule schedule) {
        for (int i = 0; i < count && !gate.isStopping(); i++) {
            long at = (long) i * PacketDescriptor.BYTES;
            int linkType =
                    descriptors.get(ValueLayout.JAVA_SHORT, at + PacketDescriptor.LINK_TYPE)
                            & 0xffff;
            if (linkType != link.linkType()) {
                otherLink.incrementAndGet();
                continue;
            }
            int captured = descriptors.get(ValueLayout.JAVA_INT, at + PacketDescriptor.CAPTURED);
            int flags = descriptors.get(ValueLayout.JAVA_SHORT, at + PacketDescriptor.FLAGS);
            int tag = 0;
            if ((flags & PacketDescriptor.FLAG_VLAN) != 0) {
                // Both as they follow each other in the frame.
                int tpid = descriptors.get(ValueLayout.JAVA_SHORT, at + PacketDescriptor.VLAN_TPID);
                int tci = descriptors.get(ValueLayout.JAVA_SHORT, at + PacketDescriptor.VLAN_TCI);
                tag = (tpid << 16) | (tci & 0xffff);
            }
            long due =
                    schedule.due(
                            descriptors.get(
                                    ValueLayout.JAVA_LONG, at + PacketDescriptor.TIMESTAMP));
            long offset = descriptors.get(ValueLayout.JAVA_LONG, at + PacketDescriptor.OFFSET);
            if (pace(captured, due)
                    && put(memory, offset, captured, tag)
                    && (flags & PacketDescriptor.FLAG_TRUNCATED) != 0) {
                truncated.incrementAndGet();
            }
        }
    }

    /** Waits until a frame may go; false if it is to stop before. */
    private boolean pace(int lengthBytes, long dueNanos) {
        long now = System.nanoTime();
        long moment = dueNanos == 0 ? now : dueNanos;
        if (!pacer.isUnlimited()) {
            moment = Math.max(moment - now, 0) + now;
            moment = Math.max(moment, now + pacer.take(lengthBytes, now));
        }
        if (moment - now > 0) {
            flush();
            while (moment - System.nanoTime() > 0) {
                if (gate.isStopping()) {
                    return false;
                }
                Pacer.approach(moment);
            }
        }
        return !gate.isStopping();
    }

    private boolean put(MemorySegment memory, long offset, int lengthBytes, int tag) {
        int whole = tag == 0 ? lengthBytes : lengthBytes + 4;
        if (whole > queue.maxFrameBytes()) {
            tooLong.incrementAndGet();
            return false;
        }
        long to = queue.next();
        while (to < 0) {
            flush();
            to = queue.next();
            if (to < 0) {
                if (gate.isStopping()) {
                    return false;
                }
                LockSupport.parkNanos(FULL_WAIT_NANOS);
            }
        }
        if (tag == 0 || lengthBytes < 12) {
            MemorySegment.copy(memory, offset, queue.memory(), to, lengthBytes);
            queue.add(lengthBytes);
        } else {
            MemorySegment.copy(memory, offset, queue.memory(), to, 12);
            queue.memory().set(ValueLayout.JAVA_INT_UNALIGNED, to + 12, Integer.reverseBytes(tag));
            MemorySegment.copy(memory, offset + 12, queue.memory(), to + 16, lengthBytes - 12L);
            queue.add(whole);
        }
        queuedPackets++;
        queuedBytes += whole;
        packets.incrementAndGet();
        bytes.addAndGet(whole);
        return true;
    }

    private void flush() {
        int result = queue.flush(errno);
        refused.set(queue.refused());
        if (result < 0 && result != -ENOBUFS()) {
            settle();
            throw socket.failure("send", result);
        }
    }

    /** Sends all that waits; what the kernel does not take before a stop stays unsent. */
    private void drain() {
        flush();
        while (!queue.isEmpty() && !gate.isStopping()) {
            LockSupport.parkNanos(FULL_WAIT_NANOS);
            flush();
        }
        settle();
    }

    /** What the kernel has not taken does not count as sent. */
    private void settle() {
        packets.set(queuedPackets - queue.unsentFrames());
        bytes.set(queuedBytes - queue.unsentBytes());
    }

    /** What was sent and what was not; may be called from any thread. */
    public InjectorStatistics statistics() {
        return new InjectorStatistics(
                packets.get(),
                bytes.get(),
                refused.get(),
                tooLong.get(),
                otherLink.get(),
                truncated.get());
    }

    /** Asks the sender to return soon, for good: it sends nothing more. Returns at once. */
    public void stop() {
        gate.stop();
    }

    @Override
    public void close() {
        gate.close();
    }

    private void release() {
        socket.close(errno);
        Arenas.close(arena);
    }
}
