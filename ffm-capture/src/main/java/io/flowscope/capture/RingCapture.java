package io.flowscope.capture;

import static io.flowscope.bindings.linux.linux_h.AF_PACKET;
import static io.flowscope.bindings.linux.linux_h.SOCK_CLOEXEC;
import static io.flowscope.bindings.linux.linux_h.SOCK_RAW;

import io.flowscope.bindings.Platform;
import io.flowscope.bindings.linux.DescriptorCalls;
import io.flowscope.bindings.linux.ErrnoCapture;
import io.flowscope.bindings.linux.SocketCalls;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Live packets from a memory-mapped ring that the kernel fills (AF_PACKET, TPACKET_V3). The packets
 * are read where the kernel put them. Linux only; needs CAP_NET_RAW.
 *
 * <p>The batches' memory is the whole ring, the same for every batch; a packet in it is valid until
 * the handler returns, then the kernel writes others over it.
 */
public final class RingCapture implements PacketSource {
    private final RingOptions options;
    private final List<String> notes = new CopyOnWriteArrayList<>();
    private final WakeUp wakeUp;
    private final LinkWatch watch;
    private final LiveGate gate;
    private final Object counting = new Object();

    /** Packets, drops and freezes that the kernel has reported; guarded by {@code counting}. */
    private final long[] kernelCounts = new long[3];

    /** Replaced by the reader only, and under {@code counting}. */
    private Ring ring;

    /** Guarded by {@code counting}. */
    private boolean released;

    /** Of rings that were replaced. */
    private long formerBlocks;

    private long formerGaps;

    private final AtomicLong delivered = new AtomicLong();
    private volatile long blocks;
    private volatile long sequenceGaps;
    private final AtomicLong polls = new AtomicLong();

    private RingCapture(RingOptions options) {
        this.options = options;
        this.gate = new LiveGate(this::wake, this::release);
        try (Arena arena = Arena.ofConfined()) {
            ErrnoCapture errno = ErrnoCapture.allocate(arena);
            ring = Ring.open(errno, options, notes);
            wakeUp = wakeUp(errno, ring);
            watch = new LinkWatch(errno);
        }
    }

    private static WakeUp wakeUp(ErrnoCapture errno, Ring ring) {
        try {
            return new WakeUp(errno);
        } catch (CaptureException noDescriptors) {
            ring.close(errno);
            throw noDescriptors;
        }
    }

    /**
     * Opens a ring. Packets are captured from now on, whether or not somebody reads.
     *
     * @throws CaptureException naming the call that failed, its errno and what to do
     * @throws FilterException if the filter is wrong
     */
    public static RingCapture open(RingOptions options) {
        String unsupported = Platform.unsupportedCause();
        if (unsupported != null) {
            throw new CaptureException(unsupported);
        }
        RingCapture capture = new RingCapture(options);
        for (String note : capture.notes) {
            capture.tell(CaptureEvent.Kind.DEGRADED, options.interfaceName(), note);
        }
        return capture;
    }

    /** Whether this process may open packet sockets now. */
    public static boolean isAvailable() {
        return unavailabilityCause() == null;
    }

    /** Why packet sockets cannot be opened, with what to do about it; null if they can. */
    public static @Nullable Throwable unavailabilityCause() {
        String unsupported = Platform.unsupportedCause();
        if (unsupported != null) {
            return new UnsupportedOperationException(unsupported);
        }
        try (Arena arena = Arena.ofConfined()) {
            ErrnoCapture errno = ErrnoCapture.allocate(arena);
            int socket = SocketCalls.socket(errno, AF_PACKET(), SOCK_RAW() | SOCK_CLOEXEC(), 0);
            if (socket < 0) {
                return SystemErrors.failure("socket(AF_PACKET)", "live capture", socket);
            }
            DescriptorCalls.close(errno, socket);
            return null;
        } catch (IllegalCallerException denied) {
            return new UnsupportedOperationException(
                    "native access is not granted: add"
                            + " --enable-native-access=io.flowscope.bindings",
                    denied);
        }
    }

    /**
     * Returns if packet sockets can be opened.
     *
     * @throws CaptureException with the cause if not
     */
    public static void ensureAvailable() {
        Throwable cause = unavailabilityCause();
        if (cause != null) {
            throw new CaptureException(String.valueOf(cause.getMessage()), cause);
        }
    }

