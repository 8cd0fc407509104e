package io.flowscope.capture.filter;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Lays blocks out one after the other. A conditional jump reaches 255 instructions; where that is
 * not enough it jumps to an unconditional one behind it, which reaches any distance.
 */
final class Assembler {
    private final List<Block> blocks;
    private final Map<Block, List<Long>> statements;
    private final Map<Block, Integer> starts = new IdentityHashMap<>();

    /** Bit 0: the way when true is too long for a conditional jump; bit 1: the other one. */
    private final Map<Block, Integer> detours = new IdentityHashMap<>();

    private Assembler(Block entry) {
        blocks = entry.inOrder();
        statements = Optimizer.remaining(blocks);
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

    private int detoursOf(Block block) {
        return detours.getOrDefault(block, 0);
    }

    private int place() {
        int at = 0;
        for (Block block : blocks) {
            starts.put(block, at);
            at += statements.get(block).size() + 1 + Integer.bitCount(detoursOf(block));
        }
        return at;
    }

    /** Index of the block's conditional jump. */
    private int jumpAt(Block block) {
        return starts.get(block) + statements.get(block).size();
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
            if (starts.get(block.ifTrue) - next > 255) {
                needed |= 1;
            }
            if (starts.get(block.ifFalse) - next > 255) {
                needed |= 2;
            }
            int all = needed | detoursOf(block);
            more |= all != detoursOf(block);
            detours.put(block, all);
        }
        return more;
    }

    private long[] write(int length) {
        long[] program = new long[length];
        for (Block block : blocks) {
            int at = starts.get(block);
            for (long statement : statements.get(block)) {
                program[at++] = statement;
            }
            if (block.isLeaf()) {
                program[at] = Bpf.instruction(Bpf.RET | Bpf.K, block.verdict);
                continue;
            }
            int next = at + 1;
            int[] distances = {starts.get(block.ifTrue) - next, starts.get(block.ifFalse) - next};
            int detour = next;
            for (int side = 0; side < 2; side++) {
                if ((detoursOf(block) & 1 << side) != 0) {
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
