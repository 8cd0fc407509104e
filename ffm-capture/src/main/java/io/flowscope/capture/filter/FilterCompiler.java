package io.flowscope.capture.filter;

/** The compiler's front door: from text to instructions. */
public final class FilterCompiler {
    /** What an accepting program returns: keep the whole packet. */
    public static final int ACCEPT = 262144;

    /**
     * A compiled filter.
     *
     * @param instructions packed as in {@link Bpf}
     * @param usesAncillary whether it looks at more than the packet's bytes: at the tag which the
     *     kernel took out of the frame, or at the direction
     */
    public record Compiled(long[] instructions, boolean usesAncillary) {}

    private FilterCompiler() {}

    /** Whether filters for this link type can be compiled here. */
    public static boolean knowsLinkType(int linkType) {
        return LinkLayer.isKnown(linkType);
    }

    /**
     * Compiles a filter.
     *
     * @param linkType a link type for which {@link #knowsLinkType} holds
     * @param ancillary whether the program may load the kernel's ancillary data
     * @throws FilterSyntaxException with position and what was expected
     */
    public static Compiled compile(String text, int linkType, boolean ancillary) {
        LinkLayer inFrame = new LinkLayer(linkType, ancillary, false);
        Condition condition = Parser.parse(text, inFrame);
        if (inFrame.dependsOnStripping()) {
            Condition stripped = Parser.parse(text, new LinkLayer(linkType, true, true));
            Condition taken =
                    Condition.not(Condition.equal(Value.packet(1, Bpf.ANCILLARY_VLAN_PRESENT), 0));
            condition =
                    Condition.or(
                            Condition.and(taken, stripped),
                            Condition.and(Condition.not(taken), condition));
        }
        Block entry = Generator.generate(condition, Block.leaf(ACCEPT), Block.leaf(0));
        long[] program = Assembler.assemble(Optimizer.optimize(entry));
        return new Compiled(program, usesAncillary(program));
    }

    private static boolean usesAncillary(long[] program) {
        for (long instruction : program) {
            int code = Bpf.code(instruction);
            if ((code & 0xe7) == (Bpf.LD | Bpf.ABS) && Bpf.k(instruction) < 0) {
                return true;
            }
        }
        return false;
    }
}
