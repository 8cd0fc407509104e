package io.flowscope.capture.filter;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * Statements without a jump, then a comparison of the accumulator that leads to one of two blocks.
 * The statements compute the accumulator from nothing but the packet, whatever was computed before.
 */
final class Block {
    final List<Long> statements = new ArrayList<>();

    /** Code and operand of the comparison; unused in a leaf. */
    int jump;

    int k;
    @Nullable Block ifTrue;
    @Nullable Block ifFalse;

    /** What a leaf returns: the bytes to keep, 0 to reject. */
    final int verdict;

    private Block(int verdict) {
        this.verdict = verdict;
    }

    static Block leaf(int verdict) {
        return new Block(verdict);
    }

    static Block branch(Block ifTrue, Block ifFalse) {
        Block block = new Block(0);
        block.ifTrue = ifTrue;
        block.ifFalse = ifFalse;
        return block;
    }

    boolean isLeaf() {
        return ifTrue == null;
    }

    /**
     * Whether the comparison is with a constant, so that its outcome says something of the value.
     */
    boolean comparesConstant() {
        return !isLeaf() && (jump & Bpf.X) == 0;
    }

    /** Every block reachable from this one, each before those it leads to. */
    List<Block> inOrder() {
        java.util.Set<Block> seen =
                java.util.Collections.newSetFromMap(new java.util.IdentityHashMap<>());
        List<Block> finished = new ArrayList<>();
        List<Block> path = new ArrayList<>();
        path.add(this);
        while (!path.isEmpty()) {
            Block block = path.getLast();
            Block next = null;
            if (seen.add(block) || !block.isLeaf()) {
                next = unseen(block.ifFalse, seen);
                next = next == null ? unseen(block.ifTrue, seen) : next;
            }
            if (next == null) {
                path.removeLast();
                finished.add(block);
            } else {
                path.add(next);
            }
        }
        return finished.reversed();
    }

    private static @Nullable Block unseen(@Nullable Block block, java.util.Set<Block> seen) {
        return block == null || seen.contains(block) ? null : block;
    }
}
