package io.flowscope.capture;

import static io.flowscope.bindings.linux.linux_h.PACKET_IGNORE_OUTGOING;
import static io.flowscope.bindings.linux.linux_h.PACKET_STATISTICS;
import static io.flowscope.bindings.linux.linux_h.PACKET_VERSION;
import static io.flowscope.bindings.linux.linux_h.SOL_PACKET;
import static io.flowscope.bindings.linux.linux_h.SOL_SOCKET;
import static io.flowscope.bindings.linux.linux_h.SO_BUSY_POLL;
import static io.flowscope.bindings.linux.linux_h.TPACKET_V3;

import io.flowscope.bindings.linux.Errno;
import io.flowscope.bindings.linux.ErrnoCapture;
import io.flowscope.bindings.linux.SocketCalls;
import io.flowscope.bindings.linux.tpacket_stats_v3;
import io.flowscope.capture.filter.Bpf;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/** A packet socket with its mapped ring, bound to an interface. Not thread-safe. */
final class Ring {
    /** What a frame may have beyond the MTU: Ethernet header and two VLAN tags. */
    private static final int LINK_BYTES = 22;

    private static final long[] REJECT_ALL = {Bpf.instruction(Bpf.RET | Bpf.K, 0)};

    private final PacketSocket socket;
    private final Arena arena;
    private final MemorySegment memory;
    private final MemorySegment descriptors;
    private final RingBlocks blocks;
    private final int linkType;
    private final int fanoutGroup;
    private NetworkInterfaceState link;

    private Ring(
            PacketSocket socket,
            Arena arena,
            MemorySegment memory,
            MemorySegment descriptors,
            RingBlocks blocks,
            int fanoutGroup,
            NetworkInterfaceState link) {
        this.socket = socket;
        this.arena = arena;
        this.memory = memory;
        this.descriptors = descriptors;
        this.blocks = blocks;
        this.linkType = link.linkType();
        this.fanoutGroup = fanoutGroup;
        this.link = link;
        link(link);
    }

    /**
     * Opens a ring that from now on misses nothing.
     *
     * @param notes where to say what is not as it was asked for
     */
    static Ring open(ErrnoCapture errno, RingOptions options, List<String> notes) {
        NetworkInterfaceState link = NetworkInterfaceState.of(errno, options.interfaceName());
        if (link.linkType() < 0) {
            throw new CaptureException(
                    "%s has frames that a ring cannot describe (hardware type %d): use PcapCapture"
                            .formatted(link.name(), link.hardwareType()));
        }
        BpfProgram filter = Filters.compile(options.filter(), link.linkType());
        PacketSocket socket = PacketSocket.open(errno, link.name());
        Arena arena = Arena.ofShared();
        try {
            return open(errno, options, notes, link, socket, arena, filter);
        } catch (RuntimeException failure) {
            socket.close(errno);
            Arenas.close(arena);
            throw failure;
        }
    }

    private static Ring open(
            ErrnoCapture errno,
            RingOptions options,
            List<String> notes,
            NetworkInterfaceState link,
            PacketSocket socket,
            Arena arena,
            BpfProgram filter) {
        socket.set(errno, PACKET_VERSION(), "PACKET_VERSION", TPACKET_V3());
        boolean skipOutgoing = configure(errno, options, notes, link, socket);
        MemorySegment memory = RingMemory.map(errno, arena, socket, options);
        if (memory.byteSize() < options.ringBytes()) {
            notes.add(
                    "not enough memory for a ring of %d bytes: it has %d bytes"
                            .formatted(options.ringBytes(), memory.byteSize()));
        }
        long[] program = shortened(filter.toArray(), options.snapBytes());
        Fanout fanout = options.fanout();
        socket.attach(errno, fanout == null ? program : REJECT_ALL);
        socket.bind(errno, link.index());
        if (options.promiscuous()) {
            socket.bePromiscuous(errno, link.index());
        }
        int group = -1;
        if (fanout != null) {
            // Only a bound socket can join; until it has, it would get what others get as well.
            group = socket.join(errno, fanout);
            socket.attach(errno, program);
        }
        MemorySegment descriptors =
                arena.allocate((long) RingBlocks.BATCH * PacketDescriptor.BYTES, 64);
        RingBlocks blocks =
                new RingBlocks(
                        memory, descriptors, options.blockBytes(), link.linkType(), skipOutgoing);
        return new Ring(socket, arena, memory, descriptors, blocks, group, link);
    }

