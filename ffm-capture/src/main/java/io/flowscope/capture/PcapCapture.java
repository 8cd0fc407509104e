package io.flowscope.capture;

import static io.flowscope.bindings.linux.linux_h.POLLIN;
import static io.flowscope.bindings.linux.linux_h.poll;

import io.flowscope.bindings.linux.ErrnoCapture;
import io.flowscope.bindings.linux.pollfd;
import io.flowscope.bindings.pcap.Libpcap;
import io.flowscope.bindings.pcap.PcapErrors;
import io.flowscope.bindings.pcap.PcapPacket;
import io.flowscope.bindings.pcap.pcap_h;
import io.flowscope.bindings.pcap.pcap_stat;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Live packets through libpcap, for what {@link RingCapture} cannot do: the device {@code any}, and
 * interfaces whose frames need libpcap's cooked headers. Packets are copied once, into batches.
 */
public final class PcapCapture implements PacketSource {
    private static final int POLL_MILLIS = 1000;

    /** No link brings half of what libpcap's counts hold, 2^31 packets, in so short a time. */
    private static final long COUNTING_NANOS = 10_000_000_000L;

    private final Arena arena;
    private final MemorySegment handle;
    private final int linkType;
    private final List<String> notes;
    private final PcapBatch batch;
    private final PcapPacket packet;
    private final WakeUp wakeUp;
    private final LiveGate gate;

    /** Held during calls on the handle, which none of them may overlap. */
    private final Object calling = new Object();

    /** Guarded by {@code calling}. */
    private boolean released;

    /** Guarded by {@code calling}, as those below. */
    private final WideCount packets = new WideCount();

    private final WideCount drops = new WideCount();
    private final WideCount interfaceDrops = new WideCount();
    private CaptureStatistics last = new CaptureStatistics(0, 0, 0);

    private PcapCapture(Arena arena, PcapOptions options) {
        this.arena = arena;
        PcapOpening opening = PcapOpening.open(arena, options);
        handle = opening.handle();
        notes = opening.notes();
        linkType = opening.linkType();
        batch = new PcapBatch(arena, linkType, options.snapBytes());
        packet = new PcapPacket(arena);
        try (Arena call = Arena.ofConfined()) {
            wakeUp = new WakeUp(ErrnoCapture.allocate(call));
        }
        gate = new LiveGate(wakeUp::signal, this::release);
    }

    /**
     * Opens a device. Packets are captured from now on.
     *
     * @throws CaptureException with libpcap's words, or saying that there is no libpcap
     */
    public static PcapCapture open(PcapOptions options) {
        ensureAvailable();
        Arena arena = Arena.ofShared();
        try {
            return new PcapCapture(arena, options);
        } catch (RuntimeException failure) {
            Arenas.close(arena);
            throw failure;
        }
    }

    /** Whether there is a libpcap. */
    public static boolean isAvailable() {
        return Libpcap.isAvailable();
    }

    /** Why there is none, with what to do about it; null if there is one. */
    public static @Nullable Throwable unavailabilityCause() {
        return Libpcap.unavailabilityCause();
    }

    /**
     * Returns if there is a libpcap.
     *
     * @throws CaptureException with the cause if not
     */
    public static void ensureAvailable() {
        if (!isAvailable()) {
            throw new CaptureException(LibpcapCompiler.absence(), unavailabilityCause());
        }
    }

    /** What libpcap warned of when the device was opened. */
    public List<String> notes() {
        return notes;
    }

    @Override
    public int linkType() {
        return linkType;
    }

    @Override
    public long forEachBatch(BatchHandler handler) {
        gate.enter();
        try (Arena waiting = Arena.ofConfined()) {
            return read(handler, waiting);
        } finally {
            gate.leave();
        }
    }

    private long read(BatchHandler handler, Arena waiting) {
        ErrnoCapture errno = ErrnoCapture.allocate(waiting);
        MemorySegment polled = pollfd.allocateArray(2, waiting);
        int[] watched = {pcap_h.pcap_get_selectable_fd(handle), wakeUp.descriptor()};
        for (int i = 0; i < watched.length; i++) {
            pollfd.fd(pollfd.asSlice(polled, i), watched[i]);
            pollfd.events(pollfd.asSlice(polled, i), (short) POLLIN());
        }
        long sum = 0;
        long countedNanos = System.nanoTime();
        while (!gate.isStopping()) {
            long now = System.nanoTime();
            if (now - countedNanos > COUNTING_NANOS) {
                countedNanos = now;
                statistics();
            }
            int count;
            synchronized (calling) {
                count = batch.fill(handle, packet);
            }
            if (count > 0) {
                sum += count;
                batch.deliver(handler);
            } else if (count == 0) {
                poll(polled, 2, POLL_MILLIS);
            } else {
                throw new CaptureException("pcap_next_ex: " + PcapErrors.lastOf(handle));
            }
        }
        wakeUp.clear(errno);
        return sum;
    }

    @Override
    public long forEach(PacketHandler handler) {
        return forEachBatch(Batches.oneByOne(handler));
    }

    /** Lets only packets through which the filter accepts, from now on. */
    public void filter(String expression) {
        synchronized (calling) {
            if (released) {
                throw new IllegalStateException("closed");
            }
            PcapOpening.install(handle, expression);
        }
    }

    @Override
    public CaptureStatistics statistics() {
        synchronized (calling) {
            if (!released) {
                try (Arena call = Arena.ofConfined()) {
                    MemorySegment counts = pcap_stat.allocate(call);
                    if (pcap_h.pcap_stats(handle, counts) == 0) {
                        last =
                                new CaptureStatistics(
                                        packets.at(pcap_stat.ps_recv(counts)),
                                        drops.at(pcap_stat.ps_drop(counts))
                                                + interfaceDrops.at(pcap_stat.ps_ifdrop(counts)),
                                        0);
                    }
                }
            }
            return last;
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

    private void release() {
        synchronized (calling) {
            statistics();
            released = true;
            try (Arena call = Arena.ofConfined()) {
                wakeUp.close(ErrnoCapture.allocate(call));
            }
            Arenas.close(arena);
        }
    }
}
