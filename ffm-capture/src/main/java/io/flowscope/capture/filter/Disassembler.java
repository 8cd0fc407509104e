package io.flowscope.capture.filter;

import java.util.Locale;

/** Writes a program as {@code tcpdump -d} does. */
public final class Disassembler {
    private Disassembler() {}

    /** One line per instruction, without a line end after the last. */
    public static String disassemble(long[] program) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < program.length; i++) {
            if (i > 0) {
                text.append('\n');
            }
            line(text, i, program[i]);
        }
        return text.toString();
    }

    private static void line(StringBuilder text, int index, long instruction) {
        int code = Bpf.code(instruction);
        String head =
                "(%03d) %-8s %s".formatted(index, mnemonic(code), operand(instruction, index));
        boolean branch = (code & 7) == Bpf.JMP && code != (Bpf.JMP | Bpf.JA);
        text.append(
                branch
                        ? "%-32sjt %d\tjf %d"
                                .formatted(
                                        head,
                                        index + 1 + Bpf.ifTrue(instruction),
                                        index + 1 + Bpf.ifFalse(instruction))
                        : head.stripTrailing());
    }

    private static String mnemonic(int code) {
        String suffix =
                switch (code & 0x18) {
                    case Bpf.H -> "h";
                    case Bpf.B -> "b";
                    default -> "";
                };
        return switch (code & 7) {
            case Bpf.LD -> "ld" + suffix;
            case Bpf.LDX -> "ldx" + suffix;
            case Bpf.ST -> "st";
            case Bpf.STX -> "stx";
            case Bpf.RET -> "ret";
            case Bpf.MISC -> code == Bpf.TAX ? "tax" : "txa";
            case Bpf.ALU ->
                    switch (code & 0xf0) {
                        case Bpf.ADD -> "add";
                        case Bpf.SUB -> "sub";
                        case Bpf.MUL -> "mul";
                        case Bpf.DIV -> "div";
                        case Bpf.MOD -> "mod";
                        case Bpf.AND -> "and";
                        case Bpf.OR -> "or";
                        case Bpf.XOR -> "xor";
                        case Bpf.LSH -> "lsh";
                        case Bpf.RSH -> "rsh";
                        default -> "neg";
                    };
            default ->
                    switch (code & 0xf0) {
                        case Bpf.JA -> "ja";
                        case Bpf.JEQ -> "jeq";
                        case Bpf.JGT -> "jgt";
                        case Bpf.JGE -> "jge";
                        default -> "jset";
                    };
        };
    }

    private static String operand(long instruction, int index) {
        int code = Bpf.code(instruction);
        int k = Bpf.k(instruction);
        return switch (code & 7) {
            case Bpf.LD, Bpf.LDX ->
                    switch (code & 0xe0) {
                        case Bpf.ABS -> k < 0 ? ancillary(k) : "[" + k + "]";
                        case Bpf.IND -> "[x + " + k + "]";
                        case Bpf.IMM -> hex(k);
                        case Bpf.MEM -> "M[" + k + "]";
                        case Bpf.LEN -> "#pktlen";
                        default -> "4*([" + k + "]&0xf)";
                    };
            case Bpf.ST, Bpf.STX -> "M[" + k + "]";
            case Bpf.RET -> (code & 0x18) == Bpf.A ? "a" : "#" + Integer.toUnsignedString(k);
            case Bpf.MISC -> "";
            case Bpf.ALU -> (code & 0xf0) == Bpf.NEG ? "" : (code & Bpf.X) != 0 ? "x" : hex(k);
            default ->
                    code == (Bpf.JMP | Bpf.JA)
                            ? Integer.toString(index + 1 + k)
                            : (code & Bpf.X) != 0 ? "x" : hex(k);
        };
    }

    private static String hex(int k) {
        return "#0x" + Integer.toHexString(k);
    }

    private static String ancillary(int k) {
        String name =
                switch (k) {
                    case Bpf.ANCILLARY_PROTOCOL -> "proto";
                    case Bpf.ANCILLARY_PACKET_TYPE -> "type";
                    case Bpf.ANCILLARY_INTERFACE -> "ifidx";
                    case Bpf.ANCILLARY_HASH -> "rxhash";
                    case Bpf.ANCILLARY_VLAN_TCI -> "vlan_tci";
                    case Bpf.ANCILLARY_VLAN_PRESENT -> "vlanp";
                    case Bpf.ANCILLARY_VLAN_TPID -> "vlan_tpid";
                    default -> "?" + k;
                };
        return "[" + name.toLowerCase(Locale.ROOT) + "]";
    }
}
