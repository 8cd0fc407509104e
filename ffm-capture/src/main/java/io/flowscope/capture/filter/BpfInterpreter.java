package io.flowscope.capture.filter;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Runs a verified program on one packet, as the kernel does: a load beyond the captured bytes and a
 * division by zero reject the packet, shifts count modulo 32. Never allocates, never reads outside
 * the packet.
 */
public final class BpfInterpreter {
    private static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;

    private BpfInterpreter() {}

    /**
     * What the program returns: the number of bytes to keep, 0 to reject.
     *
     * @param scratch {@link Bpf#SCRATCH_WORDS} words if the program uses them
     * @param offset of the packet's first byte
     * @param captured bytes present
     * @param length bytes on the wire
     * @param tag 0, or {@link #tag} of the tag that the kernel took out of the frame
     * @param packetType the kernel's number for the direction
     * @param interfaceIndex the kernel's, as ancillary data
     * @param hash the receive hash
     */
    public static int run(
            long[] program,
            int[] scratch,
            MemorySegment memory,
            long offset,
            int captured,
            int length,
            long tag,
            int packetType,
            int interfaceIndex,
            int hash) {
        int a = 0;
        int x = 0;
        int pc = 0;
        for (; ; ) {
            long instruction = program[pc++];
            int k = (int) (instruction >>> 32);
            switch ((int) instruction & 0xff) {
                case Bpf.RET | Bpf.K -> {
                    return k;
                }
                case Bpf.RET | Bpf.A -> {
                    return a;
                }
                case Bpf.LD | Bpf.W | Bpf.ABS,
                        Bpf.LD | Bpf.H | Bpf.ABS,
                        Bpf.LD | Bpf.B | Bpf.ABS -> {
                    if (k < 0) {
                        a =
                                ancillary(
                                        k,
                                        memory,
                                        offset,
                                        captured,
                                        tag,
                                        packetType,
                                        interfaceIndex,
                                        hash);
                    } else if (captured - bytes(instruction) < k) {
                        return 0;
                    } else {
                        a = load(instruction, memory, offset + k);
                    }
                }
                case Bpf.LD | Bpf.W | Bpf.IND,
                        Bpf.LD | Bpf.H | Bpf.IND,
                        Bpf.LD | Bpf.B | Bpf.IND -> {
                    int at = x + k;
                    if (at < 0 || captured - bytes(instruction) < at) {
                        return 0;
                    }
                    a = load(instruction, memory, offset + at);
                }
                case Bpf.LDX | Bpf.B | Bpf.MSH -> {
                    if (k < 0 || captured - 1 < k) {
                        return 0;
                    }
                    x = (memory.get(BYTE, offset + k) & 0xf) << 2;
                }
                case Bpf.LD | Bpf.IMM -> a = k;
                case Bpf.LD | Bpf.LEN -> a = length;
                case Bpf.LD | Bpf.MEM -> a = scratch[k];
                case Bpf.LDX | Bpf.IMM -> x = k;
                case Bpf.LDX | Bpf.LEN -> x = length;
                case Bpf.LDX | Bpf.MEM -> x = scratch[k];
                case Bpf.ST -> scratch[k] = a;
                case Bpf.STX -> scratch[k] = x;
                case Bpf.TAX -> x = a;
                case Bpf.TXA -> a = x;
                case Bpf.JMP | Bpf.JA -> pc += k;
                case Bpf.JMP | Bpf.JEQ -> pc += distance(instruction, a == k);
                case Bpf.JMP | Bpf.JGT ->
                        pc += distance(instruction, Integer.compareUnsigned(a, k) > 0);
                case Bpf.JMP | Bpf.JGE ->
                        pc += distance(instruction, Integer.compareUnsigned(a, k) >= 0);
                case Bpf.JMP | Bpf.JSET -> pc += distance(instruction, (a & k) != 0);
                case Bpf.JMP | Bpf.JEQ | Bpf.X -> pc += distance(instruction, a == x);
                case Bpf.JMP | Bpf.JGT | Bpf.X ->
                        pc += distance(instruction, Integer.compareUnsigned(a, x) > 0);
                case Bpf.JMP | Bpf.JGE | Bpf.X ->
                        pc += distance(instruction, Integer.compareUnsigned(a, x) >= 0);
                case Bpf.JMP | Bpf.JSET | Bpf.X -> pc += distance(instruction, (a & x) != 0);
                case Bpf.ALU | Bpf.NEG -> a = -a;
                default -> {
                    int operand = (instruction & Bpf.X) == 0 ? k : x;
                    int operation = (int) instruction & 0xf0;
                    if (operand == 0 && (operation == Bpf.DIV || operation == Bpf.MOD)) {
                        return 0;
                    }
                    a = Value.compute(operation, a, operand);
                }
            }
        }
    }

    /** How many a load takes: W 4, H 2, B 1. */
    private static int bytes(long instruction) {
        return 4 >> ((int) instruction >> 3 & 3);
    }

    private static int load(long instruction, MemorySegment memory, long at) {
        return switch (bytes(instruction)) {
            case 4 -> memory.get(INT, at);
            case 2 -> memory.get(SHORT, at) & 0xffff;
            default -> memory.get(BYTE, at) & 0xff;
        };
    }

    private static int distance(long instruction, boolean taken) {
        return (int) (instruction >>> (taken ? 16 : 24)) & 0xff;
    }

    /** A tag as {@link #run} takes it. */
    public static long tag(int tci, int tpid) {
        return 1L << 32 | (tpid & 0xffffL) << 16 | (tci & 0xffffL);
    }

    private static int ancillary(
            int k,
            MemorySegment memory,
            long offset,
            int captured,
            long tag,
            int packetType,
            int interfaceIndex,
            int hash) {
        return switch (k) {
            case Bpf.ANCILLARY_VLAN_PRESENT -> (int) (tag >>> 32);
            case Bpf.ANCILLARY_VLAN_TCI -> (int) tag & 0xffff;
            case Bpf.ANCILLARY_VLAN_TPID -> (int) (tag >>> 16) & 0xffff;
            case Bpf.ANCILLARY_PACKET_TYPE -> packetType;
            case Bpf.ANCILLARY_INTERFACE -> interfaceIndex;
            case Bpf.ANCILLARY_HASH -> hash;
            default -> captured < 14 ? 0 : memory.get(SHORT, offset + 12) & 0xffff;
        };
    }
}
