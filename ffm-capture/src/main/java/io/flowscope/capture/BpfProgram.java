package io.flowscope.capture;

import io.flowscope.capture.filter.Bpf;
import io.flowscope.capture.filter.BpfInterpreter;
import io.flowscope.capture.filter.BpfVerifier;
import io.flowscope.capture.filter.Disassembler;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A compiled filter: classic BPF as the kernel takes it, which can also be run here. Immutable; any
 * number of threads may run it at the same time.
 */
public final class BpfProgram {
    /** The interpreter's number for each direction of a descriptor, as the kernel numbers them. */
    private static final int[] PACKET_TYPES = {0, 0, 4, 1, 2, 3, 0, 0};

    private static final int[] NO_SCRATCH = {};

    private final long[] instructions;
    private final boolean usesScratch;

    /** Scratch words that no thread is using now. */
    private final AtomicReference<int[]> spareScratch = new AtomicReference<>();

    private BpfProgram(long[] instructions) {
        this.instructions = instructions;
        boolean scratch = false;
        for (long instruction : instructions) {
            int group = Bpf.code(instruction) & 7;
            scratch |= group == Bpf.ST || group == Bpf.STX;
        }
        usesScratch = scratch;
    }

    /**
     * A program from its instructions, each packed as the kernel's {@code struct sock_filter}: code
     * in bits 0 to 15, jump distances in 16 to 23 (true) and 24 to 31 (false), operand in 32 to 63.
     *
     * @throws IllegalArgumentException if the kernel would refuse the program
     */
    public static BpfProgram of(long... instructions) {
        String complaint = BpfVerifier.complaint(instructions);
        if (complaint != null) {
            throw new IllegalArgumentException("BPF program: " + complaint);
        }
        return new BpfProgram(instructions.clone());
    }

    /** How many instructions there are. */
    public int size() {
        return instructions.length;
    }

    /** A copy of the instructions, packed as {@link #of} takes them. */
    public long[] toArray() {
        return instructions.clone();
    }

    /**
     * Whether a packet of which nothing is known but its bytes passes. A tag that the kernel took
     * out of the frame is not seen, and no packet counts as sent.
     *
     * @param memory holds the packet's bytes
     * @param offset where its first byte is
     * @param captured bytes present
     * @param length bytes on the wire
     */
    public boolean matches(MemorySegment memory, long offset, int captured, int length) {
        return run(memory, offset, captured, length, 0, 0, 0, 0) != 0;
    }

    /** Whether the packet of a descriptor at this offset passes. */
    boolean matches(MemorySegment memory, MemorySegment descriptors, long at) {
        int flags = descriptors.get(ValueLayout.JAVA_SHORT, at + PacketDescriptor.FLAGS);
        long tag =
                (flags & PacketDescriptor.FLAG_VLAN) == 0
                        ? 0
                        : BpfInterpreter.tag(
                                descriptors.get(
                                        ValueLayout.JAVA_SHORT, at + PacketDescriptor.VLAN_TCI),
                                descriptors.get(
                                        ValueLayout.JAVA_SHORT, at + PacketDescriptor.VLAN_TPID));
        return run(
                        memory,
                        descriptors.get(ValueLayout.JAVA_LONG, at + PacketDescriptor.OFFSET),
                        descriptors.get(ValueLayout.JAVA_INT, at + PacketDescriptor.CAPTURED),
                        descriptors.get(ValueLayout.JAVA_INT, at + PacketDescriptor.LENGTH),
                        tag,
                        PACKET_TYPES[flags & PacketDescriptor.DIRECTION_MASK],
                        descriptors.get(ValueLayout.JAVA_INT, at + PacketDescriptor.INTERFACE),
                        descriptors.get(ValueLayout.JAVA_INT, at + PacketDescriptor.HASH))
                != 0;
    }

    private int run(
            MemorySegment memory,
            long offset,
            int captured,
            int length,
            long tag,
            int packetType,
            int interfaceIndex,
            int hash) {
        int[] scratch = NO_SCRATCH;
        if (usesScratch) {
            scratch = spareScratch.getAndSet(null);
            if (scratch == null) {
                scratch = new int[Bpf.SCRATCH_WORDS];
            }
        }
        int verdict =
                BpfInterpreter.run(
                        instructions,
                        scratch,
                        memory,
                        offset,
                        captured,
                        length,
                        tag,
                        packetType,
                        interfaceIndex,
                        hash);
        if (usesScratch) {
            spareScratch.set(scratch);
        }
        return verdict;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof BpfProgram program
                && Arrays.equals(instructions, program.instructions);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(instructions);
    }

    /** One line per instruction, as {@code tcpdump -d} prints them. */
    @Override
    public String toString() {
        return Disassembler.disassemble(instructions);
    }
}
