package io.flowscope.bindings.pcap;

import io.flowscope.bindings.memory.Pointers;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** A filter expression compiled by libpcap. */
public final class PcapFilter {
    /** A {@code bpf_program} that points to the instructions. */
    private final MemorySegment program;

    private final MemorySegment instructions;

    private PcapFilter(MemorySegment program, MemorySegment instructions) {
        this.program = program;
        this.instructions = instructions;
    }

    /**
     * Compiles an expression for the link type of a handle. Before libpcap 1.8 the compiler keeps
     * its state in static variables: one call at a time in the process.
     *
     * @param arena frees the program when it closes
     * @param netmask in network order, or {@code PCAP_NETMASK_UNKNOWN}
     * @return null if the expression is wrong: {@link PcapErrors#lastOf} says why
     */
    public static @Nullable PcapFilter compile(
            Arena arena, MemorySegment handle, String expression, boolean optimize, int netmask) {
        MemorySegment program = bpf_program.allocate(arena);
        try (Arena call = Arena.ofConfined()) {
            MemorySegment text = call.allocateFrom(expression);
            int status = pcap_h.pcap_compile(handle, program, text, optimize ? 1 : 0, netmask);
            if (status != 0) {
                return null;
            }
        }
        long bytes = bpf_program.bf_len(program) * bpf_insn.sizeof();
        MemorySegment compiled = bpf_program.bf_insns(program);
        return new PcapFilter(
                program, Pointers.owned(compiled, bytes, arena, PcapFilter::freeInstructions));
    }

    /** Lets only matching packets through: 0, or a status. */
    public int installOn(MemorySegment handle) {
        return pcap_h.pcap_setfilter(handle, program);
    }

    /** How many bytes of a packet the filter lets through, 0 if it does not match. */
    public int matches(MemorySegment header, MemorySegment bytes) {
        PcapPacket.ensureWithin(header, bytes);
        return pcap_h.pcap_offline_filter(program, header, bytes);
    }

    /** The instructions as {@code struct sock_filter} has them, for a kernel or an interpreter. */
    public long[] instructions() {
        return instructions.toArray(ValueLayout.JAVA_LONG_UNALIGNED);
    }

    /** The arena's own memory may be gone by now: libpcap gets another {@code bpf_program}. */
    private static void freeInstructions(MemorySegment instructions) {
        try (Arena call = Arena.ofConfined()) {
            MemorySegment program = bpf_program.allocate(call);
            bpf_program.bf_insns(program, instructions);
            pcap_h.pcap_freecode(program);
        }
    }
}
