package io.flowscope.capture.filter;

import org.jspecify.annotations.Nullable;

/** Refuses what the kernel refuses, so that a program which is accepted here attaches there. */
public final class BpfVerifier {
    private BpfVerifier() {}

    /** What is wrong with the program; null if nothing is. */
    public static @Nullable String complaint(long[] program) {
        if (program.length == 0 || program.length > Bpf.MAX_INSTRUCTIONS) {
            return "a program has 1 to %d instructions, not %d"
                    .formatted(Bpf.MAX_INSTRUCTIONS, program.length);
        }
        for (int i = 0; i < program.length; i++) {
            String complaint = complaint(program[i], program.length - i - 1);
            if (complaint != null) {
                return "instruction " + i + ": " + complaint;
            }
        }
        if ((Bpf.code(program[program.length - 1]) & 7) != Bpf.RET) {
            return "the last instruction does not return";
        }
        return scratchComplaint(program);
    }

    private static @Nullable String complaint(long instruction, int following) {
        int code = Bpf.code(instruction);
        int k = Bpf.k(instruction);
        if (!exists(code)) {
            return "there is no code 0x%x".formatted(code);
        }
        switch (code & 7) {
            case Bpf.LD, Bpf.LDX -> {
                if ((code & 0xe0) == Bpf.MEM && (k < 0 || k >= Bpf.SCRATCH_WORDS)) {
                    return "there is no scratch word " + k;
                }
                if ((code & 0xe0) == Bpf.ABS && k < 0 && !isAncillary(k)) {
                    return "there are no ancillary data at " + k;
                }
            }
            case Bpf.ST, Bpf.STX -> {
                if (k < 0 || k >= Bpf.SCRATCH_WORDS) {
                    return "there is no scratch word " + k;
                }
            }
            case Bpf.ALU -> {
                int operation = code & 0xf0;
                boolean constant = (code & Bpf.X) == 0;
                if (constant && k == 0 && (operation == Bpf.DIV || operation == Bpf.MOD)) {
                    return "division by zero";
                }
                if (constant && (operation == Bpf.LSH || operation == Bpf.RSH) && (k & ~31) != 0) {
                    return "shift by " + Integer.toUnsignedString(k);
                }
            }
            case Bpf.JMP -> {
                boolean inside =
                        code == (Bpf.JMP | Bpf.JA)
                                ? Integer.compareUnsigned(k, following) < 0
                                : Math.max(Bpf.ifTrue(instruction), Bpf.ifFalse(instruction))
                                        < following;
                if (!inside) {
                    return "a jump out of the program";
                }
            }
            default -> {}
        }
        return null;
    }

    private static boolean exists(int code) {
        int operand = code & 0x08;
        int operation = code & 0xf0;
        if ((code & ~0xff) != 0) {
            return false;
        }
        return switch (code & 7) {
            case Bpf.LD ->
                    switch (code & 0xe0) {
                        case Bpf.ABS, Bpf.IND -> (code & 0x18) != 0x18;
                        case Bpf.IMM, Bpf.MEM, Bpf.LEN -> (code & 0x18) == Bpf.W;
                        default -> false;
                    };
            case Bpf.LDX ->
                    switch (code & 0xe0) {
                        case Bpf.IMM, Bpf.MEM, Bpf.LEN -> (code & 0x18) == Bpf.W;
                        case Bpf.MSH -> (code & 0x18) == Bpf.B;
                        default -> false;
                    };
            case Bpf.ST, Bpf.STX -> (code & 0xf8) == 0;
            case Bpf.ALU -> operation <= Bpf.XOR && (operation != Bpf.NEG || operand == 0);
            case Bpf.JMP -> operation <= Bpf.JSET && (operation != Bpf.JA || operand == 0);
            case Bpf.RET -> code == (Bpf.RET | Bpf.K) || code == (Bpf.RET | Bpf.A);
            default -> code == Bpf.TAX || code == Bpf.TXA;
        };
    }

    /** The ancillary data which the interpreter has too. */
    private static boolean isAncillary(int k) {
        return switch (k) {
            case Bpf.ANCILLARY_PROTOCOL,
                    Bpf.ANCILLARY_PACKET_TYPE,
                    Bpf.ANCILLARY_INTERFACE,
                    Bpf.ANCILLARY_HASH,
                    Bpf.ANCILLARY_VLAN_TCI,
                    Bpf.ANCILLARY_VLAN_PRESENT,
                    Bpf.ANCILLARY_VLAN_TPID ->
                    true;
            default -> false;
        };
    }

    /** A scratch word must be written on every path before it is read. */
    private static @Nullable String scratchComplaint(long[] program) {
        short[] written = new short[program.length + 1];
        java.util.Arrays.fill(written, (short) -1);
        int valid = 0;
        for (int i = 0; i < program.length; i++) {
            valid = i == 0 ? 0 : valid & written[i];
            int code = Bpf.code(program[i]);
            int k = Bpf.k(program[i]);
            switch (code & 7) {
                case Bpf.ST, Bpf.STX -> valid |= 1 << k;
                case Bpf.LD, Bpf.LDX -> {
                    if ((code & 0xe0) == Bpf.MEM && (valid & 1 << k) == 0) {
                        return "instruction "
                                + i
                                + ": scratch word "
                                + k
                                + " is not written before";
                    }
                }
                case Bpf.JMP -> {
                    if (code == (Bpf.JMP | Bpf.JA)) {
                        written[i + 1 + k] &= (short) valid;
                    } else {
                        written[i + 1 + Bpf.ifTrue(program[i])] &= (short) valid;
                        written[i + 1 + Bpf.ifFalse(program[i])] &= (short) valid;
                    }
                    valid = -1;
                }
                case Bpf.RET -> valid = -1;
                default -> {}
            }
        }
        return null;
    }
}
