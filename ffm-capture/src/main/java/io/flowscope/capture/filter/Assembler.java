package io.flowscope.capture.filter;

import java.util.List;

/**
 * Lays blocks out one after the other. A conditional jump reaches 255 instructions; where that is
 * not enough it jumps to an unconditional one behind it, which reaches any distance.
 */
final class Assembler {
    private final List<Block> blocks;

    private Assembler(Block entry) {
        blocks = entry.inOrder();
        Optimizer.dropWhatIsHeld(blocks);
    }

    static long[] assemble(Block entry) {
        Assembler assembler = new Assembler(entry);
        int length;
        do {
            length = assembler.place();
        } while (assembler.lengthen());
        if (length > Bpf.MAX_INSTRUCTIONS) {
            throw FilterSyntaxException.at(
                    0,
                    "too long: %d instructions, and the kernel takes %d"
                            .formatted(length, Bpf.MAX_INSTRUCTIONS));
        }
        return assembler.write(length);
    }

    private int place() {
        int at = 0;
        for (Block block : blocks) {
            block.start = at;
            at += block.needed.size() + 1 + Integer.bitCount(block.detours);
        }
        return at;
    }

    /** Index of the block's conditional jump. */
    private int jumpAt(Block block) {
        return block.start + block.needed.size();
    }

    /** Whether another jump was found to be too long. */
    private boolean lengthen() {
        boolean more = false;
        for (Block block : blocks) {
            if (block.isLeaf()) {
                continue;
            }
            int needed = 0;
            int next = jumpAt(block) + 1;
            if (block.ifTrue.start - next > 255) {
                needed |= 1;
            }
            if (block.ifFalse.start - next > 255) {
                needed |= 2;
            }
            int all = needed | block.detours;
            more |= all != block.detours;
            block.detours = all;
        }
        return more;
    }

    private long[] write(int length) {
        long[] program = new long[length];
        for (Block block : blocks) {
            int at = block.start;
            for (long statement : block.needed) {
                program[at++] = statement;
            }
            if (block.isLeaf()) {
                program[at] = Bpf.instruction(Bpf.RET | Bpf.K, block.verdict);
                continue;
            }
            int next = at + 1;
            int[] distances = {block.ifTrue.start - next, block.ifFalse.start - next};
            int detour = next;
            for (int side = 0; side < 2; side++) {
                if ((block.detours & 1 << side) != 0) {
                    program[detour] =
                            Bpf.instruction(Bpf.JMP | Bpf.JA, distances[side] - (detour - at));
                    distances[side] = detour - next;
                    detour++;
                }
            }
            program[at] = Bpf.jump(block.jump, block.k, distances[0], distances[1]);
        }
        return program;
    }
}
