package io.flowscope.capture.filter;

/** The compiler's front door: from text to instructions. */
public final class FilterCompiler {
    /** What an accepting program returns: keep the whole packet. */
    public static final int ACCEPT = 262144;

    private FilterCompiler() {}

    /** Whether filters for this link type can be compiled here. */
    public static boolean knowsLinkType(int linkType) {
        return LinkLayer.isKnown(linkType);
    }

    /**
     * Compiles a filter to instructions packed as in {@link Bpf}.
     *
     * @param linkType a link type for which {@link #knowsLinkType} holds
     * @param ancillary whether the program may load the kernel's ancillary data
     * @throws FilterSyntaxException with position and what was expected
     */
    public static long[] compile(String text, int linkType, boolean ancillary) {
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
        return Assembler.assemble(Optimizer.optimize(entry));
    }

    /**
     * Whether a program looks at more than the packet's bytes: at the tag which the kernel took out
     * of the frame, or at the direction.
     */
    public static boolean usesAncillary(long[] program) {
        for (long instruction : program) {
            int code = Bpf.code(instruction);
            if ((code & 0xe7) == (Bpf.LD | Bpf.ABS) && Bpf.k(instruction) < 0) {
                return true;
            }
        }
        return false;
    }
}