    /** Sets what must be set before binding: whether this side has to leave out sent packets. */
    private static boolean configure(
            ErrnoCapture errno,
            RingOptions options,
            List<String> notes,
            NetworkInterfaceState link,
            PacketSocket socket) {
        if (options.hardwareTimestamps()) {
            String refusal = HardwareClock.request(errno, socket, link.name());
            if (refusal != null) {
                notes.add(refusal);
            }
        }
        if (options.busyPollMicros() > 0) {
            int result =
                    socket.trySet(errno, SOL_SOCKET(), SO_BUSY_POLL(), options.busyPollMicros());
            if (result < 0) {
                notes.add(
                        "SO_BUSY_POLL refused (%s; CAP_NET_ADMIN is needed): only the ring is polled"
                                .formatted(Errno.name(-result)));
            }
        }
        boolean wanted = options.ignoreOutgoing() || link.isLoopback();
        return wanted && socket.trySet(errno, SOL_PACKET(), PACKET_IGNORE_OUTGOING(), 1) < 0;
    }

    /** The program with its verdicts cut to the snap length. */
    private static long[] shortened(long[] program, int snapBytes) {
        for (int i = 0; i < program.length; i++) {
            int kept = Bpf.k(program[i]);
            boolean verdict = Bpf.code(program[i]) == (Bpf.RET | Bpf.K);
            if (verdict && Integer.compareUnsigned(kept, snapBytes) > 0) {
                program[i] = Bpf.instruction(Bpf.RET | Bpf.K, snapBytes);
            }
        }
        return program;
    }

    /** Captures from another interface of the same kind, with the same ring. */
    void rebind(ErrnoCapture errno, RingOptions options, NetworkInterfaceState other) {
        socket.bind(errno, other.index());
        if (options.promiscuous()) {
            socket.bePromiscuous(errno, other.index());
        }
        link(other);
    }

    /** Takes note of the interface's present state. */
    void link(NetworkInterfaceState present) {
        link = present;
        blocks.maxFrameBytes(present.mtuBytes() + LINK_BYTES);
    }

    NetworkInterfaceState link() {
        return link;
    }

    int linkType() {
        return linkType;
    }

    int fanoutGroup() {
        return fanoutGroup;
    }

    long ringBytes() {
        return memory.byteSize();
    }

    MemorySegment memory() {
        return memory;
    }

    MemorySegment descriptors() {
        return descriptors;
    }

    RingBlocks blocks() {
        return blocks;
    }

    PacketSocket socket() {
        return socket;
    }

    /** Adds what the kernel counted since the last time: packets, drops, freezes. */
    void addStatistics(ErrnoCapture errno, long[] sums) {
        try (Arena call = Arena.ofConfined()) {
            MemorySegment counts = tpacket_stats_v3.allocate(call);
            MemorySegment size =
                    call.allocateFrom(ValueLayout.JAVA_INT, (int) tpacket_stats_v3.sizeof());
            int result =
                    SocketCalls.getsockopt(
                            errno,
                            socket.descriptor(),
                            SOL_PACKET(),
                            PACKET_STATISTICS(),
                            counts,
                            size);
            if (result >= 0) {
                sums[0] += Integer.toUnsignedLong(tpacket_stats_v3.tp_packets(counts));
                sums[1] += Integer.toUnsignedLong(tpacket_stats_v3.tp_drops(counts));
                sums[2] += Integer.toUnsignedLong(tpacket_stats_v3.tp_freeze_q_cnt(counts));
            }
        }
    }

    void close(ErrnoCapture errno) {
        socket.close(errno);
        Arenas.close(arena);
    }
}
