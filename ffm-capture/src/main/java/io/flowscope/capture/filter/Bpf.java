package io.flowscope.capture.filter;

/**
 * Classic BPF: numbers of its instruction set, and the packed form in which instructions travel
 * here.
 *
 * <p>One instruction is a long with the bits of the kernel's {@code struct sock_filter} on a little
 * endian machine:
 *
 * <pre>
 *   0      16   24   32                   64
 *   +------+----+----+--------------------+
 *   | code | jt | jf | k                  |
 *   +------+----+----+--------------------+
 * </pre>
 */
public final class Bpf {
    // Classes, the three low bits of the code.
    public static final int LD = 0x00;
    public static final int LDX = 0x01;
    public static final int ST = 0x02;
    public static final int STX = 0x03;
    public static final int ALU = 0x04;
    public static final int JMP = 0x05;
    public static final int RET = 0x06;
    public static final int MISC = 0x07;

    // Sizes of a load.
    public static final int W = 0x00;
    public static final int H = 0x08;
    public static final int B = 0x10;

    // Modes of a load.
    public static final int IMM = 0x00;
    public static final int ABS = 0x20;
    public static final int IND = 0x40;
    public static final int MEM = 0x60;
    public static final int LEN = 0x80;
    public static final int MSH = 0xa0;

    // Operations of ALU.
    public static final int ADD = 0x00;
    public static final int SUB = 0x10;
    public static final int MUL = 0x20;
    public static final int DIV = 0x30;
    public static final int OR = 0x40;
    public static final int AND = 0x50;
    public static final int LSH = 0x60;
    public static final int RSH = 0x70;
    public static final int NEG = 0x80;
    public static final int MOD = 0x90;
    public static final int XOR = 0xa0;

    // Operations of JMP.
    public static final int JA = 0x00;
    public static final int JEQ = 0x10;
    public static final int JGT = 0x20;
    public static final int JGE = 0x30;
    public static final int JSET = 0x40;

    // Operands.
    public static final int K = 0x00;
    public static final int X = 0x08;
    public static final int A = 0x10;

    public static final int TAX = MISC;
    public static final int TXA = MISC | 0x80;

    /** Scratch words, M[0] to M[15]. */
    public static final int SCRATCH_WORDS = 16;

    /** The kernel takes no longer program. */
    public static final int MAX_INSTRUCTIONS = 4096;

    /** Absolute loads from here on are the kernel's ancillary data. */
    public static final int ANCILLARY = -0x1000;

    public static final int ANCILLARY_PROTOCOL = ANCILLARY;
    public static final int ANCILLARY_PACKET_TYPE = ANCILLARY + 4;
    public static final int ANCILLARY_INTERFACE = ANCILLARY + 8;
    public static final int ANCILLARY_HASH = ANCILLARY + 32;
    public static final int ANCILLARY_VLAN_TCI = ANCILLARY + 44;
    public static final int ANCILLARY_VLAN_PRESENT = ANCILLARY + 48;
    public static final int ANCILLARY_VLAN_TPID = ANCILLARY + 60;

    /** The packet type of a frame which this host sent. */
    public static final int PACKET_OUTGOING = 4;

    private Bpf() {}

    /** An instruction that is no conditional jump. */
    public static long instruction(int code, int k) {
        return (code & 0xffffL) | (long) k << 32;
    }

    /** A conditional jump; distances count from the next instruction. */
    public static long jump(int code, int k, int ifTrue, int ifFalse) {
        return (code & 0xffffL) | (ifTrue & 0xffL) << 16 | (ifFalse & 0xffL) << 24 | (long) k << 32;
    }

    public static int code(long instruction) {
        return (int) instruction & 0xffff;
    }

    public static int ifTrue(long instruction) {
        return (int) (instruction >>> 16) & 0xff;
    }

    public static int ifFalse(long instruction) {
        return (int) (instruction >>> 24) & 0xff;
    }

    public static int k(long instruction) {
        return (int) (instruction >>> 32);
    }
}