    /** What was asked for. */
    public RingOptions options() {
        return options;
    }

    /**
     * What is otherwise than it was asked for, a sentence each: a smaller ring, a refused clock.
     */
    public List<String> notes() {
        return new ArrayList<>(notes);
    }

    /** The number of the fan-out group, -1 if there is none. */
    public int fanoutGroup() {
        synchronized (counting) {
            return ring.fanoutGroup();
        }
    }

    @Override
    public int linkType() {
        synchronized (counting) {
            return ring.linkType();
        }
    }

    @Override
    public long forEachBatch(BatchHandler handler) {
        gate.enter();
        try (Arena waiting = Arena.ofConfined()) {
            return new RingReader(this, ErrnoCapture.allocate(waiting), waiting).read(handler);
        } finally {
            gate.leave();
        }
    }

    @Override
    public long forEach(PacketHandler handler) {
        return forEachBatch(Batches.oneByOne(handler));
    }

    /**
     * The link address that the kernel has of a packet of the batch that is being handled: its
     * sender's, also where the frame itself has no place for one. To be called by the handler, on
     * its thread; it costs something only where it is called.
     *
     * @param index the packet's place in the batch, from 0
     * @param into gets the address's first bytes; 8 always suffice
     * @return how many there are: 6 on Ethernet and loopback, 0 where a link has no addresses
     * @throws IndexOutOfBoundsException if the batch has no such packet
     * @throws IllegalStateException if no batch is being handled
     */
    public int linkAddress(int index, byte[] into) {
        return ring.blocks().linkAddress(index, into);
    }

    @Override
    public CaptureStatistics statistics() {
        synchronized (counting) {
            countKernel();
            return new CaptureStatistics(kernelCounts[0], kernelCounts[1], kernelCounts[2]);
        }
    }

    /** All that is counted; may be called from any thread, also after close. */
    public RingStatistics ringStatistics() {
        synchronized (counting) {
            countKernel();
            return new RingStatistics(
                    kernelCounts[0],
                    kernelCounts[1],
                    kernelCounts[2],
                    delivered.get(),
                    blocks,
                    sequenceGaps,
                    polls.get(),
                    ring.ringBytes());
        }
    }

    private void countKernel() {
        if (!released) {
            try (Arena call = Arena.ofConfined()) {
                ring.addStatistics(ErrnoCapture.allocate(call), kernelCounts);
            }
        }
    }

    @Override
    public void stop() {
        gate.stop();
    }

    @Override
    public void recall() {
        gate.recall();
    }

    @Override
    public void close() {
        gate.close();
    }

    private void wake() {
        wakeUp.signal();
    }

    private void release() {
        synchronized (counting) {
            countKernel();
            released = true;
            try (Arena call = Arena.ofConfined()) {
                ErrnoCapture errno = ErrnoCapture.allocate(call);
                ring.close(errno);
                watch.close(errno);
                wakeUp.close(errno);
            }
        }
    }

    // For the reader, on its thread.

    boolean isStopping() {
        return gate.isStopping();
    }

    Ring ring() {
        return ring;
    }

    WakeUp wakeUp() {
        return wakeUp;
    }

    LinkWatch watch() {
        return watch;
    }

    /** Closes the ring and opens it anew on an interface of that name. */
    void reopen(ErrnoCapture errno, RingOptions fresh) {
        synchronized (counting) {
            countKernel();
            List<String> refusals = new ArrayList<>();
            Ring next = Ring.open(errno, fresh, refusals);
            for (String refusal : refusals) {
                if (!notes.contains(refusal)) {
                    notes.add(refusal);
                }
            }
            Ring former = ring;
            formerBlocks += former.blocks().blocks();
            formerGaps += former.blocks().sequenceGaps();
            ring = next;
            former.close(errno);
        }
    }

    void count(long packets) {
        // Only the reader writes; those who ask may see it a moment later.
        delivered.setRelease(delivered.getPlain() + packets);
    }

    void countBlocks(RingBlocks of) {
        blocks = formerBlocks + of.blocks();
        sequenceGaps = formerGaps + of.sequenceGaps();
    }

    void countPoll() {
        polls.incrementAndGet();
    }

    void tell(CaptureEvent.Kind kind, String interfaceName, String message) {
        options.listener().onEvent(new CaptureEvent(kind, interfaceName, message));
    }
}
